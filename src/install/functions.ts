import pg from "pg";
import { sqlFiles } from "./sql-files.js";

/** What stands for the roles of workers in the GRANT lines of sql/functions: a variable, as psql writes it. */
const WORKER = ':"worker"';

/**
 * Replaces the functions, and drops those that are no more. Those of the schema may be called by whom a GRANT line in
 * their file names, and by nobody else.
 * @param workers roles that run workers
 */
export async function createFunctions(client: pg.Client, workers: string[]): Promise<void> {
  const files = (await sqlFiles("functions/")).map(({ text }) => text.split(/^(?=GRANT )/m));
  for (const [definition] of files) await client.query(definition!);
  await dropFormer(client);
  const before = ["PUBLIC", ...(await callers(client)).map((role) => pg.escapeIdentifier(role))];
  await client.query(`REVOKE ALL ON ALL ROUTINES IN SCHEMA driveshaft FROM ${before.join(", ")}`);
  const roles = workers.map((role) => pg.escapeIdentifier(role)).join(", ");
  for (const grant of files.flatMap(([, ...grants]) => grants)) {
    if (!grant.includes(WORKER)) await client.query(grant);
    else if (roles !== "") await client.query(grant.replace(WORKER, () => roles));
  }
}

/** Drops the functions of an earlier version, which this transaction did not write, and triggers that call them. */
async function dropFormer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(
    `WITH former AS (
       SELECT oid FROM pg_proc
        WHERE pronamespace = 'driveshaft'::regnamespace AND xmin <> pg_current_xact_id()::xid
     )
     SELECT format('DROP TRIGGER %I ON %s', t.tgname, t.tgrelid::regclass) AS statement
       FROM pg_trigger t JOIN former f ON f.oid = t.tgfoid
     UNION ALL
     SELECT format('DROP ROUTINE %s', oid::regprocedure) FROM former`,
  );
  for (const { statement } of rows) await client.query(statement);
}

/** The roles that an earlier installation has admitted as workers. */
export const admittedWorkers = (client: pg.Client): Promise<string[]> => callers(client, "claim");

/** The roles that are named among those who may call a function, but for its owner; without a name, any function. */
async function callers(client: pg.Client, name?: string): Promise<string[]> {
  const { rows } = await client.query<{ role: string }>(
    `SELECT DISTINCT r.rolname AS role
       FROM pg_proc p CROSS JOIN aclexplode(p.proacl) a JOIN pg_roles r ON r.oid = a.grantee
      WHERE p.pronamespace = 'driveshaft'::regnamespace AND p.proname = coalesce($1, p.proname) AND r.oid <> p.proowner`,
    [name],
  );
  return rows.map(({ role }) => role);
}
