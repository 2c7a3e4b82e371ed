import assert from "node:assert/strict";
import type pg from "pg";
import { ask, ended, run, status, until } from "../support/jobs.js";
import { assertNothingLeft } from "../support/leftovers.js";
import { startProxy, type Proxy } from "../support/proxy.js";
import { createDatabase, roles, type TestDatabase } from "../support/server.js";

/** How many backends are at a COPY of a job's. */
async function copies(admin: pg.Client, way: string): Promise<number> {
  const { rows } = await admin.query<{ count: number }>(
    `SELECT count(*)::int FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'driveshaft' AND state = 'active' AND query ~ $1`,
    [`^COPY .* ${way}`],
  );
  return rows[0]!.count;
}

describe("the limits of a job", () => {
  let db: TestDatabase;
  let stop: () => Promise<void>;
  const xy = { value: "v", x: "x", y: "y", permutations: 99 };
  before(async () => {
    db = await createDatabase();
    stop = await db.startWorker();
    await db.analyst.query(`
      CREATE TABLE t AS SELECT g AS id, random() AS x, random() AS y, random() AS v FROM generate_series(1, 3000) g;
      CREATE FUNCTION stubborn(seconds float8) RETURNS int LANGUAGE plpgsql AS $$
      DECLARE until timestamptz := clock_timestamp() + make_interval(secs => seconds);
      BEGIN
        PERFORM set_config('statement_timeout', '0', false), set_config('client_connection_check_interval', '0', false);
        WHILE clock_timestamp() < until LOOP
          BEGIN PERFORM pg_sleep(30); EXCEPTION WHEN query_canceled THEN NULL; END;
        END LOOP;
        RETURN 1;
      END $$`);
  });
  after(async () => {
    await stop();
    await db.close();
  });

  it("on rows ends it with ROW_LIMIT, by its parameter and by its role's limit", async () => {
    const few = await run(db.analyst, "moran_local", "SELECT * FROM t", { ...xy, row_limit: 2999 });
    assert.deepEqual([few.error_code, few.error_message], ["ROW_LIMIT", "the query returns more than 2999 rows"]);
    assert.equal((await run(db.analyst, "moran_local", "SELECT * FROM t", { ...xy, row_limit: 3000 })).state, "ready");
    await db.admin.query("INSERT INTO driveshaft.limits (role, rows) VALUES ('analyst', 100)");
    assert.equal((await run(db.analyst, "moran_local", "SELECT * FROM t", xy)).error_code, "ROW_LIMIT");
    await assert.rejects(
      ask(db.analyst, "moran_local", "SELECT * FROM t", { ...xy, row_limit: 101 }),
      /INVALID_PARAMETER: params.row_limit is 101, but the limit of analyst is 100/,
    );
    await db.admin.query("DELETE FROM driveshaft.limits WHERE role = 'analyst'");
  });

  it("on rows holds for the pairs of a query of weights too", async () => {
    const query = "SELECT a.id AS focal, b.id AS neighbor FROM t a, t b WHERE a.id < 60 AND b.id < 60 AND a.id <> b.id";
    const params = { ...xy, weights: { type: "query", query } };
    const many = await run(db.analyst, "moran_local", "SELECT * FROM t", { ...params, row_limit: 3421 });
    assert.deepEqual(
      [many.error_code, many.error_message],
      ["ROW_LIMIT", "the query of weights returns more than 3421 rows"],
    );
    assert.equal(
      (await run(db.analyst, "moran_local", "SELECT * FROM t", { ...params, row_limit: 3422 })).state,
      "ready",
    );
  });

  it("on time ends it with TIMEOUT inside a query that swallows cancellation and switches off timeouts", async () => {
    const { error_code, error_message } = await run(db.analyst, "moran_local", "SELECT *, stubborn(60) FROM t", {
      ...xy,
      timeout: 1,
    });
    assert.deepEqual([error_code, error_message], ["TIMEOUT", "the job took longer than its 1 s"]);
    await assertNothingLeft(db.admin);
  });

  it("on time ends it with TIMEOUT inside a kernel", async () => {
    const endless = {
      ...xy,
      inference: "permutation",
      permutations: 90_000_000,
      weights: { type: "knn", k: 50 },
      timeout: 1,
    };
    assert.equal((await run(db.analyst, "moran_local", "SELECT * FROM t", endless)).error_code, "TIMEOUT");
    await assertNothingLeft(db.admin);
  });

  it("on memory ends it with OUT_OF_MEMORY before the process dies of it", async () => {
    const query =
      "SELECT g AS id, g * 0.1 AS x, g % 7 AS y, g % 11 AS v, repeat('x', 1000) AS pad FROM generate_series(1, 5000000) g";
    const { error_code, error_message } = await run(db.analyst, "moran_local", query, {
      ...xy,
      include: ["pad"],
      memory_limit: 700,
    });
    assert.equal(error_code, "OUT_OF_MEMORY");
    assert.match(error_message!, /more than 700 MB of memory/);
    await assertNothingLeft(db.admin);
  });

  it("on the queue refuses more unfinished jobs than the role may have", async () => {
    await stop();
    await db.admin.query("INSERT INTO driveshaft.limits (role, queued) VALUES ('analyst', 2)");
    const jobs = [
      await ask(db.analyst, "moran_local", "SELECT * FROM t", xy),
      await ask(db.analyst, "moran_local", "SELECT * FROM t", xy),
    ];
    await assert.rejects(
      ask(db.analyst, "moran_local", "SELECT * FROM t", xy),
      /QUEUE_LIMIT: analyst has 2 jobs waiting or running already/,
    );
    for (const job of jobs) await db.analyst.query("SELECT cdb_cancel_analysis($1)", [job]);
    await db.admin.query("DELETE FROM driveshaft.limits WHERE role = 'analyst'");
    stop = await db.startWorker();
  });

  describe("that is canceled ends within two seconds, and leaves nothing,", () => {
    async function assertCanceled(job: string): Promise<void> {
      const since = performance.now();
      await db.analyst.query("SELECT cdb_cancel_analysis($1)", [job]);
      assert.equal((await until(db.analyst, job, ended)).state, "canceled");
      assert.ok(performance.now() - since < 2000, `${performance.now() - since} ms`);
      await assertNothingLeft(db.admin);
    }

    const cases: [where: string, phase: string, query: string, params: object][] = [
      ["inside a query that swallows cancellation", "read", "SELECT *, stubborn(60) FROM t", xy],
      ["inside a query before its first row", "read", "SELECT t.* FROM t, (SELECT pg_sleep(60)) s", xy],
      [
        "inside a kernel",
        "permutations",
        "SELECT * FROM t",
        { ...xy, inference: "permutation", permutations: 90_000_000, weights: { type: "knn", k: 50 } },
      ],
    ];
    for (const [where, phase, query, params] of cases) {
      it(where, async () => {
        const job = await ask(db.analyst, "moran_local", query, params);
        await until(db.analyst, job, (now) => now.phase === phase);
        await assertCanceled(job);
      });
    }

    describe("behind a network that fails,", () => {
      let proxy: Proxy;
      let stopFar: () => Promise<void>;
      before(async () => {
        await stop();
        proxy = await startProxy(db.url());
        stopFar = await db.startWorker({
          connections: () => Promise.resolve({ [roles.analyst]: proxy.through(db.url(roles.analyst)) }),
        });
      });
      after(async () => {
        await stopFar();
        await proxy.close();
        stop = await db.startWorker();
      });

      // 15 MB, which a slow network carries for seconds
      const wide = "SELECT *, repeat('wide', 1250) AS wide FROM t";
      for (const [way, copying] of [
        ["to the server", "FROM STDIN"],
        ["from the server", "TO STDOUT"],
      ] as const) {
        it(`inside a COPY ${way} that is swallowed`, async () => {
          const params = { ...xy, include: ["wide"], inference: "permutation", permutations: 999_999, timeout: 60 };
          const job = await ask(db.analyst, "moran_local", wide, params);
          if (copying === "FROM STDIN") await until(db.analyst, job, (now) => now.phase === "permutations");
          proxy.fail("slow", 60_000);
          while ((await copies(db.admin, copying)) === 0) assert.ok(!ended(await status(db.analyst, job)));
          proxy.fail("stall");
          await new Promise((resolve) => setTimeout(resolve, 300));
          await assertCanceled(job);
        });
      }

      it("where the server cannot be reached to end a query, as soon as it can", async () => {
        const job = await ask(db.analyst, "moran_local", "SELECT *, stubborn(60) FROM t", xy);
        while ((await copies(db.admin, "TO STDOUT")) === 0) assert.ok(!ended(await status(db.analyst, job)));
        proxy.fail("stall");
        proxy.fail("closed", 1000);
        await assertCanceled(job);
      });
    });

    it("while it waits for the lock of its target", async () => {
      await run(db.analyst, "moran_local", "SELECT * FROM t", xy, "locked");
      const reader = await db.open(roles.analyst);
      try {
        await reader.query("BEGIN; LOCK TABLE locked IN ACCESS SHARE MODE");
        const job = await ask(db.analyst, "moran_local", "SELECT * FROM t", { ...xy, overwrite: true }, "locked");
        await until(db.analyst, job, (now) => now.phase === "write");
        await new Promise((resolve) => setTimeout(resolve, 300));
        await assertCanceled(job);
      } finally {
        await reader.end();
      }
    });
  });

  it("that fails for a passing reason is tried again, and says so; one that fails for good is not", async () => {
    await db.analyst.query(
      "CREATE SEQUENCE tries; CREATE FUNCTION passing() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING errcode = '40001', message = 'could not serialize'; END $$",
    );
    await db.admin.query("INSERT INTO driveshaft.limits (role, attempts) VALUES ('analyst', 2)");
    const job = (await run(db.analyst, "moran_local", "SELECT *, passing() FROM t", xy)).id;
    const now = await status(db.analyst, job);
    assert.deepEqual([now.state, now.error_code], ["failed", "QUERY_FAILED"]);
    const { rows } = await db.analyst.query("SELECT number, error_code FROM cdb_analysis_attempts($1)", [job]);
    assert.deepEqual(rows, [
      { number: 1, error_code: "QUERY_FAILED" },
      { number: 2, error_code: "QUERY_FAILED" },
    ]);
    const terminated = await run(
      db.analyst,
      "moran_local",
      "SELECT *, pg_terminate_backend(pg_backend_pid()) FROM t",
      xy,
    );
    assert.equal(terminated.error_code, "CONNECTION_FAILED");
    assert.match(
      terminated.error_message!,
      /the server broke off: terminating connection due to administrator command/,
    );
    assert.equal((await db.analyst.query("SELECT * FROM cdb_analysis_attempts($1)", [terminated.id])).rowCount, 2);
    const once = (await run(db.analyst, "moran_local", "SELECT *, 1 / (id - 5) AS z FROM t", xy)).id;
    assert.equal((await db.analyst.query("SELECT * FROM cdb_analysis_attempts($1)", [once])).rowCount, 1);
    await db.admin.query("DELETE FROM driveshaft.limits WHERE role = 'analyst'");
  });
});
