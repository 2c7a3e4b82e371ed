import pg from "pg";
import { DriveshaftError } from "../errors.js";

/** How a column of one call differs between two schemas, over the rows that both have. */
export interface Difference {
  column: string;
  /** Rows whose values are equal, text by text or null by null. */
  equal: number;
  /** The largest difference of numbers, absolute and by the larger of both; null where there are none. */
  largest: number | null;
  relative: number | null;
  /** Rows that are null, or text, in one and not the same in the other. */
  other: number;
}

export interface Comparison {
  /** Rows of both, by the id where there is one, else by their order; and of one only. */
  rows: number;
  only: { former: number; here: number };
  differences: Difference[];
}

type Row = Record<string, unknown>;

/** The columns that tell rows apart, as functions of crankshaft call them. */
const IDS = ["rowid", "cartodb_id", "source_id"];

/**
 * Calls a function in two schemas and compares what comes.
 * @param call as after the schema's name, `CDB_MoransILocal('SELECT ...', 'v')`
 * @param former the schema in which crankshaft stands
 * @throws INVALID_QUERY
 */
export async function compareCall(client: pg.Client, call: string, former: string): Promise<Comparison> {
  const before = await rowsOf(client, former, call);
  const now = await rowsOf(client, "cdb_crankshaft", call);
  const columns = Object.keys(now[0] ?? before[0] ?? {});
  const id = IDS.find((name) => columns.includes(name));
  const keyed = (rows: Row[]): Map<string, Row> =>
    new Map(rows.map((row, i) => [String(id === undefined ? i : row[id]), row]));
  const [old, here] = [keyed(before), keyed(now)];
  const pairs = [...old].flatMap(([key, row]): [Row, Row][] => (here.has(key) ? [[row, here.get(key)!]] : []));
  return {
    rows: pairs.length,
    only: { former: old.size - pairs.length, here: here.size - pairs.length },
    differences: columns.filter((name) => name !== id).map((column) => difference(column, pairs)),
  };
}

async function rowsOf(client: pg.Client, schema: string, call: string): Promise<Row[]> {
  try {
    const text = `SELECT to_json(t) AS row FROM ${pg.escapeIdentifier(schema)}.${call} t`;
    return (await client.query<{ row: Row }>(text)).rows.map(({ row }) => row);
  } catch (cause) {
    if (!(cause instanceof pg.DatabaseError)) throw cause;
    throw new DriveshaftError("INVALID_QUERY", `${schema}.${call} cannot be called: ${cause.message}`, {
      hint: cause.hint ?? "Expected a call without its schema, as CDB_MoransILocal('SELECT * FROM t', 'v').",
      cause,
    });
  }
}

function difference(column: string, pairs: [Row, Row][]): Difference {
  let [equal, other] = [0, 0];
  let largest: number | null = null;
  let relative: number | null = null;
  for (const [{ [column]: a }, { [column]: b }] of pairs) {
    if (JSON.stringify(a) === JSON.stringify(b)) equal++;
    else if (typeof a === "number" && typeof b === "number") {
      const off = Math.abs(a - b);
      largest = Math.max(largest ?? 0, off);
      relative = Math.max(relative ?? 0, off / Math.max(Math.abs(a), Math.abs(b)));
    } else other++;
  }
  return { column, equal, largest, relative, other };
}
