import pg from "pg";
import { DriveshaftError } from "../errors.js";
import { uninstallCrankshaft } from "./crankshaft.js";
import { changeSchema } from "./schema-change.js";
import { publicNames } from "./sql-files.js";

/**
 * Removes the schema `driveshaft` and the functions cdb_*, in one transaction. Published tables stay.
 * @param force also with unfinished jobs, and with objects of others that stand on ours, which go too
 * @throws UNFINISHED_JOBS, NOT_INSTALLED, TARGET_BUSY
 */
export async function uninstall(client: pg.Client, force: boolean): Promise<void> {
  await changeSchema(client, async () => {
    const { rows } = await client.query<{ there: boolean }>(
      "SELECT to_regnamespace('driveshaft') IS NOT NULL AS there",
    );
    if (!rows[0]!.there) throw new DriveshaftError("NOT_INSTALLED", "the database has no Driveshaft");
    // nobody asks for or takes a job meanwhile
    await client.query("LOCK TABLE driveshaft.jobs IN ACCESS EXCLUSIVE MODE");
    if (!force) await refuseUnfinished(client);
    for (const routine of await ourRoutines(client)) {
      await client.query(`DROP ROUTINE ${routine} ${force ? "CASCADE" : ""}`);
    }
    await uninstallCrankshaft(client, force);
    if (!force) await refuseDependents(client);
    await client.query("DROP SCHEMA driveshaft CASCADE");
  }).catch((error: unknown) => {
    if (!(error instanceof pg.DatabaseError) || error.code !== "2BP01") throw error;
    throw inUse(error.detail ?? error.message, error);
  });
}

/** The functions of users, with their arguments: others may have added some of the same names, which are theirs. */
async function ourRoutines(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ routine: string }>(
    `SELECT p.oid::regprocedure::text AS routine
       FROM pg_proc p JOIN pg_namespace n ON n.nspname = 'driveshaft' AND n.nspowner = p.proowner
      WHERE p.pronamespace = to_regnamespace('public') AND p.proname = ANY ($1)`,
    [await publicNames()],
  );
  return rows.map(({ routine }) => routine);
}

async function refuseUnfinished(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ count: number }>(
    "SELECT count(*)::integer FROM driveshaft.jobs WHERE state IN ('pending', 'running')",
  );
  const { count } = rows[0]!;
  if (count === 0) return;
  throw new DriveshaftError("UNFINISHED_JOBS", `${count} ${count === 1 ? "job is" : "jobs are"} pending or running`, {
    hint: "Wait until they have finished, cancel them, or use --force.",
  });
}

/** Views of others on our tables would go with the schema. */
async function refuseDependents(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ what: string | null }>(
    `SELECT string_agg(DISTINCT pg_describe_object(r.classid, r.objid, 0), ', ') AS what
       FROM pg_class c JOIN pg_depend r ON r.refclassid = 'pg_class'::regclass AND r.refobjid = c.oid AND r.classid = 'pg_rewrite'::regclass
      WHERE c.relnamespace = 'driveshaft'::regnamespace`,
  );
  const { what } = rows[0]!;
  if (what) throw inUse(what);
}

function inUse(what: string, cause?: unknown): DriveshaftError {
  return new DriveshaftError("TARGET_IN_USE", `Driveshaft cannot be removed, since these stand on it: ${what}`, {
    hint: "Drop them first, or use --force, which drops them too.",
    cause,
  });
}
