import pg from "pg";
import { DriveshaftError } from "../errors.js";
import type { Reading, Rows, Source } from "../job/source.js";
import { decoder, type Decoder } from "../postgres/decode.js";
import { shareOfRows } from "../postgres/planned.js";
import { columnOf, type PostgresColumn } from "../postgres/types.js";
import type { Progress } from "../job/progress.js";
import type { Carto } from "./client.js";
import { complaintAtEnd } from "./errors.js";
import { readPages } from "./pages.js";

/** Bytes of an answer that are kept, in which it may say why it broke off. */
const TAIL = 8192;

/**
 * A query of an account's as a source: by copyto, as it streams; in pages of SELECT where an account has no copyto.
 * @throws INVALID_QUERY where it is not one statement that returns rows
 */
export async function cartoSource(carto: Carto, query: string, name?: string): Promise<Source> {
  const columns = await columnsOf(carto, query);
  return {
    columns,
    read(readings, progress, rowLimit) {
      const decode = decoder(columns, readings, rowLimit, name);
      return readRows(carto, query, columns, readings, decode, progress, rowLimit);
    },
    further: (another, itsName) => cartoSource(carto, another, itsName),
  };
}

/** The columns of a query, which gives no rows of its own here. Only the master key may look into pg_type. */
async function columnsOf(carto: Carto, query: string): Promise<PostgresColumn[]> {
  const wrapped = `FROM (SELECT) none LEFT JOIN (${query}\n) query ON false`;
  try {
    const { fields } = await carto.sql(`SELECT query.* ${wrapped}`);
    const names = Object.keys(fields);
    if (names.length === 0) throw new DriveshaftError("INVALID_QUERY", "the query has no columns");
    const types = names.map((name) => `pg_typeof(query.${pg.escapeIdentifier(name)})`);
    const { rows } = await carto.sql(
      `SELECT array_to_json(ARRAY[${types.map((type) => `${type}::oid`).join(", ")}]) AS oids,
              array_to_json(ARRAY[${types.map((type) => `${type}::text`).join(", ")}]) AS types ${wrapped}`,
    );
    const { oids, types: texts } = rows[0] as { oids: (number | string)[]; types: string[] };
    return names.map((name, i) => columnOf(name, Number(oids[i]), texts[i]!, texts[i]!.split(".").at(-1)!));
  } catch (error) {
    if (!(error instanceof DriveshaftError) || error.code !== "QUERY_FAILED") throw error;
    throw new DriveshaftError("INVALID_QUERY", error.message, {
      hint: /;\s*$/.test(query) ? "Leave out the semicolon at the end: give one SELECT statement." : error.hint,
      cause: error,
    });
  }
}

/** The columns that a job needs; the others as nulls, so that their places stay. */
function neededColumns(readings: Reading[]): Set<number> {
  return new Set(
    readings.flatMap((reading) => {
      if ("column" in reading) return [reading.column!];
      return "geometry" in reading ? [reading.geometry] : [reading.x, reading.y];
    }),
  );
}

const idOf = (readings: Reading[]): number => readings.find((reading) => reading.as === "id")!.column!;

async function readRows(
  carto: Carto,
  query: string,
  columns: PostgresColumn[],
  readings: Reading[],
  decode: Decoder,
  progress: Progress,
  rowLimit?: number,
): Promise<Rows> {
  const needed = neededColumns(readings);
  const list = columns.map(({ name }, i) => (needed.has(i) ? `query.${pg.escapeIdentifier(name)}` : "NULL")).join(", ");
  const { rows } = await carto.sql(`EXPLAIN (FORMAT JSON) SELECT * FROM (${query}\n) query`);
  const plan = rows[0]!["QUERY PLAN"] as [{ Plan: { "Plan Rows": number } }];
  const share = shareOfRows(plan[0].Plan["Plan Rows"]);
  const take = (chunk: Uint8Array): void => {
    decode.take(chunk);
    progress(share(decode.rows));
  };

  const stream = await carto.copyTo(`COPY (SELECT ${list} FROM (${query}\n) query) TO STDOUT WITH (FORMAT binary)`);
  if (stream) await readStream(stream, take);
  else await readPages(carto, query, columns, needed, idOf(readings), rowLimit, take);
  try {
    return decode.finish();
  } catch (cause) {
    throw new DriveshaftError("CONNECTION_FAILED", "the answer of CARTO ends in the middle", { cause });
  }
}

/** Takes an answer as it comes. When it breaks off, with an error or without, its end may tell why. */
async function readStream(stream: AsyncIterable<Uint8Array>, take: (chunk: Uint8Array) => void): Promise<void> {
  let tail = Buffer.alloc(0);
  let failure: unknown;
  try {
    for await (const chunk of stream) {
      tail = Buffer.concat([tail, chunk]).subarray(-TAIL);
      if (failure !== undefined) continue;
      try {
        take(chunk);
      } catch (error) {
        // what cannot be read may be the beginning of an error
        if (error instanceof DriveshaftError && error.code !== "CONNECTION_FAILED") throw error;
        failure = error;
      }
    }
  } catch (error) {
    if (error instanceof DriveshaftError) throw error;
    if ((error as Error).name === "AbortError") throw error;
    failure = new DriveshaftError("CONNECTION_FAILED", `the answer of CARTO broke off: ${(error as Error).message}`, {
      cause: error,
    });
  }
  const said = complaintAtEnd(tail);
  if (said) throw said;
  if (failure !== undefined) throw failure as Error;
}
