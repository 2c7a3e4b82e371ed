import assert from "node:assert/strict";
import type pg from "pg";

/** Nothing is left of jobs but what they published: no backend, lock, unplaced table, reservation or unfinished job. */
export async function assertNothingLeft(admin: pg.Client): Promise<void> {
  const since = performance.now();
  for (;;) {
    const { rows } = await admin.query<{ what: string; count: number }>(`
      SELECT * FROM (
        SELECT 'backends' AS what, count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'driveshaft'
        UNION ALL
        SELECT 'locks', count(*)::int FROM pg_locks l JOIN pg_stat_activity a USING (pid)
         WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND a.application_name LIKE 'driveshaft%'
        UNION ALL
        SELECT 'unplaced tables', count(*)::int FROM pg_class WHERE relname LIKE 'driveshaft\\_%' AND relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'reservations', count(*)::int FROM driveshaft.reservations
        UNION ALL
        SELECT 'noted backends', count(*)::int FROM driveshaft.backends
        UNION ALL
        SELECT 'unfinished jobs', count(*)::int FROM driveshaft.jobs WHERE state IN ('pending', 'running')
        UNION ALL
        SELECT 'unfinished attempts', count(*)::int FROM driveshaft.attempts WHERE ended_at IS NULL
      ) counts WHERE count > 0`);
    if (rows.length === 0) return;
    assert.ok(performance.now() - since < 10_000, `left: ${rows.map((row) => `${row.count} ${row.what}`).join(", ")}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
