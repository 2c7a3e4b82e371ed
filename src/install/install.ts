import { readdir, readFile } from "node:fs/promises";
import pg from "pg";
import { analyses } from "../analyses/index.js";
import { parameterSchema } from "../analyses/check-parameters.js";
import { expectedTypes } from "../job/choose-columns.js";
import { DriveshaftError } from "../errors.js";
import { coefficients } from "../estimate/coefficients.js";
import { prices } from "../estimate/estimate.js";
import { sizes } from "../lambda/sizes.js";
import { columnKinds } from "../postgres/types.js";
import type { Engine } from "../job/engines.js";
import { notOurs, refuseNamesakes, refuseStrangers, requirePublic, warnOfCreators } from "./namesakes.js";
import { becomeOwner } from "./owner.js";
import { PROTOCOL } from "../queue/queue.js";
import { changeSchema } from "./schema-change.js";

export interface InstallOptions {
  /** A role that runs workers: it may claim jobs and report on them, nothing else. */
  worker?: string | undefined;
  /** Take jobs of superusers, whose queries no sandbox holds. */
  allowSuperusers?: boolean | undefined;
  /** Login roles that work for roles which cannot log in: {"group": "group_worker"}. */
  twins?: Record<string, string> | undefined;
  /** How long finished jobs are kept, as PostgreSQL writes an interval; default 30 days, and what it was at the next install. */
  retention?: string | undefined;
  /** Who may run jobs; the first of them does where neither the job nor its role says. Default the worker, and what it was. */
  engines?: Engine[] | undefined;
  /** The function of each analysis, for the engine aws_lambda. Default what it was. */
  functions?: Record<string, string> | undefined;
  /** Functions at a time of jobs that the database or the sweep sends. Default 100, and what it was. */
  inFlight?: number | undefined;
}

const folder = new URL("../../sql/", import.meta.url);

/**
 * Installs the schema `driveshaft` and the functions cdb_*, or brings them up to date, in one transaction. Migrations run
 * once, in order; functions are replaced; the catalogue is written from the declarations. Jobs that workers of another
 * version have in hand go back to the queue; those workers learn that they have lost them. All of it belongs to the owner of
 * the schema, also where another upgrades it who may act as the owner.
 * @returns warnings
 * @throws VERSION_MISMATCH where a newer version has been installed, TARGET_BUSY where others use its tables for long,
 *   TARGET_EXISTS where the schema or functions with these names are somebody else's, ACCESS_DENIED
 */
export async function install(client: pg.Client, options: InstallOptions = {}): Promise<string[]> {
  return changeSchema(client, async () => {
    await becomeOwner(client);
    // one installer at a time; nobody else may lock this table
    await client.query("LOCK TABLE driveshaft.migrations IN EXCLUSIVE MODE");
    const { rowCount: migrated } = await client.query("SELECT FROM driveshaft.migrations");
    const names = await routineNames();
    await requirePublic(client);
    await refuseStrangers(client);
    await refuseNamesakes(client, names, migrated === 0 ? notOurs.atFirst : notOurs.atUpgrade);
    await migrate(client);
    await createFunctions(client);
    await refuseNamesakes(client, names, notOurs.afterwards);
    await writeCatalogue(client);
    await setting(client, "allow_superusers", options.allowSuperusers ?? false);
    await keepFor(client, options.retention);
    if (options.engines) await setting(client, "engines", options.engines);
    if (options.functions) await writeFunctions(client, options.functions);
    if (options.inFlight !== undefined) await setting(client, "in_flight", options.inFlight);
    await checkEngines(client);
    await changeProtocol(client);
    for (const [role, twin] of Object.entries(options.twins ?? {})) {
      await client.query(
        "INSERT INTO driveshaft.twins VALUES ($1, $2) ON CONFLICT (role) DO UPDATE SET twin = excluded.twin",
        [role, twin],
      );
    }
    if (options.worker !== undefined) await admitWorker(client, options.worker);
    return warnOfCreators(client);
  });
}

async function migrate(client: pg.Client): Promise<void> {
  const known = (await sqlFiles("migrations/")).map(({ name }) => name);
  const { rows } = await client.query<{ name: string }>(
    "SELECT name FROM driveshaft.migrations WHERE name <> ALL ($1) LIMIT 1",
    [known],
  );
  if (rows[0]) {
    throw new DriveshaftError("VERSION_MISMATCH", `the database has a newer Driveshaft, with ${rows[0].name}`, {
      hint: "Install with that version or a later one.",
    });
  }
  for (const { name, text } of await sqlFiles("migrations/")) {
    const { rowCount } = await client.query(
      "INSERT INTO driveshaft.migrations (name) VALUES ($1) ON CONFLICT DO NOTHING",
      [name],
    );
    if (rowCount === 1) await client.query(text);
  }
}

/** Creates the functions. Those of the schema may be called where a GRANT stands in their file, and by nobody else. */
async function createFunctions(client: pg.Client): Promise<void> {
  const files = (await sqlFiles("functions/")).map(({ text }) => text.split(/^(?=GRANT )/m));
  for (const [definition] of files) await client.query(definition!);
  await client.query("REVOKE ALL ON ALL ROUTINES IN SCHEMA driveshaft FROM PUBLIC");
  for (const [, ...grants] of files) for (const grant of grants) await client.query(grant);
}

