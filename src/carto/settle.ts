import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { DriveshaftError } from "../errors.js";
import type { Carto } from "./client.js";
import { quoted, type CartoTarget } from "./target.js";

/** Milliseconds between two attempts: from, up to. */
const PAUSE = [100, 5_000] as const;

/**
 * After something went wrong: whether the table is in its place. A statement whose answer did not come may still be
 * under way, or wait for its turn. So the name is taken first, and given up: that waits for who is at it, and whoever
 * comes later finds nothing to put in place. Then what the target says is certain. Both are asked until there is an
 * answer.
 * @param patience milliseconds, in all
 * @throws CONNECTION_FAILED where there is no answer, ACCESS_DENIED
 */
export async function settle(
  carto: Carto,
  staging: CartoTarget,
  target: CartoTarget,
  patience: number,
): Promise<boolean> {
  const until = performance.now() + patience;
  const name = quoted(staging);
  for (let wait: number = PAUSE[0]; ; wait = Math.min(PAUSE[1], 2 * wait)) {
    try {
      await carto.sql(`CREATE TABLE IF NOT EXISTS ${name} (); DROP TABLE ${name}`);
      const { rows } = await carto.sql(
        `SELECT obj_description(to_regclass(${pg.escapeLiteral(quoted(target))}), 'pg_class') AS remark`,
      );
      return (rows[0]!.remark as string | null)?.endsWith(staging.name) ?? false;
    } catch (error) {
      if (!(error instanceof DriveshaftError) || error.code === "ACCESS_DENIED") throw error;
      if (performance.now() + wait > until) {
        throw new DriveshaftError(
          "CONNECTION_FAILED",
          `CARTO does not say whether the target ${target.name} is in place: ${error.message}`,
          {
            hint: `Look at it before you run this again. The table ${name} may be left; a later run drops it after a day.`,
            cause: error,
          },
        );
      }
      await pause(wait);
    }
  }
}
