import type { PairsOfIds, Rows } from "../table/columns.js";
import type { ColumnChoice } from "../job/choose-columns.js";
import { DriveshaftError } from "../errors.js";
import { MAX_PAIRS } from "../weights/weights.js";
import type { PostgresColumn } from "./types.js";

/**
 * Weights by a query of pairs: columns focal and neighbor, and weight, which is 1 without.
 * @param columns of the query
 * @param pairLimit most pairs; there is a limit to what a kernel can hold, too
 * @param read reads chosen columns of it
 * @throws MISSING_COLUMN, WRONG_COLUMN_TYPE, NULL_ID, ROW_LIMIT
 */
export async function readPairs(
  columns: PostgresColumn[],
  pairLimit: number | undefined,
  read: (choice: ColumnChoice, rowLimit: number) => Promise<Rows>,
): Promise<PairsOfIds> {
  const find = (name: string): number => columns.findIndex((column) => column.name === name);
  const [focal, neighbor, weight] = [find("focal"), find("neighbor"), find("weight")];
  if (focal < 0 || neighbor < 0) {
    throw new DriveshaftError(
      "MISSING_COLUMN",
      `the query of the weights has no column ${focal < 0 ? "focal" : "neighbor"}`,
      { hint: `Its columns are: ${columns.map((column) => column.name).join(", ")}.` },
    );
  }
  if (weight >= 0 && !columns[weight]!.reading.number) {
    throw new DriveshaftError(
      "WRONG_COLUMN_TYPE",
      `the column weight of the weights is of type ${columns[weight]!.type}, expected a number`,
    );
  }
  const values: Record<string, number> = weight >= 0 ? { weight } : {};
  const choice = { id: focal, neighbor, place: undefined, values, labels: {}, include: [] };
  const rows = await read(choice, Math.min(pairLimit ?? Infinity, MAX_PAIRS));
  return {
    focal: rows.ids,
    neighbor: rows.neighbors!,
    weights: rows.values.weight ?? new Float64Array(rows.n).fill(1),
  };
}
