import { unpack } from "../carry.js";
import type { Carried, Rows } from "../columns.js";
import type { ColumnChoice } from "../columns-of-query.js";
import { DriveshaftError } from "../errors.js";
import { buildIds, idText, type IdEncoding, type Ids } from "../ids.js";
import type { PairsOfIds } from "../weights/given.js";
import { MAX_PAIRS } from "../weights/weights.js";
import type { PostgresColumn } from "./types.js";

/**
 * Weights by a query of pairs: columns focal and neighbor, and weight, which is 1 without.
 * @param columns of the query
 * @param read reads chosen columns of it
 * @throws MISSING_COLUMN, WRONG_COLUMN_TYPE, INVALID_WEIGHTS where a weight is null, ROW_LIMIT above MAX_PAIRS
 */
export async function readPairs(
  columns: PostgresColumn[],
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
  const choice = { id: focal, place: undefined, values, labels: {}, include: [neighbor] };
  const rows = await read(choice, MAX_PAIRS);
  const weights = rows.values.weight ?? new Float64Array(rows.n).fill(1);
  const missing = weights.findIndex((value) => Number.isNaN(value));
  if (missing >= 0) {
    throw new DriveshaftError("INVALID_WEIGHTS", `a weight of ${idText(rows.ids, missing)} is null or not finite`);
  }
  const { type, reading } = columns[neighbor]!;
  const neighbors = idsOf(rows.carried!, type, reading.id);
  return { focal: (pair) => idText(rows.ids, pair), neighbor: (pair) => idText(neighbors, pair), weights };
}

/** A carried column as ids. */
function idsOf(carried: Carried, type: string, encoding: IdEncoding): Ids {
  const builder = buildIds();
  const rows = unpack(carried);
  for (let row = 0; row < carried.lengths.length; row++) {
    const field = rows.next(row);
    if (field.length === 4 && field[0] === 255) {
      throw new DriveshaftError("NULL_ID", "a neighbor in the query of the weights is null");
    }
    builder.push(field, 4, field.length);
  }
  return { type, encoding, ...builder.take() };
}
