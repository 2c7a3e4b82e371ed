import type pg from "pg";
import { DriveshaftError } from "../errors.js";
import { sqlFiles } from "./sql-files.js";

/**
 * Runs the migrations that this database has not had, in order. @throws VERSION_MISMATCH where it has had unknown ones
 */
export async function migrate(client: pg.Client): Promise<void> {
  const files = await sqlFiles("migrations/");
  const { rows } = await client.query<{ name: string }>(
    "SELECT name FROM driveshaft.migrations WHERE name <> ALL ($1) LIMIT 1",
    [files.map(({ name }) => name)],
  );
  if (rows[0]) {
    throw new DriveshaftError("VERSION_MISMATCH", `the database has a newer Driveshaft, with ${rows[0].name}`, {
      hint: "Install with that version or a later one.",
    });
  }
  for (const { name, text } of files) {
    const { rowCount } = await client.query(
      "INSERT INTO driveshaft.migrations (name) VALUES ($1) ON CONFLICT DO NOTHING",
      [name],
    );
    if (rowCount === 1) await client.query(text);
  }
}
