import assert from "node:assert/strict";
import type pg from "pg";
import { PROTOCOL } from "#dist/queue/queue.js";
import { ask, ended, run, status, until } from "../support/jobs.js";
import { createDatabase, roles, type TestDatabase } from "../support/server.js";

describe("a lock of a requester's", () => {
  let db: TestDatabase;
  let other: pg.Client;
  /** A session of the analyst's with an open transaction. */
  let open: pg.Client;
  let stop: (() => Promise<void>) | undefined;
  const xy = { value: "v", x: "x", y: "y", permutations: 99 };
  const failing =
    "SELECT id, x, y, CASE WHEN id < 30 THEN v ELSE 1 / (pg_sleep(1)::text <> '')::int - v / 0 END AS v FROM t";
  before(async () => {
    db = await createDatabase();
    other = await db.open(roles.other);
    for (const client of [db.analyst, other]) {
      await client.query("CREATE SCHEMA AUTHORIZATION CURRENT_ROLE").catch(() => {});
    }
    await db.analyst.query(
      "CREATE TABLE t AS SELECT g AS id, random() AS x, random() AS y, random() AS v FROM generate_series(1, 30) g",
    );
    await db.analyst.query("GRANT SELECT ON t TO other");
  });
  after(async () => {
    await other.end();
    await db.close();
  });
  beforeEach(async () => {
    open = await db.open(roles.analyst);
  });
  afterEach(async () => {
    await open.end();
    await stop?.();
    stop = undefined;
  });

  async function start(): Promise<void> {
    const connections = { analyst: db.url(roles.analyst), other: db.url(roles.other) };
    stop = await db.startWorker({ connections: () => Promise.resolve(connections) });
  }
  /** A job of another role runs from end to end. */
  async function assertOthersRun(): Promise<void> {
    const since = performance.now();
    assert.equal((await run(other, "moran_local", "SELECT * FROM t", xy)).state, "ready");
    assert.ok(performance.now() - since < 9000, `${performance.now() - since} ms`);
  }
  /** The job, with the token of an attempt of nobody's. */
  async function claimed(lease: string): Promise<{ job: string; token: string; worker: pg.Client }> {
    const worker = await db.open(roles.worker);
    const { rows } = await worker.query<{ job: string; token: string }>(
      "SELECT job, token FROM driveshaft.claim($1, 'nobody', '{analyst}', $2)",
      [PROTOCOL, lease],
    );
    return { ...rows[0]!, worker };
  }

  it("cannot be had on a row of the queue, nor on its tables", async () => {
    await ask(db.analyst, "moran_local", "SELECT * FROM t", xy);
    const { rows } = await db.admin.query<{ name: string }>(
      "SELECT oid::regclass::text AS name FROM pg_class WHERE relnamespace = 'driveshaft'::regnamespace AND relkind = 'r'",
    );
    assert.ok(rows.length > 10);
    for (const { name } of rows) {
      for (const strength of ["UPDATE", "NO KEY UPDATE", "SHARE", "KEY SHARE"]) {
        await assert.rejects(db.analyst.query(`SELECT FROM ${name} FOR ${strength}`), { code: "42501" }, name);
      }
      for (const mode of ["ROW SHARE", "ROW EXCLUSIVE", "SHARE", "ACCESS EXCLUSIVE"]) {
        await assert.rejects(open.query(`BEGIN; LOCK TABLE ${name} IN ${mode} MODE`), { code: "42501" }, name);
        await open.query("ROLLBACK");
      }
    }
    await assert.rejects(db.analyst.query("UPDATE driveshaft.jobs SET id = id"), { code: "42501" });
    await assert.rejects(db.analyst.query("DELETE FROM driveshaft.cancellations"), { code: "42501" });
    await db.analyst.query("SELECT cdb_cancel_analysis(id) FROM cdb_analysis_status()");
  });

  it("by a cancellation that is not committed does not keep a running job from its end", async () => {
    await start();
    const bad = await ask(db.analyst, "moran_local", failing, xy);
    await until(db.analyst, bad, ({ phase }) => phase === "read");
    await open.query("BEGIN");
    await open.query("SELECT cdb_cancel_analysis($1)", [bad]);
    assert.equal((await until(db.analyst, bad, ended)).state, "failed");
    await assertOthersRun();

    const good = await ask(db.analyst, "moran_local", "SELECT *, pg_sleep(0.02) FROM t", xy);
    await until(db.analyst, good, ({ phase }) => phase === "read");
    await open.query("SELECT cdb_cancel_analysis($1)", [good]);
    assert.equal((await until(db.analyst, good, ended)).state, "ready");
    await open.query("COMMIT");
    assert.equal((await status(db.analyst, good)).state, "ready");
  });

  it("by a cancellation that is not committed stops neither other jobs, nor its own after a ROLLBACK", async () => {
    const job = await ask(db.analyst, "moran_local", "SELECT * FROM t", xy);
    await open.query("BEGIN");
    await open.query("SELECT cdb_cancel_analysis($1)", [job]);
    await start();
    await assertOthersRun();
    assert.equal((await status(db.analyst, job)).state, "pending");
    await open.query("ROLLBACK");
    assert.equal((await until(db.analyst, job, ended)).state, "ready");
  });

  it("by a cancellation that is not committed does not keep an expired job in the way", async () => {
    const job = await ask(db.analyst, "moran_local", "SELECT *, pg_sleep(1) FROM t", xy);
    await (await claimed("0 s")).worker.end();
    await open.query("BEGIN");
    await open.query("SELECT cdb_cancel_analysis($1)", [job]);
    await start();
    await assertOthersRun();
    await open.query("COMMIT");
    assert.equal((await until(db.analyst, job, ended)).state, "canceled");
  });

  it("by a cancellation from an older snapshot is given back where a worker has the job", async () => {
    await open.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    const job = await ask(db.analyst, "moran_local", "SELECT * FROM t", xy);
    await open.query("SELECT count(*) FROM driveshaft.jobs");
    const { token, worker } = await claimed("1 min");
    await open.query("SELECT cdb_cancel_analysis($1)", [job]);
    const free = "SELECT FROM driveshaft.jobs WHERE id = $1 FOR NO KEY UPDATE NOWAIT";
    assert.equal((await db.admin.query(free, [job])).rowCount, 1);
    await open.query("COMMIT");
    const renewed = await worker.query("SELECT driveshaft.renew_lease($1, $2, 'read', 0.1, '1 min')", [job, token]);
    assert.deepEqual(renewed.rows, [{ renew_lease: "canceled" }]);
    await worker.query("SELECT driveshaft.fail($1, $2, 'CANCELED', '', NULL, NULL)", [job, token]);
    await worker.end();
    assert.equal((await status(db.analyst, job)).state, "canceled");
  });

  it("lets no cancellation be lost that is committed after the job went back to the queue", async () => {
    const job = await ask(db.analyst, "moran_local", "SELECT * FROM t", xy);
    const { token, worker } = await claimed("1 min");
    await open.query("BEGIN");
    await open.query("SELECT cdb_cancel_analysis($1)", [job]);
    const reported = await worker.query("SELECT driveshaft.fail($1, $2, 'CONNECTION_FAILED', '', NULL, '0 s')", [
      job,
      token,
    ]);
    assert.deepEqual(reported.rows, [{ fail: "noted" }]);
    assert.equal((await status(db.analyst, job)).state, "pending");
    await open.query("COMMIT");
    await worker.end();
    await start();
    assert.equal((await until(db.analyst, job, ended)).state, "canceled");
  });

  it("of an administrator's, on a job's row, holds up no other job, leaves no backend, and the job's end is told later", async () => {
    await start();
    const job = await ask(db.analyst, "moran_local", failing, xy);
    await until(db.analyst, job, ({ phase }) => phase === "read");
    const admin = await db.reopen();
    try {
      await admin.admin.query("BEGIN");
      await admin.admin.query("SELECT FROM driveshaft.jobs WHERE id = $1 FOR UPDATE", [job]);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await assertOthersRun();
      assert.equal((await status(db.analyst, job)).state, "running");
      const { rows } = await db.admin.query(
        "SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND usename = $1",
        [roles.worker],
      );
      assert.deepEqual(rows, [{ count: 1 }]);
      await admin.admin.query("COMMIT");
      const { state, error_message } = await until(db.analyst, job, ended);
      assert.deepEqual([state, error_message!.includes("division by zero")], ["failed", true]);
    } finally {
      await admin.analyst.end();
      await admin.admin.end();
    }
  });
});
