import pg from "pg";
import { DriveshaftError } from "../errors.js";
import type { Sink } from "../job/job.js";
import type { Source } from "../job/source.js";
import { connect, plainText, type SessionSettings } from "./connect.js";
import { checkTarget, createPlacing, place, stagingName } from "./place.js";
import { querySource } from "./source.js";
import { tableSink } from "./sink.js";

/** The table that a run without a job makes. */
export interface DirectTarget {
  name: string;
  /** Replace it, if it is a result of one's own: known by the comment that Driveshaft gives to its tables. */
  overwrite: boolean;
  /** What asks for it, which may ask again: a table that this has made already is replaced. */
  request?: string;
}

/** Reads a query and writes a table on connections of the caller, without a job: the command line's way. */
export async function withDatabase(
  url: string,
  query: string,
  target: DirectTarget | undefined,
  signal: AbortSignal,
  use: (source: Source, sink: Sink | undefined) => Promise<void>,
): Promise<void> {
  const opened: pg.Client[] = [];
  async function open(settings: SessionSettings = {}): Promise<pg.Client> {
    const client = await connect(url, "driveshaft run", { settings, signal });
    opened.push(client);
    return client;
  }
  try {
    const reading = await open();
    const sink = target && (await directSink(reading, open, target));
    await use(await querySource(reading, query), sink);
  } finally {
    await Promise.all(opened.map((client) => client.end().catch(() => {})));
  }
}

/** @param reading where the target's name is looked up, and checked before anything is computed */
async function directSink(
  reading: pg.Client,
  open: (settings: SessionSettings) => Promise<pg.Client>,
  { name, overwrite: wanted, request }: DirectTarget,
): Promise<Sink> {
  const { target, remark } = await standingAt(reading, name);
  const mark = request === undefined ? "" : `, request ${request}`;
  const overwrite = wanted || (mark !== "" && remark?.endsWith(mark) === true);
  await createPlacing(reading);
  await checkTarget(reading, "pg_temp", target, overwrite);
  const staging = stagingName(target);
  const settings = { ...plainText, search_path: "pg_catalog,pg_temp", lock_timeout: "1s" };
  return tableSink(
    staging,
    target,
    () => open(settings),
    async (client, { analysis, version }) => {
      await createPlacing(client);
      const note = `${analysis} (version ${version})${mark}`;
      await place(client, "pg_temp", { staging, target, overwrite, note });
    },
  );
}

/**
 * A table's name as a user writes it, with its schema and quoted by the server; and the comment of what stands there.
 */
async function standingAt(client: pg.Client, name: string): Promise<{ target: string; remark: string | null }> {
  try {
    const { rows } = await client.query<{ target: string | null; remark: string | null }>(
      `SELECT target, pg_catalog.obj_description(pg_catalog.to_regclass(target), 'pg_class') AS remark
         FROM (SELECT CASE pg_catalog.cardinality(parts)
                        WHEN 1 THEN pg_catalog.format('%I.%I', pg_catalog.current_schema(), parts[1])
                        WHEN 2 THEN CASE WHEN parts[1] !~ '^pg_temp' THEN pg_catalog.format('%I.%I', parts[1], parts[2]) END END AS target
                 FROM pg_catalog.parse_ident($1) parts) named`,
      [name],
    );
    const { target, remark } = rows[0]!;
    if (target !== null) return { target, remark };
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    const message = `the target ${JSON.stringify(name)} is not a table name: ${error.message}`;
    throw new DriveshaftError("TARGET_INVALID", message, { cause: error });
  }
  throw new DriveshaftError("TARGET_INVALID", `the target ${JSON.stringify(name)} is not a table in a schema`, {
    hint: "Expected a name such as clusters or results.clusters; without a schema, it is the first of the search_path.",
  });
}
