import pg from "pg";
import { DriveshaftError } from "../errors.js";
import type { Rows, Source } from "../job/source.js";
import type { Progress } from "../job/progress.js";
import { decoder, type Decoder } from "./decode.js";
import { shareOfRows } from "./planned.js";
import { copyOut, describe } from "./protocol.js";
import { describeColumns, type PostgresColumn } from "./types.js";

/** Rows between two reports of progress. */
const REPORT_EVERY = 8192;

/**
 * A query as a source, on a connection that serves nothing else until the source is closed. All that is read of it, and
 * of further queries, is what one READ ONLY transaction sees.
 * @throws INVALID_QUERY where it is not one statement that returns rows
 */
export async function querySource(client: pg.Client, query: string): Promise<Source> {
  // reading a literal of an array or a row checks the domains in it, so the query's code runs already as it is parsed
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  return sourceWithin(client, query);
}

/** @param name how messages call the query */
async function sourceWithin(client: pg.Client, query: string, name?: string): Promise<Source> {
  const columns = await columnsOf(client, query);
  return {
    columns,
    read: (readings, progress, rowLimit) =>
      copyRows(client, query, decoder(columns, readings, rowLimit, name), progress),
    further: (another, itsName) => sourceWithin(client, another, itsName),
    async close() {
      await client.query("COMMIT");
    },
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
  return describeColumns(client, fields);
}

async function copyRows(client: pg.Client, query: string, decode: Decoder, progress: Progress): Promise<Rows> {
  let reported = 0;
  let ours: unknown;
  function take(chunk: Uint8Array): void {
    try {
      decode.take(chunk);
    } catch (error) {
      throw (ours = error);
    }
  }
  try {
    const share = shareOfRows(await planRows(client, query));
    // the line end closes a trailing comment
    await copyOut(client, `COPY (${query}\n) TO STDOUT (FORMAT binary)`, (chunk) => {
      take(chunk);
      if (decode.rows - reported < REPORT_EVERY) return;
      reported = decode.rows;
      progress(share(decode.rows));
    });
  } catch (error) {
    throw error === ours ? error : queryError("QUERY_FAILED", error, query);
  }
  return decode.finish();
}

/** How many rows the planner expects of a query; it is not run. */
export async function planRows(client: pg.Client, query: string): Promise<number> {
  const [row] = await askOnce<{ "QUERY PLAN": [{ Plan: { "Plan Rows": number } }] }>(
    client,
    `EXPLAIN (FORMAT JSON) ${query}`,
  );
  return row!["QUERY PLAN"][0].Plan["Plan Rows"];
}

/** How many rows a query has; it is run, in the transaction at hand. */
export async function countRows(client: pg.Client, query: string): Promise<number> {
  const [row] = await askOnce<{ n: string }>(client, `SELECT count(*) AS n FROM (${query}\n) query`);
  return Number(row!.n);
}

/** One statement, which the extended protocol makes sure of. */
async function askOnce<Row extends pg.QueryResultRow>(client: pg.Client, text: string): Promise<Row[]> {
  const config: pg.QueryConfig & { queryMode: string } = { text, queryMode: "extended" };
  return (await client.query<Row>(config as pg.QueryConfig)).rows;
}

/**
 * SQLSTATEs of a server that ends a connection, whatever the query: shut down, crashed, or told to by an administrator.
 */
const BROKEN_OFF = /^(08...|57P0[123])$/;

/** An error of the server about a requester's query, in our terms. */
function queryError(code: "INVALID_QUERY" | "QUERY_FAILED", error: unknown, query: string): DriveshaftError {
  if (!(error instanceof pg.DatabaseError)) {
    return new DriveshaftError(
      "CONNECTION_FAILED",
      `the connection broke while the query ran: ${(error as Error).message}`,
      { cause: error },
    );
  }
  if (BROKEN_OFF.test(error.code ?? "")) {
    return new DriveshaftError("CONNECTION_FAILED", `the server broke off: ${error.message} (SQLSTATE ${error.code})`, {
      cause: error,
    });
  }
  const semicolon = /;\s*$/.test(query) ? "Leave out the semicolon at the end: give one SELECT statement." : undefined;
  const writes = error.code === "25006" ? "The query runs read-only: it may not change anything." : undefined;
  return new DriveshaftError(code, `the query fails: ${error.message} (SQLSTATE ${error.code})`, {
    hint: semicolon ?? writes ?? error.hint ?? (error.code === "42601" ? "Give one SELECT statement." : undefined),
    cause: error,
  });
}
