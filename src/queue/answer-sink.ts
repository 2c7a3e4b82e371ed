import type pg from "pg";
import { refusing } from "../postgres/place.js";
import type { Sink } from "../job/job.js";
import { cell } from "../table/column.js";
import type { Table } from "../table/table.js";
import type { Claim } from "./queue.js";

/** Rows of a part: some megabytes. */
const PART = 10_000;

/**
 * The rows for whoever asked, who is waiting for them: as objects, in parts, and the job is ready with the last.
 * @param open a connection that runs no requester's query; whoever opens it ends it
 * @param before what has to be done before the job is ready
 */
export function answerSink({ job, token }: Claim, open: () => Promise<pg.Client>, before: () => void): Sink {
  return {
    async write(table, summary, progress) {
      const client = await open();
      const parts = Math.max(1, Math.ceil(table.n / PART));
      await client.query("BEGIN");
      for (let part = 0; part < parts; part++) {
        const isLast = part === parts - 1;
        const rows = rowsOf(table, part * PART, Math.min(table.n, (part + 1) * PART));
        const values = [job, token, part, JSON.stringify(rows), isLast ? JSON.stringify(summary) : null];
        await refusing(client.query("SELECT driveshaft.answer($1, $2, $3, $4, $5)", values));
        progress((part + 1) / parts);
      }
      before();
      await client.query("COMMIT");
      return [];
    },
  };
}

function rowsOf({ columns }: Table, from: number, to: number): Record<string, unknown>[] {
  return Array.from({ length: to - from }, (_, at) =>
    Object.fromEntries(columns.map(({ name, column }) => [name, cell(column, from + at)])),
  );
}
