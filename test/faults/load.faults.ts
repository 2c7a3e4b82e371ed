import assert from "node:assert/strict";
import { assertNothingLeft } from "../support/leftovers.js";
import { createDatabase, type TestDatabase } from "../support/server.js";
import { spawnWorker } from "../support/workers.js";

const JOBS = 2000;
const WORKERS = 4;

describe(`${JOBS} jobs on ${WORKERS} workers`, () => {
  let db: TestDatabase;
  before(async () => {
    db = await createDatabase();
    await db.admin.query("UPDATE driveshaft.limits SET queued = $1", [JOBS]);
    await db.analyst.query(
      "CREATE TABLE t AS SELECT g AS id, random() AS x, random() AS y, random() AS v FROM generate_series(1, 100) g",
    );
  });
  after(() => db.close());

  it("are all done once, none lost and none doubled", async () => {
    await db.analyst.query(
      `SELECT cdb_run_analysis('moran_local', 'SELECT * FROM t', '{"value": "v", "x": "x", "y": "y", "inference": "permutation", "permutations": 99}', 'load_' || g) FROM generate_series(1, $1::int) g`,
      [JOBS],
    );
    const since = performance.now();
    const workers = Array.from({ length: WORKERS }, () => spawnWorker(db, { lease: 10 }));
    try {
      for (;;) {
        const { rows } = await db.admin.query<{ count: number }>(
          "SELECT count(*)::int FROM driveshaft.jobs WHERE state IN ('pending', 'running')",
        );
        if (rows[0]!.count === 0) break;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    } finally {
      for (const worker of workers) worker.kill("SIGTERM");
    }
    const seconds = (performance.now() - since) / 1000;
    const { rows } = await db.admin.query(`
      SELECT (SELECT count(*)::int FROM driveshaft.jobs WHERE state = 'ready') AS ready,
             (SELECT count(*)::int FROM driveshaft.attempts WHERE error_code IS NULL) AS attempts,
             (SELECT count(*)::int FROM driveshaft.results) AS results,
             (SELECT count(*)::int FROM pg_class WHERE relkind = 'r' AND relname LIKE 'load\\_%') AS tables`);
    assert.deepEqual(rows, [{ ready: JOBS, attempts: JOBS, results: JOBS, tables: JOBS }]);
    await assertNothingLeft(db.admin);
    console.log(`      ${(JOBS / seconds).toFixed(1)} jobs per second, ${seconds.toFixed(0)} s in all`);
  });
});
