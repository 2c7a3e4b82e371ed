import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { DriveshaftError, type ErrorCode } from "../errors.js";
import { functionText } from "./function-text.js";

/** The schema that holds check_target and place_table: that of an installation, or the session's own. */
export type Placing = "driveshaft" | "pg_temp";

/** Milliseconds for which a table in use is asked for, a short while at a time, before the job gives up. */
const SWAP_WITHIN = 30_000;

/** What check_target and place_table call, in an order in which each finds what it uses. */
const functions = ["refuse", "calls_others", "standing_on", "check_target", "attachments", "place_table"];

/**
 * Without a catalogue of results, one's own are known by the comment that says so, which only their owner can write.
 */
const isOwnResult = `CREATE FUNCTION pg_temp.is_own_result(relation oid, target text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(starts_with(obj_description(c.oid, 'pg_class'), 'Result of Driveshaft: '), false) AND c.relkind = 'r' AND pg_get_userbyid(c.relowner) = current_user
    FROM pg_class c WHERE c.oid = relation
$$`;

/**
 * Makes the functions in the temporary schema of a session, where nothing is installed; they go with it.
 * @throws WRITE_FAILED where the role may not
 */
export async function createPlacing(client: pg.Client): Promise<void> {
  const texts = await Promise.all(functions.map(functionText));
  const own = texts.map((text) => text.replace(/^GRANT .*$/gm, "").replaceAll("driveshaft.", "pg_temp."));
  await client.query([isOwnResult, ...own].join(";\n")).catch((cause: unknown) => {
    if (!(cause instanceof pg.DatabaseError) || cause.code !== "42501") throw cause;
    throw new DriveshaftError("WRITE_FAILED", `no function of the session's own can be made: ${cause.message}`, {
      hint: "GRANT TEMPORARY ON DATABASE ... TO the role, as PostgreSQL does by default.",
      cause,
    });
  });
}

/** A name for a table until it takes its place; one of its own, so that no attempt waits for another. */
export function stagingName(target: string): string {
  const schema = /^("(?:[^"]|"")*"|[^."]+)\./.exec(target)![1]!;
  return `${schema}.driveshaft_${randomBytes(8).toString("hex")}`;
}

/** @throws TARGET_EXISTS, TARGET_IN_USE */
export async function checkTarget(client: pg.Client, at: Placing, target: string, overwrite: boolean): Promise<void> {
  await refusing(client.query(`SELECT ${at}.check_target($1, $2)`, [target, overwrite]));
}

/**
 * Swaps the finished table in. Readers of the old one are waited for a second at a time, so that others need not queue.
 * @param note what the table's comment says it is
 * @throws TARGET_BUSY, TARGET_EXISTS, TARGET_IN_USE
 */
export async function place(
  client: pg.Client,
  at: Placing,
  { staging, target, overwrite, note }: { staging: string; target: string; overwrite: boolean; note: string },
): Promise<void> {
  const until = performance.now() + SWAP_WITHIN;
  for (;;) {
    await client.query("SAVEPOINT swap");
    try {
      await refusing(client.query(`SELECT ${at}.place_table($1, $2, $3, $4)`, [staging, target, overwrite, note]));
      return;
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.code !== "55P03") throw error;
      if (performance.now() > until) {
        throw new DriveshaftError(
          "TARGET_BUSY",
          `the target ${target} is in use: its lock could not be had in ${SWAP_WITHIN / 1000} s`,
          { hint: "End the transactions that read it, then ask again.", cause: error },
        );
      }
      await client.query("ROLLBACK TO SAVEPOINT swap");
      await pause(100);
    }
  }
}

/**
 * A call of our functions, with what they refuse in our terms. Only where nothing of a requester's runs: it can raise
 * the same.
 */
export async function refusing(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    if (error.code === "DS001") throw new DriveshaftError("WORKER_LOST", error.message, { cause: error });
    const [, code, message] = (error.code === "DS000" && /^([A-Z_]+): (.*)$/s.exec(error.message)) || [];
    if (message === undefined) throw error;
    throw new DriveshaftError(code as ErrorCode, message, { hint: error.hint, cause: error });
  }
}
