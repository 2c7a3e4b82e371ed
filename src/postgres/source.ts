import pg from "pg";
import { DriveshaftError } from "../errors.js";
import type { Source } from "../job.js";
import { unpack } from "../carry.js";
import type { Carried, Rows } from "../columns.js";
import type { ColumnChoice } from "../columns-of-query.js";
import { buildIds, idText, type IdEncoding, type Ids } from "../ids.js";
import type { Progress } from "../progress.js";
import type { PairsOfIds } from "../weights/given.js";
import { MAX_PAIRS } from "../weights/weights.js";
import { decoder } from "./decode.js";
import { copyOut, describe } from "./protocol.js";
import { describeColumns, type PostgresColumn } from "./types.js";

/** Rows between two reports of progress. */
const REPORT_EVERY = 8192;

/**
 * A query as a source, on a connection that serves nothing else: whatever the query does to its session ends with it.
 * The query is parsed and described first, then copied in a READ ONLY transaction.
 * @throws INVALID_QUERY where it is not one statement that returns rows
 */
export async function querySource(client: pg.Client, query: string): Promise<Source> {
  const columns = await columnsOf(client, query);
  return {
    columns,
    read(choice, progress, rowLimit) {
      if (choice.id === undefined) {
        throw new DriveshaftError("MISSING_COLUMN", "the query has no id column: there is none of cartodb_id, id", {
          hint: `Name one with the parameter id; the columns are: ${columns.map((column) => column.name).join(", ")}.`,
        });
      }
      return copyRows(client, query, columns, choice, progress, rowLimit);
    },
    readPairs: (pairs) => readPairs(client, pairs),
  };
}

/** The columns of a query, which is not run. @throws INVALID_QUERY where it is not one statement that returns rows */
async function columnsOf(client: pg.Client, query: string): Promise<PostgresColumn[]> {
  const fields = await describe(client, query).catch((error: unknown) => {
    throw queryError("INVALID_QUERY", error, query);
  });
  if (!fields) {
    throw new DriveshaftError("INVALID_QUERY", "the query returns no rows", { hint: "Give one SELECT statement." });
  }
  // types with their schemas, since the table is made in a session with another search_path
  await client.query("BEGIN; SET LOCAL search_path = pg_catalog, pg_temp");
  const columns = await describeColumns(client, fields);
  await client.query("COMMIT");
  return columns;
}

async function copyRows(
  client: pg.Client,
  query: string,
  columns: PostgresColumn[],
  choice: ColumnChoice,
  progress: Progress,
  rowLimit?: number,
): Promise<Rows> {
  const decode = decoder(columns, choice, rowLimit);
  let reported = 0;
  try {
    await client.query("BEGIN READ ONLY");
    const expected = await plannedRows(client, query);
    // the line end closes a trailing comment
    await copyOut(client, `COPY (${query}\n) TO STDOUT (FORMAT binary)`, (chunk) => {
      decode.take(chunk);
      if (decode.rows - reported < REPORT_EVERY) return;
      reported = decode.rows;
      // above the planner's guess the share goes on to rise, ever more slowly
      progress(decode.rows < expected / 2 ? decode.rows / expected : 1 - expected / (4 * decode.rows));
    });
    await client.query("COMMIT");
  } catch (error) {
    throw error instanceof DriveshaftError ? error : queryError("QUERY_FAILED", error, query);
  }
  return decode.finish();
}

/**
 * Weights by a query of pairs: columns focal and neighbor, and weight, which is 1 without.
 * @throws MISSING_COLUMN, WRONG_COLUMN_TYPE, INVALID_WEIGHTS where a weight is null, ROW_LIMIT above MAX_PAIRS
 */
async function readPairs(client: pg.Client, query: string): Promise<PairsOfIds> {
  const columns = await columnsOf(client, query);
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
  const rows = await copyRows(client, query, columns, choice, () => {}, MAX_PAIRS);
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

/** How many rows the planner expects of a query; it is not run. */
async function plannedRows(client: pg.Client, query: string): Promise<number> {
  const config: pg.QueryConfig & { queryMode: string } = {
    text: `EXPLAIN (FORMAT JSON) ${query}`,
    // in the extended protocol this is one statement
    queryMode: "extended",
  };
  const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: { "Plan Rows": number } }] }>(config as pg.QueryConfig);
  return Math.max(1, rows[0]!["QUERY PLAN"][0].Plan["Plan Rows"]);
}

/** An error of the server about a requester's query, in our terms. */
function queryError(code: "INVALID_QUERY" | "QUERY_FAILED", error: unknown, query: string): DriveshaftError {
  if (!(error instanceof pg.DatabaseError)) {
    return new DriveshaftError(
      "CONNECTION_FAILED",
      `the connection broke while the query ran: ${(error as Error).message}`,
      { cause: error },
    );
  }
  const semicolon = /;\s*$/.test(query) ? "Leave out the semicolon at the end: give one SELECT statement." : undefined;
  const writes = error.code === "25006" ? "The query runs read-only: it may not change anything." : undefined;
  return new DriveshaftError(code, `the query fails: ${error.message} (SQLSTATE ${error.code})`, {
    hint: semicolon ?? writes ?? error.hint ?? (error.code === "42601" ? "Give one SELECT statement." : undefined),
    cause: error,
  });
}
