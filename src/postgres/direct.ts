import pg from "pg";
import { DriveshaftError } from "../errors.js";
import type { Sink, Source } from "../job.js";
import { connect } from "./connect.js";
import { querySource } from "./source.js";
import { tableSink } from "./sink.js";

/** Reads a query and writes a table on connections of the caller, without a job: the command line's way. */
export async function withDatabase(
  url: string,
  query: string,
  target: string | undefined,
  signal: AbortSignal,
  use: (source: Source, sink: Sink | undefined) => Promise<void>,
): Promise<void> {
  const open = (): Promise<pg.Client> => connect(url, "driveshaft run", { signal });
  const reading = await open();
  try {
    const name = target === undefined ? undefined : await quoteName(reading, target);
    const sink = name === undefined ? undefined : tableSink(name, name, open);
    await use(await querySource(reading, query), sink);
  } finally {
    await reading.end();
  }
}

/** A possibly qualified table name, as a user writes it, quoted by the server. */
async function quoteName(client: pg.Client, target: string): Promise<string> {
  try {
    const { rows } = await client.query<{ name: string; taken: boolean }>(
      `SELECT name, pg_catalog.to_regclass(name) IS NOT NULL AS taken
         FROM (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(part), '.') AS name
                 FROM pg_catalog.unnest(pg_catalog.parse_ident($1)) part) quoted`,
      [target],
    );
    if (rows[0]!.taken) {
      throw new DriveshaftError("TARGET_EXISTS", `the target ${rows[0]!.name} exists already`, {
        hint: "Name another target, or drop it first.",
      });
    }
    return rows[0]!.name;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    throw new DriveshaftError(
      "TARGET_INVALID",
      `the target ${JSON.stringify(target)} is not a table name: ${error.message}`,
      { cause: error },
    );
  }
}
