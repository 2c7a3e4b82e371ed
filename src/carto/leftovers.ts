import pg from "pg";
import { DriveshaftError } from "../errors.js";
import type { Carto } from "./client.js";
import { STAGING } from "./table.js";

/** What is left of a run that died is dropped by a later one, after this long. */
const STALE = "1 day";

/**
 * Drops tables that runs have left which died. Only copyto lets every key look into pg_class. A run does not fail for
 * what others have left.
 */
export async function dropLeftovers(carto: Carto, schema: string): Promise<void> {
  try {
    const names = await leftovers(carto, schema);
    if (names.length > 0) await carto.sql(`DROP TABLE IF EXISTS ${names.join(", ")}`);
  } catch (error) {
    if (!(error instanceof DriveshaftError)) throw error;
  }
}

async function leftovers(carto: Carto, schema: string): Promise<string[]> {
  const answer = await carto.copyTo(
    `COPY (SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ${pg.escapeLiteral(schema)} AND c.relkind = 'r' AND pg_has_role(c.relowner, 'USAGE')
        AND CASE
              WHEN c.relname ~ '^driveshaft_[0-9a-f]{16}$' AND starts_with(obj_description(c.oid, 'pg_class'), ${pg.escapeLiteral(STAGING)})
              THEN substr(obj_description(c.oid, 'pg_class'), ${STAGING.length + 1})::timestamptz
              WHEN c.relname ~ '^driveshaft_[0-9a-f]{16}_import$'
              THEN (SELECT m.updated_at FROM CDB_TableMetadata m WHERE m.tabname = c.oid)
            END < now() - interval '${STALE}') TO STDOUT`,
  );
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer ?? []) chunks.push(chunk);
  const lines = Buffer.concat(chunks).toString("utf8").split("\n");
  // an error may stand among them
  return lines.filter((line) => /\.driveshaft_[0-9a-f]{16}(_import)?$/.test(line));
}
