import assert from "node:assert/strict";
import type pg from "pg";
import { PROTOCOL } from "#dist/queue/queue.js";
import { ask, ended, run, status, until } from "../support/jobs.js";
import { createDatabase, roles, type TestDatabase } from "../support/server.js";

describe("a role with the name of one that was dropped", () => {
  // a name that has to be quoted
  const name = 'Former "Analyst"';
  const quoted = '"Former ""Analyst"""';
  const successor = '"Another one"';
  const xy = { value: "v", x: "x", y: "y", permutations: 99 };
  const query = "SELECT * FROM public.t";
  let db: TestDatabase;
  let role: pg.Client;

  beforeEach(async () => {
    db = await createDatabase();
    await db.admin.query(
      "CREATE TABLE t AS SELECT g AS id, random() AS x, random() AS y, random() AS v FROM generate_series(1, 30) g",
    );
    await create();
  });
  afterEach(async () => {
    await role.end();
    for (const each of [quoted, successor]) {
      const { rowCount } = await db.admin.query("SELECT to_regrole($1) AS role WHERE to_regrole($1) IS NOT NULL", [
        each,
      ]);
      if (rowCount === 1) await db.admin.query(`DROP OWNED BY ${each} CASCADE; DROP ROLE ${each}`);
    }
    await db.close();
  });

  async function create(): Promise<void> {
    await db.admin.query(
      `CREATE ROLE ${quoted} LOGIN PASSWORD 'driveshaft'; GRANT CREATE ON SCHEMA public TO ${quoted}; GRANT SELECT ON t TO ${quoted}`,
    );
    role = await db.open(name);
  }
  /** Another role comes by the name; what the former one owned is left to it. */
  async function succeed(): Promise<void> {
    await role.end();
    await db.admin.query(
      `REASSIGN OWNED BY ${quoted} TO driveshaft_owner; DROP OWNED BY ${quoted}; DROP ROLE ${quoted}`,
    );
    await create();
    await db.admin.query(
      `DO $$ BEGIN IF to_regclass('published') IS NOT NULL THEN ALTER TABLE published OWNER TO ${quoted}; END IF; END $$`,
    );
  }
  async function rename(from: string, to: string): Promise<void> {
    await role.end();
    await db.admin.query(`ALTER ROLE ${from} RENAME TO ${to}; ALTER ROLE ${to} PASSWORD 'driveshaft'`);
    role = await db.open(to.slice(1, -1).replaceAll('""', '"'));
  }
  const serve = (who = name): Promise<() => Promise<void>> =>
    db.startWorker({ connections: () => Promise.resolve({ [who]: db.url(who) }) });
  async function claim(who = name, wanted?: string): Promise<{ job: string; token: string }[]> {
    const worker = await db.open(roles.worker);
    try {
      const values = [PROTOCOL, [who], wanted];
      const text = "SELECT job, token FROM driveshaft.claim($1, 'test', $2, '1 h', $3)";
      return (await worker.query<{ job: string; token: string }>(text, values)).rows;
    } finally {
      await worker.end();
    }
  }
  async function sweep(): Promise<void> {
    const worker = await db.open(roles.worker);
    await worker.query("SELECT driveshaft.sweep()");
    await worker.end();
  }
  const counts = async (...from: string[]): Promise<number[]> => {
    const all = [];
    for (const each of from) all.push((await role.query(`SELECT FROM ${each}`)).rowCount!);
    return all;
  };
  const row = async (job: string): Promise<unknown[]> => {
    const values = (
      await db.admin.query<{ state: string; error_code: string | null; requester: string }>(
        "SELECT state, error_code, requester FROM driveshaft.jobs WHERE id = $1",
        [job],
      )
    ).rows[0]!;
    return [values.state, values.error_code, values.requester];
  };

  it("sees none of its jobs, their attempts, progress and cancellations, and none of its results", async () => {
    const stop = await serve();
    await run(role, "moran_local", query, xy, "published");
    await stop();
    const job = await ask(role, "moran_local", query, xy, "held");
    assert.equal((await claim()).length, 1);
    await role.query("SELECT cdb_cancel_analysis($1)", [job]);
    const seen = [
      "cdb_analysis_status()",
      `cdb_analysis_status('${job}')`,
      `cdb_analysis_attempts('${job}')`,
      "cdb_analysis_results()",
      "driveshaft.jobs",
      "driveshaft.progress",
      "driveshaft.attempts",
      "driveshaft.cancellations",
      "driveshaft.results",
    ];
    assert.deepEqual(await counts(...seen), [2, 1, 1, 1, 2, 2, 2, 1, 1]);
    await succeed();
    const nothing = seen.map(() => 0);
    assert.deepEqual(await counts(...seen), nothing);
    await sweep();
    assert.deepEqual(await counts(...seen), nothing);
  });

  it("cannot cancel its jobs, nor overwrite its results", async () => {
    const stop = await serve();
    await run(role, "moran_local", query, xy, "published");
    await stop();
    const job = await ask(role, "moran_local", query, xy, "waiting");
    await succeed();
    assert.deepEqual((await role.query("SELECT cdb_cancel_analysis($1) AS done", [job])).rows, [{ done: false }]);
    await assert.rejects(
      role.query("INSERT INTO driveshaft.cancellations (job) VALUES ($1)", [job]),
      /violates row-level security/,
    );
    assert.deepEqual(await row(job), ["pending", null, name]);
    const overwriting = (): Promise<string> => ask(role, "moran_local", query, { ...xy, overwrite: true }, "published");
    await assert.rejects(overwriting(), /TARGET_EXISTS: .* is no result of/);
    // nor where row security does not hold it
    await db.admin.query(`ALTER ROLE ${quoted} BYPASSRLS`);
    await role.end();
    role = await db.open(name);
    await assert.rejects(overwriting(), /TARGET_EXISTS: .* is no result of/);
  });

  it("has none of its jobs run, by a worker or a function: they end, and leave their targets", async () => {
    const [pending, running] = [
      await ask(role, "moran_local", query, xy, "first"),
      await ask(role, "moran_local", query, xy, "second"),
    ];
    const sent = await ask(role, "moran_local", query, xy, "third");
    await db.admin.query("UPDATE driveshaft.jobs SET engine = 'lambda' WHERE id = $1", [sent]);
    await db.admin.query("UPDATE driveshaft.jobs SET created_at = '2020-01-01' WHERE id = $1", [running]);
    const [held] = await claim();
    assert.equal(held!.job, running);
    await succeed();
    assert.deepEqual([await claim(), await claim(name, sent)], [[], []]);
    await sweep();
    for (const job of [pending, running, sent]) assert.deepEqual(await row(job), ["failed", "ROLE_GONE", name]);
    const worker = await db.open(roles.worker);
    assert.deepEqual(
      (await worker.query("SELECT driveshaft.renew_lease($1, $2, '', 0, '1 s')", [held!.job, held!.token])).rows,
      [{ renew_lease: "lost" }],
    );
    await worker.end();
    const stop = await serve();
    for (const target of ["first", "second", "third"]) {
      assert.equal((await run(role, "moran_local", query, xy, target)).state, "ready");
    }
    await stop();
  });

  it("is not published for by an attempt that began before it came", async () => {
    await ask(role, "moran_local", query, xy, "late");
    const [held] = await claim();
    await succeed();
    await role.query("BEGIN; CREATE TABLE public.late ()");
    await assert.rejects(role.query("SELECT driveshaft.publish($1, $2, '{}')", [held!.job, held!.token]), {
      code: "DS001",
    });
    await role.query("ROLLBACK");
  });

  it("runs nothing of an attempt whose worker logs in by the name after it came", async () => {
    const stale = { code: "DS001", message: /is no longer the role that asked for job/ };
    const worker = await db.open(roles.worker);
    const note = (): Promise<unknown> =>
      worker.query("SELECT driveshaft.note_backend($1, $2, 1, now())", [held!.job, held!.token]);
    const job = await ask(role, "moran_local", query, xy);
    const [held] = await claim();
    await note();
    await rename(quoted, successor);
    await role.end();
    await create();
    await assert.rejects(note(), stale);
    await sweep();
    await assert.rejects(note(), stale);
    // the attempt over, it waits under its role's new name
    await worker.query("SELECT driveshaft.fail($1, $2, 'CONNECTION_FAILED', '', NULL, '0 s')", [
      held!.job,
      held!.token,
    ]);
    await sweep();
    assert.deepEqual(
      (await claim("Another one")).map((taken) => taken.job),
      [job],
    );
    await worker.end();
  });

  it("has nothing to do with backends that the former one left", async () => {
    const job = await ask(role, "moran_local", query, xy);
    const [held] = await claim();
    const worker = await db.open(roles.worker);
    await worker.query("SELECT driveshaft.note_backend($1, $2, 1, now())", [held!.job, held!.token]);
    await db.admin.query("UPDATE driveshaft.progress SET lease_until = '-infinity' WHERE job = $1", [job]);
    const strays = async (): Promise<number> =>
      (await worker.query("SELECT FROM driveshaft.stray_backends($1)", [[name]])).rowCount!;
    assert.equal(await strays(), 1);
    await succeed();
    assert.equal(await strays(), 0);
    await worker.end();
  });

  it("keeps its jobs and results where it is the same one renamed", async () => {
    let stop = await serve();
    const { id } = await run(role, "moran_local", query, xy, "published");
    await stop();
    const waiting = await ask(role, "moran_local", query, { ...xy, overwrite: true }, "published");
    await rename(quoted, successor);
    const renamed = "Another one";
    stop = await serve(renamed);
    await sweep();
    assert.equal((await until(role, waiting, ended)).state, "ready");
    await stop();
    assert.equal((await status(role, id)).state, "ready");
    assert.deepEqual(await counts("cdb_analysis_status()", "cdb_analysis_results()"), [2, 1]);
    await ask(role, "moran_local", query, { ...xy, overwrite: true }, "published");
  });

  it("and a role that takes the name of one that was renamed see each its own", async () => {
    const job = await ask(role, "moran_local", query, xy);
    await rename(quoted, successor);
    const first = role;
    await create();
    const own = await ask(role, "moran_local", query, xy);
    assert.deepEqual((await role.query("SELECT id FROM cdb_analysis_status()")).rows, [{ id: own }]);
    assert.deepEqual(
      (await claim()).map((taken) => taken.job),
      [own],
    );
    await sweep();
    assert.deepEqual((await role.query("SELECT id FROM cdb_analysis_status()")).rows, [{ id: own }]);
    assert.deepEqual((await first.query("SELECT id FROM cdb_analysis_status()")).rows, [{ id: job }]);
    await first.end();
  });

  it("in a restored dump gets no jobs or results of the role that had its number", async () => {
    const stop = await serve();
    const { id } = await run(role, "moran_local", query, xy, "published");
    await stop();
    const waiting = await ask(role, "moran_local", query, xy);
    // as a dump brings them from another server, where the number was another's
    await db.admin.query("UPDATE driveshaft.jobs SET origin = '1/1', requester = 'somebody'");
    await role.query("CREATE TABLE own ()");
    await db.admin.query("UPDATE driveshaft.results SET requester = 'somebody', relation = 'own'::regclass");
    await sweep();
    assert.deepEqual(await row(waiting), ["failed", "RESTORED", "somebody"]);
    assert.deepEqual(await row(id), ["ready", null, "somebody"]);
    assert.deepEqual(await counts("driveshaft.jobs", "driveshaft.results"), [0, 0]);
    assert.deepEqual((await db.admin.query("SELECT requester FROM driveshaft.results")).rows, [
      { requester: "somebody" },
    ]);
  });

  it("gets no finished job of it even where it comes by its number too", async () => {
    const stop = await serve();
    await run(role, "moran_local", query, xy, "published");
    await stop();
    const number = (await db.admin.query<{ id: string }>("SELECT to_regrole($1)::oid AS id", [quoted])).rows[0]!.id;
    await succeed();
    await sweep();
    const { rows } = await db.admin.query(
      "SELECT FROM driveshaft.jobs WHERE requester_id = $1 UNION ALL SELECT FROM driveshaft.results WHERE requester_id = $1",
      [number],
    );
    assert.equal(rows.length, 0);
  });
});
