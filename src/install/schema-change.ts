import pg from "pg";
import { DriveshaftError } from "../errors.js";

/** Milliseconds that a change of the schema waits for transactions that use it, while new ones wait for the change. */
const LOCK_WITHIN = 5_000;

/**
 * Changes the schema in one transaction.
 * @throws TARGET_BUSY where others hold it longer than that, with their names
 */
export async function changeSchema<T>(client: pg.Client, change: () => Promise<T>): Promise<T> {
  await client.query("BEGIN");
  try {
    await client.query("SET LOCAL search_path = pg_catalog, pg_temp");
    await client.query("SET LOCAL client_min_messages = warning");
    await client.query(`SET LOCAL lock_timeout = ${LOCK_WITHIN}`);
    const outcome = await change();
    await client.query("COMMIT");
    return outcome;
  } catch (error) {
    await client.query("ROLLBACK");
    throw error instanceof pg.DatabaseError && error.code === "55P03" ? await inUse(client, error) : error;
  }
}

async function inUse(client: pg.Client, cause: Error): Promise<DriveshaftError> {
  const { rows } = await client.query<{ holder: string }>(
    `SELECT DISTINCT format('%s (backend %s)', a.usename, a.pid) AS holder
       FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
      WHERE c.relnamespace = to_regnamespace('driveshaft') AND l.granted AND a.datname = current_database() AND a.pid <> pg_backend_pid()`,
  );
  const holders = rows.map(({ holder }) => holder).join(", ") || "another session";
  return new DriveshaftError("TARGET_BUSY", `the tables of Driveshaft are in use by ${holders}`, {
    hint: "Wait for the end of these transactions, or end them with pg_terminate_backend, then try again.",
    cause,
  });
}
