import pg from "pg";
import { DriveshaftError } from "../errors.js";
import { SIGNATURE } from "../postgres/signature.js";
import type { PostgresColumn } from "../postgres/types.js";
import type { Carto } from "./client.js";

/** Rows of a page: at first, and at least where pages take too long. */
const MOST = 10_000;
const LEAST = 100;

/**
 * Reads a query page by page in the order of its ids, and gives the rows on as COPY BINARY would: each row comes in the
 * binary form of a record, as text, so that no number goes through JSON. Pages are statements of their own, so rows
 * that change meanwhile are an error where it shows.
 * @throws NULL_ID, DUPLICATE_ID, ROW_LIMIT before anything is read; QUERY_FAILED where the number of rows has changed
 */
export async function readPages(
  carto: Carto,
  query: string,
  columns: PostgresColumn[],
  needed: Set<number>,
  id: number,
  rowLimit: number | undefined,
  take: (chunk: Uint8Array) => void,
): Promise<void> {
  const key = `query.${pg.escapeIdentifier(columns[id]!.name)}`;
  const { rows } = await carto.sql(
    `SELECT count(*)::float8 AS all, count(${key})::float8 AS keyed, count(DISTINCT ${key})::float8 AS distinct FROM (${query}\n) query`,
  );
  const { all, keyed, distinct } = rows[0] as { all: number; keyed: number; distinct: number };
  if (rowLimit !== undefined && all > rowLimit) {
    throw new DriveshaftError("ROW_LIMIT", `the query returns more than ${rowLimit} rows`, {
      hint: "Narrow the query, or raise the parameter row_limit.",
    });
  }
  if (keyed < all)
    throw new DriveshaftError("NULL_ID", `the id column ${columns[id]!.name} is null in ${all - keyed} rows`);
  if (distinct < all)
    throw new DriveshaftError("DUPLICATE_ID", `the id column ${columns[id]!.name} repeats in ${all - distinct} rows`);

  const fields = columns.map(({ name }, i) => (needed.has(i) ? `query.${pg.escapeIdentifier(name)}` : "NULL"));
  const record = `encode(record_send(ROW(${fields.join(", ")})), 'base64')`;
  let after: string | undefined;
  let size = MOST;
  let read = 0;
  take(Buffer.concat([SIGNATURE, Buffer.alloc(8)]));
  while (read < all) {
    const beyond = after === undefined ? "" : `WHERE ${key} > CAST(${pg.escapeLiteral(after)} AS ${columns[id]!.type})`;
    const page = await carto
      .sql(
        `SELECT ${record} AS record, ${key}::text AS key FROM (${query}\n) query ${beyond} ORDER BY ${key} LIMIT ${size}`,
      )
      .catch((error: unknown) => {
        if (!(error instanceof DriveshaftError) || error.code !== "TIMEOUT" || size === LEAST) throw error;
        size = Math.max(LEAST, size >> 1);
        return undefined;
      });
    if (!page) continue;
    if (page.rows.length === 0) break;
    for (const row of page.rows) take(rowOfRecord(Buffer.from(row.record as string, "base64")));
    read += page.rows.length;
    after = page.rows.at(-1)!.key as string;
  }
  if (read !== all) {
    throw new DriveshaftError(
      "QUERY_FAILED",
      `the rows changed while they were read: there were ${all}, then ${read}`,
      {
        hint: "Ask again when nobody writes, or copy the rows into a table first.",
      },
    );
  }
  take(Buffer.from([255, 255]));
}

/**
 * A row of COPY BINARY of a record's binary form, which counts in four bytes, and has the type of each field before it.
 */
function rowOfRecord(record: Buffer): Buffer {
  const row = Buffer.alloc(record.length);
  const fields = record.readInt32BE(0);
  let at = row.writeInt16BE(fields, 0);
  let from = 4;
  for (let i = 0; i < fields; i++) {
    const start = from + 4;
    from = start + 4 + Math.max(0, record.readInt32BE(start));
    at += record.copy(row, at, start, from);
  }
  return row.subarray(0, at);
}
