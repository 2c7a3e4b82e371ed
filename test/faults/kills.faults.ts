import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { ask } from "../support/jobs.js";
import { assertNothingLeft } from "../support/leftovers.js";
import { generator } from "../support/random.js";
import { createDatabase, type TestDatabase } from "../support/server.js";
import { spawnWorker } from "../support/workers.js";

const KILLS = 300;
const WORKERS = 3;
/** Jobs that wait or run while workers are killed. */
const QUEUED = 6;

describe(`${KILLS} kills of workers at random moments`, () => {
  let db: TestDatabase;
  before(async () => {
    db = await createDatabase();
    await db.admin.query("UPDATE driveshaft.limits SET attempts = 10000, queued = 100000");
    await db.analyst.query(
      "CREATE TABLE t AS SELECT g AS id, random() AS x, random() AS y, random() AS v FROM generate_series(1, 5000) g",
    );
  });
  after(() => db.close());

  const digest = (table: string): string => `SELECT md5(string_agg(r::text, ',' ORDER BY id)) FROM ${table} r`;

  it("leave every job ready exactly once, with the right bytes, and nothing behind", async () => {
    const random = generator(300);
    const asked: string[] = [];
    const params = { value: "v", x: "x", y: "y", include: ["slow"] };
    // slow enough that a kill meets every phase
    const query = "SELECT *, CASE WHEN id % 250 = 0 THEN pg_sleep(0.01)::text ELSE 'carried' END AS slow FROM t";
    async function refill(): Promise<void> {
      const { rows } = await db.admin.query<{ count: number }>(
        "SELECT count(*)::int FROM driveshaft.jobs WHERE state IN ('pending', 'running')",
      );
      for (let i = rows[0]!.count; i < QUEUED; i++) {
        const target = `result_${asked.length}`;
        asked.push(target);
        await ask(db.analyst, "moran_local", query, params, target);
      }
    }

    const workers: ChildProcess[] = Array.from({ length: WORKERS }, () => spawnWorker(db, { lease: 1 }));
    const phases: Record<string, number> = {};
    try {
      for (let kill = 0; kill < KILLS; kill++) {
        await refill();
        await new Promise((resolve) => setTimeout(resolve, 700 * random()));
        const victim = Math.floor(random() * WORKERS);
        const { rows } = await db.admin.query<{ phase: string }>(
          "SELECT phase FROM driveshaft.progress p JOIN driveshaft.jobs j ON j.id = p.job JOIN driveshaft.attempts a ON a.job = j.id AND a.ended_at IS NULL WHERE j.state = 'running' AND a.worker LIKE '%:' || $1 || ':%'",
          [workers[victim]!.pid],
        );
        const phase = rows[0]?.phase ?? "idle";
        phases[phase] = (phases[phase] ?? 0) + 1;
        workers[victim]!.kill("SIGKILL");
        await once(workers[victim]!, "exit");
        workers[victim] = spawnWorker(db, { lease: 1 });
      }
      for (;;) {
        const { rows } = await db.admin.query<{ count: number }>(
          "SELECT count(*)::int FROM driveshaft.jobs WHERE state IN ('pending', 'running')",
        );
        if (rows[0]!.count === 0) break;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    } finally {
      for (const worker of workers) worker.kill("SIGKILL");
    }

    const { rows: wrong } = await db.admin.query(
      "SELECT state, error_message FROM driveshaft.jobs WHERE state <> 'ready'",
    );
    assert.deepEqual(wrong, []);
    const { rows: counts } = await db.admin.query<{ job: string; ready: number; all: number }>(
      "SELECT job, count(*) FILTER (WHERE error_code IS NULL)::int AS ready, count(*)::int AS all FROM driveshaft.attempts GROUP BY job",
    );
    assert.equal(counts.length, asked.length);
    assert.deepEqual(
      counts.filter(({ ready }) => ready !== 1),
      [],
    );
    const digests = new Set<string>();
    for (const target of asked) digests.add((await db.analyst.query<{ md5: string }>(digest(target))).rows[0]!.md5);
    assert.equal(digests.size, 1);
    assert.equal((await db.analyst.query(`SELECT FROM ${asked[0]}`)).rowCount, 5000);
    await assertNothingLeft(db.admin);
    const attempts = counts.reduce((sum, { all }) => sum + all, 0);
    console.log(`      ${asked.length} jobs, ${attempts} attempts; killed while: ${JSON.stringify(phases)}`);
  });
});
