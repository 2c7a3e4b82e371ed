import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { uninstall } from "#dist/install/uninstall.js";
import { PROTOCOL } from "#dist/queue/queue.js";
import { failure } from "../support/assertions.js";
import { ask, ended, run, status, until } from "../support/jobs.js";
import { createDatabase, open, roles, type TestDatabase } from "../support/server.js";

describe("an installation", () => {
  let db: TestDatabase;
  const xy = { value: "v", x: "x", y: "y", permutations: 99 };
  beforeEach(async () => {
    db = await createDatabase();
    await db.analyst.query(
      "CREATE TABLE t AS SELECT g AS id, random() AS x, random() AS y, random() AS v FROM generate_series(1, 30) g",
    );
  });
  afterEach(() => db.close());
  const request = (target?: string): Promise<string> => ask(db.analyst, "moran_local", "SELECT * FROM t", xy, target);

  it("can be made again at any time, and keeps jobs, limits and settings", async () => {
    const job = await request();
    await db.admin.query("UPDATE driveshaft.limits SET seconds = 77");
    await db.install({ retention: "7 days" });
    await db.install();
    assert.equal((await status(db.analyst, job)).state, "pending");
    const { rows } = await db.admin.query(
      "SELECT seconds, (SELECT value FROM driveshaft.settings WHERE name = 'retention') AS retention FROM driveshaft.limits",
    );
    assert.deepEqual(rows, [{ seconds: 77, retention: "7 days" }]);
    await assert.rejects(db.install({ retention: "soon" }), failure("INVALID_PARAMETER", /the retention is "soon"/));
  });

  it("is for all roles, or for those that may use its schema", async () => {
    const owner = await open(db.url(roles.owner));
    const stop = await db.startWorker();
    try {
      assert.equal((await run(db.analyst, "moran_local", "SELECT * FROM t", xy)).state, "ready");
      await owner.query(`GRANT USAGE ON SCHEMA driveshaft TO ${roles.worker}`);
      await owner.query("REVOKE USAGE ON SCHEMA driveshaft FROM PUBLIC");
      await assert.rejects(request(), /permission denied for schema driveshaft/);
      await owner.query(`GRANT USAGE ON SCHEMA driveshaft TO ${roles.analyst}`);
      await db.install();
      assert.equal((await run(db.analyst, "moran_local", "SELECT * FROM t", xy)).state, "ready");
    } finally {
      await stop();
      await owner.end();
    }
  });

  it("of the first version is upgraded with its jobs: a pending one runs, one in the hands of an old worker is taken from it, or ends where it was canceled, or its role is gone", async () => {
    await uninstall(db.admin, false);
    const owner = await open(db.url(roles.owner));
    // what version 1 left in a database: its tables, and the functions that old workers call
    await owner.query(
      "CREATE SCHEMA driveshaft; CREATE TABLE driveshaft.migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())",
    );
    await owner.query(await readFile("sql/migrations/001_jobs.sql", "utf8"));
    await owner.query("INSERT INTO driveshaft.migrations VALUES ('001_jobs.sql')");
    await owner.query(
      "CREATE FUNCTION driveshaft.claim(worker text, roles name[], lease interval) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    );
    const { rows } = await owner.query<{ id: string }>(
      `INSERT INTO driveshaft.jobs (requester, analysis, query, params, target, state, token_hash, path)
       VALUES ('analyst', 'moran_local', 'SELECT * FROM t', $1, 'public.first', 'pending', NULL, 'public'),
              ('analyst', 'moran_local', 'SELECT * FROM t', $1, 'public.second', 'running', sha256('old'), 'public'),
              ('dropped', 'moran_local', 'SELECT * FROM t', $1, 'public.other', 'pending', NULL, 'public'),
              ('analyst', 'moran_local', 'SELECT * FROM t', $1, 'public.third', 'running', sha256('old'), 'public') RETURNING id`,
      [JSON.stringify(xy)],
    );
    const canceled = rows.pop()!.id;
    const orphan = rows.pop()!.id;
    await owner.query("UPDATE driveshaft.jobs SET cancel = true WHERE id = $1", [canceled]);
    await owner.end();
    await db.install();
    const worker = await open(db.url(roles.worker));
    assert.deepEqual(
      (await worker.query("SELECT driveshaft.renew_lease($1, 'old', 'write', 0.9, '30 s')", [rows[1]!.id])).rows,
      [{ renew_lease: "lost" }],
    );
    await assert.rejects(worker.query("SELECT * FROM driveshaft.claim('old', '{analyst}', '30 s')"), { code: "42883" });
    await assert.rejects(db.analyst.query("SELECT driveshaft.publish($1, 'old', '{}')", [rows[1]!.id]), {
      code: "DS001",
    });
    await worker.end();
    const stop = await db.startWorker();
    for (const { id } of rows) assert.equal((await until(db.analyst, id, ended)).state, "ready");
    assert.equal((await until(db.analyst, canceled, ended)).state, "canceled");
    assert.equal((await until(db.admin, orphan, ended)).error_code, "ROLE_GONE");
    await stop();
  });

  it("drops the functions that are no more, with their triggers, and lets workers that were admitted call new ones", async () => {
    const schema = async (): Promise<{ routine: string; proacl: string }[]> =>
      (
        await db.admin.query<{ routine: string; proacl: string }>(`
          SELECT oid::regprocedure::text AS routine, proacl::text FROM pg_proc
           WHERE pronamespace = 'driveshaft'::regnamespace
           UNION ALL
          SELECT tgname, tgfoid::regproc::text FROM pg_trigger WHERE tgrelid = 'driveshaft.jobs'::regclass AND NOT tgisinternal
           ORDER BY 1`)
      ).rows;
    const fresh = await schema();
    const owner = await open(db.url(roles.owner));
    await owner.query(`
      CREATE FUNCTION driveshaft.beat(job uuid, token text, phase text, share float, lease interval) RETURNS text
        LANGUAGE sql AS 'SELECT ''running''';
      GRANT EXECUTE ON FUNCTION driveshaft.beat TO ${roles.worker};
      CREATE FUNCTION driveshaft.sweep(often interval) RETURNS void LANGUAGE sql AS 'SELECT';
      CREATE FUNCTION driveshaft.tell() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE TRIGGER tell_new AFTER INSERT ON driveshaft.jobs FOR EACH ROW EXECUTE FUNCTION driveshaft.tell();
      GRANT EXECUTE ON FUNCTION driveshaft.refuse TO ${roles.worker};
      DROP FUNCTION driveshaft.renew_lease, driveshaft.queue_depth;
      CREATE FUNCTION driveshaft.queue_depth(engines text[], OUT pending int, OUT untold int, OUT oldest_seconds float)
        LANGUAGE sql AS 'SELECT 0, 0, 0::float';
      DELETE FROM driveshaft.migrations WHERE name = '007_unsent.sql'`);
    await owner.end();
    await db.install({ worker: undefined });
    assert.deepEqual(await schema(), fresh);
  });

  it("that knew requesters by name only keeps them their jobs and results", async () => {
    const stop = await db.startWorker();
    await run(db.analyst, "moran_local", "SELECT * FROM t", xy, "kept");
    await stop();
    for (const table of ["jobs", "results"]) {
      await db.admin.query(
        `ALTER TABLE driveshaft.${table} DROP COLUMN requester_id CASCADE;
         CREATE POLICY own_${table} ON driveshaft.${table} USING (requester = current_user)`,
      );
    }
    await db.admin.query("DELETE FROM driveshaft.migrations WHERE name = '005_requester_ids.sql'");
    await db.install();
    const seen = await db.analyst.query(
      "SELECT target FROM cdb_analysis_status() JOIN cdb_analysis_results() USING (target)",
    );
    assert.deepEqual(seen.rows, [{ target: "public.kept" }]);
    await ask(db.analyst, "moran_local", "SELECT * FROM t", { ...xy, overwrite: true }, "kept");
  });

  it("waits for no lock of others for long, and says whose it is; nor does its removal", async () => {
    await db.analyst.query("BEGIN; SELECT pg_advisory_lock(7263514)");
    await db.install();
    await request();
    const since = performance.now();
    const said = failure("TARGET_BUSY", /the tables of Driveshaft are in use by analyst \(backend \d+\)/);
    await assert.rejects(db.install(), said);
    await assert.rejects(uninstall(db.admin, true), said);
    assert.ok(performance.now() - since < 20_000);
    await db.analyst.query("ROLLBACK");
    await db.install();
  });

  it("can be made by two at the same time", async () => {
    await uninstall(db.admin, true);
    await Promise.all([db.install(), db.install()]);
    assert.notEqual((await db.admin.query("SELECT FROM cdb_analyses()")).rowCount, 0);
  });

  it("refuses a worker of another version, and an older version refuses it", async () => {
    await db.admin.query("UPDATE driveshaft.settings SET value = '99' WHERE name = 'protocol'");
    await assert.rejects(
      db.startWorker().then((stop) => stop()),
      failure("VERSION_MISMATCH", new RegExp(`the database speaks protocol 99, this worker ${PROTOCOL}`)),
    );
    await db.admin.query("INSERT INTO driveshaft.migrations (name) VALUES ('900_future.sql')");
    await assert.rejects(db.install(), failure("VERSION_MISMATCH", /a newer Driveshaft, with 900_future.sql/));
  });

  it("is removed by uninstall, published tables apart; not with unfinished jobs or views of others, unless forced", async () => {
    const stop = await db.startWorker();
    await run(db.analyst, "moran_local", "SELECT * FROM t", xy, "kept");
    await stop();
    const job = await request();
    await assert.rejects(uninstall(db.admin, false), failure("UNFINISHED_JOBS", /1 job is pending or running/));
    await db.analyst.query("SELECT cdb_cancel_analysis($1)", [job]);
    await db.admin.query("CREATE VIEW watching AS SELECT count(*) FROM driveshaft.jobs");
    await assert.rejects(uninstall(db.admin, false), failure("TARGET_IN_USE", /view public.watching/));
    await db.admin.query("DROP VIEW watching; CREATE VIEW watching AS SELECT * FROM cdb_analyses()");
    await assert.rejects(uninstall(db.admin, false), failure("TARGET_IN_USE", /view public.watching/));
    await uninstall(db.admin, true);
    const { rows } = await db.admin.query(
      "SELECT to_regnamespace('driveshaft') AS schema, (SELECT count(*)::int FROM pg_proc WHERE proname LIKE 'cdb\\_%') AS functions, (SELECT count(*)::int FROM kept) AS kept",
    );
    assert.deepEqual(rows, [{ schema: null, functions: 0, kept: 30 }]);
    await assert.rejects(uninstall(db.admin, false), failure("NOT_INSTALLED", /no Driveshaft/));
    await db.install();
  });

  it("deletes finished jobs after their retention, but keeps the results' entries while their tables stand", async () => {
    const stop = await db.startWorker();
    const { id } = await run(db.analyst, "moran_local", "SELECT * FROM t", xy, "old_result");
    await stop();
    await db.admin.query("SELECT driveshaft.sweep()");
    assert.equal((await status(db.analyst, id)).state, "ready");
    await db.admin.query("UPDATE driveshaft.jobs SET finished_at = now() - interval '31 days'");
    await db.admin.query("SELECT driveshaft.sweep()");
    assert.equal((await db.analyst.query("SELECT * FROM cdb_analysis_status()")).rowCount, 0);
    assert.equal((await db.analyst.query("SELECT * FROM cdb_analysis_results()")).rowCount, 1);
    await db.analyst.query("DROP TABLE old_result");
    await db.admin.query("SELECT driveshaft.sweep()");
    assert.equal((await db.admin.query("SELECT FROM driveshaft.results")).rowCount, 0);
  });

  it("that came with a restored dump does not run the jobs of the original", async () => {
    const job = await request("restored");
    // a restored row has another server's or another database's number
    await db.admin.query("UPDATE driveshaft.jobs SET origin = replace(origin, '/', '1/')");
    const stop = await db.startWorker();
    const { state, error_code } = await until(db.analyst, job, ended);
    await stop();
    assert.deepEqual([state, error_code], ["failed", "RESTORED"]);
    assert.deepEqual((await db.analyst.query("SELECT to_regclass('restored') AS at")).rows, [{ at: null }]);
  });
});
