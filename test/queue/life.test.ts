import assert from "node:assert/strict";
import { once } from "node:events";
import { PROTOCOL } from "#dist/queue/queue.js";
import { work } from "#dist/queue/worker.js";
import { ask, ended, run, status, until } from "../support/jobs.js";
import { createDatabase, open, roles, type TestDatabase } from "../support/server.js";
import { spawnWorker } from "../support/workers.js";

describe("the life of a job", () => {
  let db: TestDatabase;
  const params = { value: "v", x: "x", y: "y", permutations: 99 };
  const slow = "SELECT id, x, y, v, pg_sleep(1) FROM t";
  before(async () => {
    db = await createDatabase();
    await db.analyst.query(
      "CREATE TABLE t AS SELECT g AS id, random() AS x, random() AS y, random() AS v FROM generate_series(1, 30) g",
    );
  });
  after(() => db.close());

  async function backends(): Promise<number> {
    const { rows } = await db.admin.query<{ count: number }>(
      "SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'driveshaft'",
    );
    return rows[0]!.count;
  }

  it("goes from pending over running, with a phase and progress, to ready", async () => {
    const job = await ask(db.analyst, "moran_local", "SELECT id, x, y, v, pg_sleep(0.05) FROM t", params, "lived");
    assert.equal((await status(db.analyst, job)).state, "pending");
    const stop = await db.startWorker();
    const running = await until(db.analyst, job, ({ state, phase }) => state === "running" && phase !== "starting");
    assert.ok(running.phase === "read" && running.progress >= 0 && running.progress < 1, JSON.stringify(running));
    const ready = await until(db.analyst, job, ended);
    await stop();
    assert.deepEqual([ready.state, ready.progress, ready.error_code], ["ready", 1, null]);
    assert.equal(await backends(), 0);
  });

  it("is never taken for lost by the worker that publishes it", async () => {
    const errors: unknown[] = [];
    const stop = await db.startWorker({ onEnd: (_, error) => error && errors.push(error) });
    for (let i = 0; i < 10; i++) await run(db.analyst, "moran_local", "SELECT * FROM t", params, `kept_${i}`);
    await stop();
    assert.deepEqual(errors, []);
  });

  it("ends at once when it is canceled while pending", async () => {
    const job = await ask(db.analyst, "moran_local", slow, params, "never");
    assert.deepEqual((await db.analyst.query("SELECT cdb_cancel_analysis($1) AS done", [job])).rows, [{ done: true }]);
    assert.equal((await status(db.analyst, job)).state, "canceled");
    assert.deepEqual((await db.analyst.query("SELECT cdb_cancel_analysis($1) AS done", [job])).rows, [{ done: false }]);
  });

  it("passes to another worker when its own is killed, and is ready exactly once", async () => {
    const killed = spawnWorker(db, { lease: 1 });
    const job = await ask(db.analyst, "moran_local", "SELECT id, x, y, v, pg_sleep(0.05) FROM t", params, "inherited");
    await until(db.analyst, job, ({ phase }) => phase === "read");
    killed.kill("SIGKILL");
    await once(killed, "exit");
    const stop = await db.startWorker();
    const { state } = await until(db.analyst, job, ended);
    await stop();
    assert.equal(state, "ready");
    assert.equal((await db.analyst.query("SELECT FROM inherited")).rowCount, 30);
    const { rows } = await db.analyst.query(
      "SELECT number, error_code FROM driveshaft.attempts WHERE job = $1 ORDER BY number",
      [job],
    );
    assert.deepEqual(rows, [
      { number: 1, error_code: "WORKER_LOST" },
      { number: 2, error_code: null },
    ]);
  });

  it("fails with WORKER_LOST after its workers were lost as often as its requester's limit says", async () => {
    const job = await ask(db.analyst, "moran_local", slow, params, "cursed");
    const worker = await open(db.url(roles.worker));
    for (let attempt = 1; attempt <= 5; attempt++) {
      const { rows } = await worker.query<{ job: string; attempt: number }>(
        `SELECT * FROM driveshaft.claim(${PROTOCOL}, 'test', '{analyst}', '0 s')`,
      );
      assert.deepEqual([rows[0]!.job, rows[0]!.attempt], [job, attempt]);
    }
    assert.equal(
      (await worker.query(`SELECT * FROM driveshaft.claim(${PROTOCOL}, 'test', '{analyst}', '0 s')`)).rowCount,
      0,
    );
    await worker.end();
    const { state, error_code } = await status(db.analyst, job);
    assert.deepEqual([state, error_code], ["failed", "WORKER_LOST"]);
  });

  it("cannot be published, beaten or failed with a token that has passed on", async () => {
    const job = await ask(db.analyst, "moran_local", slow, params, "fenced");
    const worker = await open(db.url(roles.worker));
    const claim = async (lease: string): Promise<string> =>
      (
        await worker.query<{ token: string }>(
          `SELECT token FROM driveshaft.claim(${PROTOCOL}, 'test', '{analyst}', $1)`,
          [lease],
        )
      ).rows[0]!.token;
    const stale = await claim("0 s");
    const fresh = await claim("1 min");
    const renew = async (token: string): Promise<unknown> =>
      (
        await worker.query<{ renew_lease: string }>("SELECT driveshaft.renew_lease($1, $2, 'read', 0.1, '1 min')", [
          job,
          token,
        ])
      ).rows[0]!.renew_lease;
    assert.deepEqual([await renew(stale), await renew(fresh)], ["lost", "running"]);

    await db.analyst.query("BEGIN");
    await db.analyst.query("CREATE TABLE fenced (id integer)");
    await assert.rejects(
      db.analyst.query("SELECT driveshaft.publish($1, $2, '{}')", [job, stale]),
      /no longer holds job/,
    );
    await db.analyst.query("ROLLBACK");
    await worker.query("SELECT driveshaft.fail($1, $2, 'INTERNAL', 'late', NULL, NULL)", [job, stale]);
    assert.equal((await status(db.analyst, job)).state, "running");

    const summary = { version: 1, parameters: {}, rows: { read: 1, used: 1, undefined: 0 } };
    await db.analyst.query("BEGIN");
    await db.analyst.query("CREATE TABLE fenced (id integer)");
    await db.analyst.query("SELECT driveshaft.publish($1, $2, $3)", [job, fresh, JSON.stringify(summary)]);
    await db.analyst.query("COMMIT");
    assert.equal((await status(db.analyst, job)).state, "ready");
    // an attempt whose connection broke before the answer to its COMMIT came learns of it
    const failed = "SELECT driveshaft.fail($1, $2, 'CONNECTION_FAILED', 'broken', NULL, '1 s')";
    assert.deepEqual((await worker.query(failed, [job, fresh])).rows, [{ fail: "ready" }]);
    assert.deepEqual((await worker.query(failed, [job, stale])).rows, [{ fail: "lost" }]);
    assert.equal((await status(db.analyst, job)).state, "ready");
    await assert.rejects(
      db.analyst.query("SELECT driveshaft.publish($1, $2, '{}')", [job, fresh]),
      /no longer holds job/,
    );
    await worker.end();
  });

  it("is the requester's alone: the worker runs the query as the requester, in a session without other roles' settings", async () => {
    const stop = await db.startWorker();
    await db.admin.query("ALTER ROLE analyst SET search_path = 'nowhere'");
    try {
      const query =
        "SELECT id, x, y, CASE WHEN current_user = 'analyst' AND session_user = 'analyst' THEN v END AS v FROM t";
      const { state, summary, error_message } = await run(db.analyst, "moran_local", query, params, "as_analyst");
      assert.equal(state, "ready", error_message ?? "");
      assert.equal(summary.rows.used, 30);
    } finally {
      await db.admin.query("ALTER ROLE analyst RESET search_path");
      await stop();
    }
  });

  it("fails where the worker's connection for its requester is another's, or cannot be made, and tells no password", async () => {
    const elsewhere = db.url(roles.analyst).replace(/@127\.0\.0\.1:\d+/, "@127.0.0.1:9");
    for (const [url, message] of [
      [db.url(roles.other), /the worker's connection for analyst logs in as other/],
      [elsewhere, /cannot connect to postgres:\/\/analyst@127\.0\.0\.1:9/],
      [db.url(roles.analyst).replace("postgres://", ""), /the connection is not a URL that can be read/],
    ] as const) {
      const told: string[] = [];
      const stop = new AbortController();
      const working = work({
        database: db.url(roles.worker),
        connections: () => Promise.resolve({ analyst: url }),
        retryMs: 0,
        signal: stop.signal,
        onNotice: (text) => told.push(text),
        onEnd: (_, error) => told.push(JSON.stringify(error)),
      });
      const job = await ask(db.analyst, "moran_local", "SELECT * FROM t", params, "wrong_login");
      const row = await until(db.analyst, job, ended);
      stop.abort();
      await working;
      assert.deepEqual([row.state, row.error_code], ["failed", "CONNECTION_FAILED"]);
      assert.match(row.error_message!, message);
      const { rows: attempts } = await db.analyst.query("SELECT * FROM cdb_analysis_attempts($1)", [job]);
      assert.doesNotMatch(JSON.stringify([row, attempts, told]), /driveshaft[:@]/);
    }
  });

  it("stays pending where no worker has a connection for its requester, and both sides are told", async () => {
    const notices: string[] = [];
    const stop = await db.startWorker({ onNotice: (text) => notices.push(text) });
    const other = await open(db.url(roles.other));
    await db.analyst.query("GRANT SELECT ON t TO other");
    const job = await ask(other, "moran_local", "SELECT * FROM t", params, "unserved");
    await run(db.analyst, "moran_local", "SELECT * FROM t", params, "served");
    const { state, phase } = await status(other, job);
    assert.deepEqual([state, phase], ["pending", "no worker serves other"]);
    while (notices.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual(notices, ["leaving jobs alone, for want of a connection: other (1)"]);
    await other.query("SELECT cdb_cancel_analysis($1)", [job]);
    await other.end();
    await stop();
  });

  it("tells listeners its id, and nothing else", async () => {
    const listener = await open(db.url(roles.other));
    const told: (string | undefined)[] = [];
    listener.on("notification", ({ payload }) => told.push(payload));
    await listener.query("LISTEN driveshaft");
    const job = await ask(db.analyst, "moran_local", "SELECT * FROM t", params, "told");
    await listener.query("SELECT 1");
    assert.deepEqual(told, [job]);
    await listener.end();
    await db.analyst.query("SELECT cdb_cancel_analysis($1)", [job]);
  });

  describe("that is waited for", () => {
    const call = "CALL cdb_run_analysis_and_wait('moran_local', $1, $2, $3)";
    let stop: () => Promise<void>;
    before(async () => {
      stop = await db.startWorker();
    });
    after(() => stop());

    it("returns when it is ready, with the job's id", async () => {
      const { rows } = await db.analyst.query<{ job: string; state: string }>(call, [
        "SELECT * FROM t",
        JSON.stringify(params),
        "awaited",
      ]);
      assert.equal(rows[0]!.state, "ready");
      assert.equal((await status(db.analyst, rows[0]!.job)).state, "ready");
    });

    it("raises what it failed with", async () => {
      await assert.rejects(
        db.analyst.query(call, ["SELECT id, x, y, 1 AS v FROM t", JSON.stringify(params), "awaited2"]),
        /CONSTANT_VALUES: every value is 1/,
      );
    });

    it("is canceled when the wait times out", async () => {
      await db.analyst.query("SET statement_timeout = '700ms'");
      await assert.rejects(
        db.analyst.query(call, [slow, JSON.stringify(params), "awaited3"]),
        /interrupted, and the job canceled/,
      );
      await db.analyst.query("RESET statement_timeout");
      const { rows } = await db.analyst.query<{ id: string }>(
        "SELECT id FROM cdb_analysis_status() WHERE target = 'public.awaited3'",
      );
      assert.equal((await until(db.analyst, rows[0]!.id, ended)).state, "canceled");
    });

    it("is not even asked for inside a transaction block", async () => {
      await db.analyst.query("BEGIN");
      await db.analyst.query("SELECT pg_sleep(0.01)");
      await assert.rejects(
        db.analyst.query(call, ["SELECT * FROM t", JSON.stringify(params), "awaited4"]),
        /invalid transaction termination/,
      );
      await db.analyst.query("ROLLBACK");
      assert.equal(
        (await db.analyst.query("SELECT FROM cdb_analysis_status() WHERE target = 'public.awaited4'")).rowCount,
        0,
      );
    });
  });
});
