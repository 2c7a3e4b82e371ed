import { randomBytes } from "node:crypto";
import pg from "pg";
import type { Table } from "../columns.js";
import type { Summary } from "../compute/compute.js";
import { DriveshaftError } from "../errors.js";
import type { Sink } from "../job.js";
import { encode } from "../postgres/encode.js";
import { createTable } from "../postgres/create-table.js";
import type { Carto } from "./client.js";

/** A table as a target: its schema, which is the user's name in an organization, and its name. */
export interface CartoTarget {
  schema: string;
  name: string;
}

const MARKER = "Result of Driveshaft: ";
const STAGING = "Staging of Driveshaft: ";

/** Rows above which the last step goes to the batch API at once: making a table one of CARTO's may rewrite it. */
const BATCH_FROM = 50_000;

/** What is left of a run that died is dropped by the next one, after this long. */
const STALE = "1 day";

const quoted = ({ schema, name }: CartoTarget): string => `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;

/**
 * Where the target is, checked before anything is computed.
 * @param overwrite whether a result of ours may stand there
 * @throws TARGET_INVALID, TARGET_EXISTS
 */
export async function cartoTarget(carto: Carto, target: string, overwrite: boolean): Promise<CartoTarget> {
  const literal = pg.escapeLiteral(target);
  const { rows } = await carto
    .sql(
      `SELECT parts, current_schema() AS schema, to_regclass(name) IS NOT NULL AS taken, obj_description(to_regclass(name), 'pg_class') AS remark
         FROM (SELECT parse_ident(${literal}) AS parts) p, LATERAL (SELECT string_agg(quote_ident(part), '.') AS name FROM unnest(parts) part) q`,
    )
    .catch((error: unknown) => {
      if (!(error instanceof DriveshaftError) || error.code !== "QUERY_FAILED") throw error;
      throw new DriveshaftError("TARGET_INVALID", `the target ${JSON.stringify(target)} is not a table name`, {
        cause: error,
      });
    });
  const { parts, schema, taken, remark } = rows[0] as {
    parts: string[];
    schema: string;
    taken: boolean;
    remark: string | null;
  };
  if (parts.length > 2 || Buffer.byteLength(parts.at(-1)!) > 63) {
    throw new DriveshaftError(
      "TARGET_INVALID",
      `the target ${JSON.stringify(target)} is not a table name of at most 63 bytes`,
    );
  }
  if (taken && !(overwrite && remark?.startsWith(MARKER))) {
    throw new DriveshaftError(
      "TARGET_EXISTS",
      overwrite
        ? `the target ${target} exists already and is no result of Driveshaft`
        : `the target ${target} exists already`,
      { hint: 'Name another target, drop it first, or give "overwrite": true to replace a result of your own.' },
    );
  }
  return { schema: parts.length === 2 ? parts[0]! : schema, name: parts.at(-1)! };
}

/**
 * A table of an account's as a sink: filled under a name of its own, then put in its place and made one of CARTO's, in one
 * statement, so that the target is whole or as it was. The platform has no transactions over calls, so whatever goes wrong,
 * the table that was being filled is dropped by a call of its own.
 */
export function cartoSink(carto: Carto, cleaner: Carto, target: CartoTarget, overwrite: boolean): Sink {
  return {
    async write(table, summary, progress) {
      const staging = { schema: target.schema, name: `driveshaft_${randomBytes(8).toString("hex")}` };
      try {
        await carto.sql(`${dropStale(await stale(carto, target.schema))}${createTable(quoted(staging), table)};
          COMMENT ON TABLE ${quoted(staging)} IS ${pg.escapeLiteral(STAGING + new Date().toISOString())}`);
        // no rows are an error of copyfrom
        if (table.n > 0) {
          const copied = await carto.copyFrom(
            `COPY ${quoted(staging)} FROM STDIN WITH (FORMAT binary)`,
            encode(table, progress),
          );
          if (copied !== table.n) {
            throw new DriveshaftError("WRITE_FAILED", `CARTO took ${copied} of ${table.n} rows`);
          }
        }
        await finish(carto, publishing(staging, target, table, summary, overwrite), table.n);
      } catch (error) {
        // an answer that did not come may have been a yes
        if (await isPlaced(cleaner, staging, target)) return;
        await drop(cleaner, staging, error);
        throw error;
      }
    },
  };
}

/** Statements that put the table in its place, all of them or none. */
function publishing(
  staging: CartoTarget,
  target: CartoTarget,
  { key, ids, carried, columns }: Table,
  { analysis, version }: Summary,
  overwrite: boolean,
): string {
  const keys = key ?? (ids ? [ids.name] : []);
  const list = keys.map((name) => pg.escapeIdentifier(name)).join(", ");
  // CARTO takes cartodb_id for its key; another key would go when it makes its own
  const isTheirs = keys.length === 1 && keys[0] === "cartodb_id";
  const names = [...columns, ...(carried?.columns ?? [])].map(({ name }) => name);
  const named = quoted(target);
  const regclass = `${pg.escapeLiteral(named)}::regclass`;
  const register =
    target.schema === "public"
      ? `SELECT CDB_CartodbfyTable(${regclass})`
      : `SELECT CDB_CartodbfyTable(${pg.escapeLiteral(target.schema)}, ${regclass})`;
  return [
    ...(overwrite ? [`DROP TABLE IF EXISTS ${named}`] : []),
    ...(isTheirs ? [`ALTER TABLE ${quoted(staging)} ADD PRIMARY KEY (cartodb_id)`] : []),
    // CARTO fills it from the_geom
    ...(names.includes("the_geom") && names.includes("the_geom_webmercator")
      ? [`ALTER TABLE ${quoted(staging)} DROP COLUMN the_geom_webmercator`]
      : []),
    `ALTER TABLE ${quoted(staging)} RENAME TO ${pg.escapeIdentifier(target.name)}`,
    register,
    ...(isTheirs || keys.length === 0 ? [] : [`CREATE UNIQUE INDEX ON ${named} (${list})`]),
    `COMMENT ON TABLE ${named} IS ${pg.escapeLiteral(`${MARKER}${analysis} (version ${version}), ${staging.name}`)}`,
  ].join(";\n");
}

/** The last step: at once where it is small, else, or where it took too long, by the batch API. */
async function finish(carto: Carto, statements: string, rows: number): Promise<void> {
  if (rows <= BATCH_FROM) {
    try {
      await carto.sql(statements);
      return;
    } catch (error) {
      if (!(error instanceof DriveshaftError) || error.code !== "TIMEOUT") throw error;
    }
  }
  await carto.batch(statements);
}

/** Whether the target is the table that was filled here. */
async function isPlaced(carto: Carto, staging: CartoTarget, target: CartoTarget): Promise<boolean> {
  try {
    const { rows } = await carto.sql(
      `SELECT obj_description(to_regclass(${pg.escapeLiteral(quoted(target))}), 'pg_class') AS remark`,
    );
    return (rows[0]!.remark as string | null)?.endsWith(staging.name) ?? false;
  } catch {
    return false;
  }
}

/** Drops what was being filled. Where that fails too, the error says what is left. */
async function drop(carto: Carto, staging: CartoTarget, error: unknown): Promise<void> {
  try {
    await carto.sql(`DROP TABLE IF EXISTS ${quoted(staging)}`);
  } catch {
    if (!(error instanceof DriveshaftError)) return;
    const { code, message, hint = "", cause } = error;
    throw new DriveshaftError(code, message, {
      hint: `${hint} The table ${quoted(staging)} may be left; the next run drops it after ${STALE}.`.trim(),
      cause,
    });
  }
}

/** Tables that runs have left which died. */
async function stale(carto: Carto, schema: string): Promise<string[]> {
  const { rows } = await carto.sql(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ${pg.escapeLiteral(schema)} AND c.relkind = 'r' AND c.relname ~ '^driveshaft_[0-9a-f]{16}$'
        AND pg_has_role(c.relowner, 'USAGE') AND starts_with(obj_description(c.oid, 'pg_class'), ${pg.escapeLiteral(STAGING)})
        AND substr(obj_description(c.oid, 'pg_class'), ${STAGING.length + 1})::timestamptz < now() - interval '${STALE}'`,
  );
  return rows.map(({ name }) => name as string);
}

const dropStale = (names: string[]): string => (names.length > 0 ? `DROP TABLE IF EXISTS ${names.join(", ")}; ` : "");