/** The SQL files of a folder in an order in which each finds what it uses: functions of the schema before those of users. */
async function sqlFiles(part: string): Promise<{ name: string; text: string }[]> {
  const names = (await readdir(new URL(part, folder))).filter((name) => name.endsWith(".sql"));
  names.sort((a, b) => Number(a.startsWith("cdb_")) - Number(b.startsWith("cdb_")) || (a < b ? -1 : 1));
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(new URL(part + name, folder), "utf8") })));
}

/** The names of the functions of users, which stand in the schema public. */
export async function routineNames(): Promise<string[]> {
  const files = await sqlFiles("functions/");
  return files.map(({ name }) => name.replace(/\.sql$/, "")).filter((name) => name.startsWith("cdb_"));
}

async function writeCatalogue(client: pg.Client): Promise<void> {
  await client.query("DELETE FROM driveshaft.analyses");
  for (const analysis of analyses) {
    await client.query("INSERT INTO driveshaft.analyses VALUES ($1, $2, $3, $4, $5, $6)", [
      analysis.name,
      analysis.title,
      analysis.description,
      analysis.version,
      JSON.stringify(parameterSchema(analysis)),
      JSON.stringify(analysis.columns),
    ]);
  }
  const estimates = analyses.map(({ name, size }) => [name, { ...coefficients[name], ...sizes[size], ...prices }]);
  await setting(client, "estimates", Object.fromEntries(estimates));
  await setting(client, "column_kinds", { ...columnKinds, expected: expectedTypes });
}

async function writeFunctions(client: pg.Client, functions: Record<string, string>): Promise<void> {
  await client.query("DELETE FROM driveshaft.functions");
  for (const [analysis, arn] of Object.entries(functions)) {
    if (!/^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/.test(arn)) {
      throw new DriveshaftError("INVALID_PARAMETER", `the function of ${analysis} is ${JSON.stringify(arn)}`, {
        hint: "Expected its ARN, arn:aws:lambda:REGION:ACCOUNT:function:NAME.",
      });
    }
    await client.query("INSERT INTO driveshaft.functions VALUES ($1, $2)", [analysis, arn]);
  }
}

/** What the engine aws_lambda needs: a function for each analysis, and the extension that invokes it. */
async function checkEngines(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ wanted: boolean; missing: string | null; invoke: boolean }>(
    `SELECT value ? 'aws_lambda' AS wanted,
            (SELECT string_agg(name, ', ') FROM driveshaft.analyses WHERE name NOT IN (SELECT analysis FROM driveshaft.functions)) AS missing,
            EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'aws_lambda' AND p.proname = 'invoke') AS invoke
       FROM driveshaft.settings WHERE name = 'engines'`,
  );
  const { wanted, missing, invoke } = rows[0]!;
  if (wanted && !invoke) {
    throw new DriveshaftError("INVALID_PARAMETER", "the engine aws_lambda needs the extension of this name", {
      hint: "On Amazon RDS and Aurora: CREATE EXTENSION aws_lambda CASCADE. Elsewhere use the engine lambda, with driveshaft worker --engine lambda.",
    });
  }
  if (wanted && missing) {
    throw new DriveshaftError("INVALID_PARAMETER", `the engine aws_lambda has no functions for ${missing}`, {
      hint: "Name them with --functions.",
    });
  }
}

async function changeProtocol(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ value: number }>(
    "SELECT value FROM driveshaft.settings WHERE name = 'protocol'",
  );
  if (rows[0]?.value === PROTOCOL) return;
  await setting(client, "protocol", PROTOCOL);
  await client.query(
    "UPDATE driveshaft.jobs SET state = 'pending', token_hash = NULL, sent_at = NULL WHERE state = 'running'",
  );
}

async function keepFor(client: pg.Client, retention: string | undefined): Promise<void> {
  const { rows } = await client
    .query<{ text: string }>("SELECT CAST($1 AS interval)::text AS text", [retention ?? "30 days"])
    .catch((cause: unknown) => {
      throw new DriveshaftError("INVALID_PARAMETER", `the retention is ${JSON.stringify(retention)}`, {
        hint: 'Expected an interval as PostgreSQL writes it, such as "30 days".',
        cause,
      });
    });
  await client.query(
    `INSERT INTO driveshaft.settings VALUES ('retention', to_jsonb($1::text)) ON CONFLICT (name) DO ${retention === undefined ? "NOTHING" : "UPDATE SET value = excluded.value"}`,
    [rows[0]!.text],
  );
}

async function setting(client: pg.Client, name: string, value: unknown): Promise<void> {
  await client.query(
    "INSERT INTO driveshaft.settings VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    [name, JSON.stringify(value)],
  );
}

async function admitWorker(client: pg.Client, role: string): Promise<void> {
  const functions = [
    "claim(integer, text, name[], interval, uuid)",
    "job_state(uuid)",
    "dispatch(integer, text, text[], integer, interval)",
    "unsent(uuid, text, text, text, interval)",
    "queue_depth(text[])",
    "beat(uuid, text, text, double precision, interval)",
    "fail(uuid, text, text, text, text, interval)",
    "note_backend(uuid, text, integer, timestamptz)",
    "stray_backends(name[])",
    "forget_backend(integer, timestamptz)",
    "unserved(name[])",
    "sweep()",
  ];
  for (const name of functions) {
    await client.query(`GRANT EXECUTE ON FUNCTION driveshaft.${name} TO ${pg.escapeIdentifier(role)}`);
  }
}
