import { DriveshaftError } from "../errors.js";
import type { Column } from "../table/column.js";
import type { Raw } from "../table/raw.js";
import type { PairsOfIds } from "../weights/given.js";
import { MAX_PAIRS } from "../weights/weights.js";
import type { Reading, Source } from "./source.js";

/**
 * Weights by a query of pairs: columns focal and neighbor, and weight, which is 1 without.
 * @param pairLimit most pairs; there is a limit to what a kernel can hold, too
 * @throws MISSING_COLUMN, WRONG_COLUMN_TYPE, NULL_ID, ROW_LIMIT
 */
export async function readPairs(source: Source, pairLimit = Infinity): Promise<PairsOfIds> {
  const { columns } = source;
  const find = (name: string): number => columns.findIndex((column) => column.name === name);
  const [focal, neighbor, weight] = [find("focal"), find("neighbor"), find("weight")];
  if (focal < 0 || neighbor < 0) {
    throw new DriveshaftError(
      "MISSING_COLUMN",
      `the query of the weights has no column ${focal < 0 ? "focal" : "neighbor"}`,
      { hint: `Its columns are: ${columns.map((column) => column.name).join(", ")}.` },
    );
  }
  if (weight >= 0 && columns[weight]!.kinds?.includes("number") === false) {
    throw new DriveshaftError(
      "WRONG_COLUMN_TYPE",
      `the column weight of the weights is of type ${columns[weight]!.type}, expected a number`,
    );
  }
  const readings: Reading[] = [
    { as: "id", column: focal },
    { as: "id", column: neighbor },
    ...(weight >= 0 ? [{ as: "number" as const, column: weight }] : []),
  ];
  const rows = await source.read(readings, () => {}, Math.min(pairLimit, MAX_PAIRS));
  const [from, to, weights] = rows.columns as [Raw, Raw, (Column & { type: "float8" })?];
  return { focal: from, neighbor: to, weights: weights?.values ?? new Float64Array(rows.n).fill(1) };
}
