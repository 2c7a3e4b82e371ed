import type pg from "pg";
import { DriveshaftError } from "../errors.js";

export async function writeSetting(client: pg.Client, name: string, value: unknown): Promise<void> {
  await client.query(
    "INSERT INTO driveshaft.settings VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    [name, JSON.stringify(value)],
  );
}

/** How long finished jobs are kept; where nothing is said, as long as before. @throws INVALID_PARAMETER */
export async function writeRetention(client: pg.Client, retention: string | undefined): Promise<void> {
  const { rows } = await client
    .query<{ text: string }>("SELECT CAST($1 AS interval)::text AS text", [retention ?? "30 days"])
    .catch((cause: unknown) => {
      throw new DriveshaftError("INVALID_PARAMETER", `the retention is ${JSON.stringify(retention)}`, {
        hint: 'Expected an interval as PostgreSQL writes it, such as "30 days".',
        cause,
      });
    });
  const otherwise = retention === undefined ? "NOTHING" : "UPDATE SET value = excluded.value";
  await client.query(
    `INSERT INTO driveshaft.settings VALUES ('retention', to_jsonb($1::text)) ON CONFLICT (name) DO ${otherwise}`,
    [rows[0]!.text],
  );
}
