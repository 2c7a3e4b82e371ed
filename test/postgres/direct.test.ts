import assert from "node:assert/strict";
import { findAnalysis } from "#dist/analyses/index.js";
import { runJob } from "#dist/job/job.js";
import { withDatabase, type DirectTarget } from "#dist/postgres/direct.js";
import { uninstall } from "#dist/install/uninstall.js";
import { failure } from "../support/assertions.js";
import { run } from "../support/jobs.js";
import { createDatabase, roles, type TestDatabase } from "../support/server.js";

describe("a run without a job", () => {
  let db: TestDatabase;
  const parameters = { value: "v", x: "x", y: "y", permutations: 9 };
  before(async () => {
    db = await createDatabase();
    await db.analyst.query(
      "CREATE TABLE t AS SELECT g AS id, random() AS x, random() AS y, random() AS v FROM generate_series(1, 30) g",
    );
    const stop = await db.startWorker();
    await run(db.analyst, "moran_local", "SELECT * FROM t", parameters, "of_a_job");
    await stop();
    // nothing of it needs an installation
    await uninstall(db.admin, false);
  });
  after(() => db.close());

  const into = (table: DirectTarget, query = "SELECT * FROM t", role: string = roles.analyst): Promise<void> =>
    withDatabase(db.url(role), query, table, new AbortController().signal, async (source, sink) => {
      await runJob({ analysis: findAnalysis("moran_local"), parameters }, source, sink!);
    });
  const ids = async (name: string): Promise<number> => (await db.analyst.query(`SELECT id FROM ${name}`)).rowCount!;

  it("replaces a result of one's own with overwrite, of a job or of a run, and what is attached passes on", async () => {
    await into({ name: "twice", overwrite: false });
    await db.analyst.query("GRANT SELECT ON twice TO other; CREATE INDEX on_twice ON twice (lower(cluster))");
    await assert.rejects(into({ name: "twice", overwrite: false }), failure("TARGET_EXISTS", /public.twice exists/));
    for (const name of ["twice", "public.twice", "of_a_job"]) {
      await into({ name, overwrite: true }, "SELECT * FROM t WHERE id <= 20");
    }
    assert.deepEqual([await ids("twice"), await ids("of_a_job")], [20, 20]);
    const { rows } = await db.analyst.query(
      "SELECT has_table_privilege('other', 'twice', 'SELECT') AS granted, to_regclass('on_twice') IS NOT NULL AS indexed, obj_description('twice'::regclass) AS remark",
    );
    assert.deepEqual(rows, [{ granted: true, indexed: true, remark: "Result of Driveshaft: moran_local (version 3)" }]);
  });

  it("replaces nothing else: no table of one's own, none of another's, none with something on it", async () => {
    await db.analyst.query("CREATE TABLE own AS SELECT 1 AS mine");
    await assert.rejects(into({ name: "own", overwrite: true }), failure("TARGET_EXISTS", /is no result of analyst/));
    await into({ name: "analysts", overwrite: false });
    await db.analyst.query("GRANT ALL ON t TO other");
    await assert.rejects(
      into({ name: "analysts", overwrite: true }, "SELECT * FROM t", roles.other),
      failure("TARGET_EXISTS", /is no result of other/),
    );
    await db.analyst.query("CREATE VIEW watching AS SELECT * FROM analysts");
    await assert.rejects(into({ name: "analysts", overwrite: true }), failure("TARGET_IN_USE", /view public.watching/));
    assert.deepEqual([await ids("analysts"), (await db.analyst.query("SELECT FROM own")).rowCount], [30, 1]);
  });

  it("that is asked for again, with the same request, makes its table again; another request does not", async () => {
    await into({ name: "delivered", overwrite: false, request: "r-1" });
    await into({ name: "delivered", overwrite: false, request: "r-1" });
    await assert.rejects(
      into({ name: "delivered", overwrite: false, request: "1" }),
      failure("TARGET_EXISTS", /public.delivered exists already/),
    );
  });

  it("says what is no table's name, and leaves nothing behind when it fails", async () => {
    for (const name of ["a.b.c", "pg_temp.mine", "a..b"]) {
      await assert.rejects(into({ name, overwrite: false }), failure("TARGET_INVALID", /the target .* is not a table/));
    }
    await db.analyst.query("CREATE TYPE taken AS ENUM ('a')");
    await assert.rejects(into({ name: "taken", overwrite: false }), failure("TARGET_EXISTS", /is a type/));
    const { rows } = await db.admin.query("SELECT relname FROM pg_class WHERE relname LIKE 'driveshaft%'");
    assert.deepEqual(rows, []);
  });

  it("needs leave to make functions of its session's own", async () => {
    const { rows } = await db.admin.query<{ name: string }>("SELECT current_database() AS name");
    await db.admin.query(`REVOKE TEMPORARY ON DATABASE ${rows[0]!.name} FROM PUBLIC`);
    await assert.rejects(
      into({ name: "untemporary", overwrite: false }),
      failure("WRITE_FAILED", /permission denied to create temporary tables/),
    );
    await db.admin.query(`GRANT TEMPORARY ON DATABASE ${rows[0]!.name} TO PUBLIC`);
  });
});
