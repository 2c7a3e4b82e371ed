import type pg from "pg";
import type { Engine } from "../job/engines.js";
import { PROTOCOL } from "../queue/queue.js";
import { writeCatalogue } from "./catalogue.js";
import { hasCrankshaft, installCrankshaft } from "./crankshaft.js";
import { checkEngines, writeFunctions } from "./engines.js";
import { admittedWorkers, createFunctions } from "./functions.js";
import { migrate } from "./migrate.js";
import { notOurs, refuseNamesakes, refuseStrangers, requirePublic, warnOfCreators } from "./namesakes.js";
import { becomeOwner } from "./owner.js";
import { changeSchema } from "./schema-change.js";
import { writeRetention, writeSetting } from "./settings.js";
import { publicNames } from "./sql-files.js";

export interface InstallOptions {
  /** A role that runs workers: it may claim jobs and report on them, nothing else. Who was admitted before stays so. */
  worker?: string | undefined;
  /** Take jobs of superusers, whose queries no sandbox holds. */
  allowSuperusers?: boolean | undefined;
  /** Login roles that work for roles which cannot log in: {"group": "group_worker"}. */
  twins?: Record<string, string> | undefined;
  /** How long finished jobs are kept, as PostgreSQL writes an interval. Default 30 days, and what it was. */
  retention?: string | undefined;
  /**
   * Who may run jobs; the first of them does where neither the job nor its role says. Default the worker, and what it
   * was.
   */
  engines?: Engine[] | undefined;
  /** The function of each analysis, for the engine aws_lambda. Default what it was. */
  functions?: Record<string, string> | undefined;
  /** The schema cdb_crankshaft, in which the SQL of crankshaft runs. Where it stands it is brought up to date anyway. */
  crankshaft?: boolean | undefined;
  /** Functions at a time of jobs that the database or the sweep sends. Default 100, and what it was. */
  inFlight?: number | undefined;
}

/**
 * Installs the schema `driveshaft` and the functions cdb_*, or brings them up to date, in one transaction. Migrations
 * run once, in order; functions are replaced; the catalogue is written from the declarations. Jobs that workers of
 * another version have in hand go back to the queue; those workers learn that they have lost them. All of it belongs to
 * the owner of the schema, also where another upgrades it who may act as the owner.
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
    const names = await publicNames();
    await requirePublic(client);
    await refuseStrangers(client);
    await refuseNamesakes(client, names, migrated === 0 ? notOurs.atFirst : notOurs.atUpgrade);
    const workers = new Set(await admittedWorkers(client));
    if (options.worker !== undefined) workers.add(options.worker);
    await migrate(client);
    await createFunctions(client, [...workers]);
    await refuseNamesakes(client, names, notOurs.afterwards);
    await writeCatalogue(client);
    await writeSetting(client, "allow_superusers", options.allowSuperusers ?? false);
    await writeRetention(client, options.retention);
    if (options.engines) await writeSetting(client, "engines", options.engines);
    if (options.functions) await writeFunctions(client, options.functions);
    if (options.inFlight !== undefined) await writeSetting(client, "in_flight", options.inFlight);
    await checkEngines(client);
    await changeProtocol(client);
    await writeTwins(client, options.twins ?? {});
    if (options.crankshaft || (await hasCrankshaft(client))) await installCrankshaft(client);
    return warnOfCreators(client);
  });
}

/** Takes jobs from workers of another version. */
async function changeProtocol(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ value: number }>(
    "SELECT value FROM driveshaft.settings WHERE name = 'protocol'",
  );
  if (rows[0]?.value === PROTOCOL) return;
  await writeSetting(client, "protocol", PROTOCOL);
  await client.query(
    "UPDATE driveshaft.jobs SET state = 'pending', token_hash = NULL, sent_at = NULL WHERE state = 'running'",
  );
}

async function writeTwins(client: pg.Client, twins: Record<string, string>): Promise<void> {
  for (const [role, twin] of Object.entries(twins)) {
    await client.query(
      "INSERT INTO driveshaft.twins VALUES ($1, $2) ON CONFLICT (role) DO UPDATE SET twin = excluded.twin",
      [role, twin],
    );
  }
}
