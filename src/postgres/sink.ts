import pg from "pg";
import type { Table } from "../columns.js";
import { DriveshaftError } from "../errors.js";
import type { Sink } from "../job.js";
import { hangUp } from "./connect.js";
import { encode } from "./encode.js";
import { copyIn } from "./protocol.js";

const sqlTypes = { float8: "double precision", int4: "integer", text: "text" } as const;

/**
 * A new table as a sink: created, filled and given its primary key in one transaction, which `publish` may join as its
 * last step. A crash at any moment leaves nothing behind.
 * @param target a name that the server quoted
 * @param open a connection that runs no requester's query
 */
export function tableSink(
  target: string,
  open: () => Promise<pg.Client>,
  publish?: (client: pg.Client, summary: object) => Promise<void>,
): Sink {
  return {
    async write(table, summary, progress, signal) {
      const client = await open();
      const abort = (): void => hangUp(client);
      signal?.addEventListener("abort", abort, { once: true });
      try {
        await client.query("BEGIN");
        await client.query(createTable(target, table));
        await copyIn(client, `COPY ${target} FROM STDIN (FORMAT binary, FREEZE)`, encode(table, progress));
        if (table.ids) await client.query(`ALTER TABLE ${target} ADD PRIMARY KEY (${quote(table.ids.name)})`);
        await publish?.(client, summary);
        await client.query("COMMIT");
      } catch (error) {
        signal?.throwIfAborted();
        throw targetError(target, error);
      } finally {
        signal?.removeEventListener("abort", abort);
        await client.end().catch(() => {});
      }
    },
  };
}

const quote = (name: string): string => pg.escapeIdentifier(name);

function createTable(target: string, { ids, columns }: Table): string {
  const definitions = columns.map(({ name, data }) => `${quote(name)} ${sqlTypes[data.type]}`);
  if (ids) definitions.unshift(`${quote(ids.name)} ${ids.ids.type}`);
  return `CREATE TABLE ${target} (${definitions.join(", ")})`;
}

function targetError(target: string, error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError)) return error;
  switch (error.code) {
    case "42P07":
      return new DriveshaftError("TARGET_EXISTS", `the target ${target} exists already`, {
        hint: "Name another target, or drop it first.",
        cause: error,
      });
    case "42501":
    case "3F000":
      return new DriveshaftError("TARGET_INVALID", `the target ${target} cannot be created: ${error.message}`, {
        hint: "Name a target in a schema where the requester may create tables.",
        cause: error,
      });
    default:
      return error;
  }
}
