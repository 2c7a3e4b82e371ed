import assert from "node:assert/strict";
import { ask, ended, run, status, until } from "../support/jobs.js";
import { createDatabase, open, roles, type TestDatabase } from "../support/server.js";

describe("the target of a job", () => {
  let db: TestDatabase;
  let stop: () => Promise<void>;
  const xy = { value: "v", x: "x", y: "y", permutations: 99 };
  const again = { ...xy, overwrite: true };
  before(async () => {
    db = await createDatabase();
    stop = await db.startWorker();
    await db.analyst.query(
      "CREATE TABLE t AS SELECT g AS id, random() AS x, random() AS y, random() AS v FROM generate_series(1, 30) g",
    );
  });
  after(async () => {
    await stop();
    await db.close();
  });

  const publish = (target: string, params: object = xy): ReturnType<typeof run> =>
    run(db.analyst, "moran_local", "SELECT * FROM t", params, target);
  const rowsOf = async (text: string): Promise<unknown[]> => (await db.analyst.query<object>(text)).rows;

  it("is replaced with overwrite, if it is the requester's own result: privileges, indexes and comments pass on", async () => {
    await publish("replaced");
    await db.analyst.query(`
      GRANT SELECT ON replaced TO other WITH GRANT OPTION;
      GRANT UPDATE (cluster) ON replaced TO other;
      CREATE INDEX mine ON replaced (lower(cluster));
      COMMENT ON TABLE replaced IS 'my own words';
      COMMENT ON COLUMN replaced.local_i IS 'about local_i'`);
    const state = `SELECT relacl::text, (SELECT attacl::text FROM pg_attribute WHERE attrelid = c.oid AND attname = 'cluster') AS column_acl,
      obj_description(oid) AS remark, col_description(oid, 6) AS column_remark,
      ARRAY(SELECT indexdef FROM pg_indexes WHERE tablename = 'replaced' ORDER BY 1) AS indexes,
      ARRAY(SELECT conname::text FROM pg_constraint WHERE conrelid = c.oid ORDER BY 1) AS constraints
      FROM pg_class c WHERE oid = 'replaced'::regclass`;
    const before = await rowsOf(state);
    await db.analyst.query("ALTER DEFAULT PRIVILEGES GRANT DELETE ON TABLES TO PUBLIC");
    const { state: end, error_message } = await publish("replaced", {
      ...again,
      inference: "permutation",
      permutations: 9,
    });
    await db.analyst.query("ALTER DEFAULT PRIVILEGES REVOKE DELETE ON TABLES FROM PUBLIC");
    assert.equal(end, "ready", error_message ?? "");
    assert.deepEqual(await rowsOf(state), before);
    assert.deepEqual(await rowsOf("SELECT min(p) >= 0.1 AS fresh FROM replaced"), [{ fresh: true }]);
  });

  it("has a comment that says where it comes from, where the user wrote none", async () => {
    await publish("remarked");
    const first = (await publish("remarked", again)).id;
    const [{ remark }] = (await rowsOf("SELECT obj_description('remarked'::regclass) AS remark")) as [
      { remark: string },
    ];
    assert.equal(remark, `Result of Driveshaft: moran_local (version 3), job ${first}; see cdb_analysis_results()`);
  });

  it("is entered in the catalogue of results with how it came about, for its requester only", async () => {
    const { id } = await publish("catalogued", { ...xy, seed: 77 });
    const [entry] = (await rowsOf("SELECT * FROM cdb_analysis_results() WHERE target = 'public.catalogued'")) as [
      Record<string, unknown>,
    ];
    const { asked_at, started_at, published_at, parameters, ...rest } = entry;
    assert.deepEqual(rest, {
      target: "public.catalogued",
      analysis: "moran_local",
      version: 3,
      seed: "77",
      query: "SELECT * FROM t",
      rows_read: "30",
      rows_used: "30",
      rows_dropped: "0",
      job: id,
    });
    assert.equal((parameters as { significance: number }).significance, 0.05);
    assert.ok(asked_at! <= started_at! && started_at! <= published_at!);
    const other = await open(db.url(roles.other));
    assert.equal((await other.query("SELECT * FROM cdb_analysis_results()")).rowCount, 0);
    await other.end();
  });

  const attached: [what: string, sql: string, named: RegExp][] = [
    ["a view", "CREATE VIEW on_it AS SELECT * FROM TARGET", /view public.on_it/],
    ["a policy", "CREATE POLICY policy_on_it ON TARGET USING (true)", /policy policy_on_it/],
    ["row security", "ALTER TABLE TARGET ENABLE ROW LEVEL SECURITY", /row security/],
    [
      "a trigger",
      "CREATE TRIGGER trigger_on_it BEFORE UPDATE ON TARGET FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
      /trigger trigger_on_it/,
    ],
    ["a foreign key to it", "CREATE TABLE refers (id int REFERENCES TARGET)", /constraint refers_id_fkey/],
    [
      "a foreign key from it",
      "ALTER TABLE TARGET ADD CONSTRAINT from_it FOREIGN KEY (id) REFERENCES keyed",
      /constraint from_it/,
    ],
    ["a check", "ALTER TABLE TARGET ADD CONSTRAINT checked CHECK (value < 9)", /constraint checked/],
    [
      "a partitioned table",
      "CREATE TABLE whole (LIKE TARGET) PARTITION BY RANGE (id); ALTER TABLE whole ATTACH PARTITION TARGET FOR VALUES FROM (0) TO (100)",
      /its place in table public.whole/,
    ],
    [
      "a parent",
      "CREATE TABLE parent (LIKE TARGET); ALTER TABLE parent ALTER id DROP NOT NULL; ALTER TABLE TARGET INHERIT parent",
      /its place in table public.parent/,
    ],
    ["a child", "CREATE TABLE child () INHERITS (TARGET)", /table public.child/],
    ["a column of its rows", "CREATE TABLE of_rows (it TARGET)", /column it of table public.of_rows/],
    ["a column of arrays of its rows", "CREATE TABLE of_lists (it TARGET[])", /column it of table public.of_lists/],
    [
      "a function of its rows",
      "CREATE FUNCTION of_row(TARGET) RETURNS int LANGUAGE sql AS 'SELECT 1'",
      /function public.of_row/,
    ],
    ["a default", "ALTER TABLE TARGET ALTER value SET DEFAULT 5", /default value for column value/],
    ["a sequence", "ALTER TABLE TARGET ADD COLUMN n int GENERATED ALWAYS AS IDENTITY", /sequence public./],
    ["statistics", "CREATE STATISTICS stat_on_it ON value, lag FROM TARGET", /statistics object public.stat_on_it/],
  ];
  for (const [i, [what, sql, named]] of attached.entries()) {
    it(`is not replaced where ${what} would be lost: refused by name before anything is computed`, async () => {
      await db.analyst.query(
        "CREATE TABLE IF NOT EXISTS keyed AS SELECT id FROM t; ALTER TABLE keyed DROP CONSTRAINT IF EXISTS keyed_pkey CASCADE; ALTER TABLE keyed ADD PRIMARY KEY (id)",
      );
      const target = `attached_${i}`;
      await publish(target);
      await db.analyst.query(sql.replaceAll("TARGET", target));
      await assert.rejects(ask(db.analyst, "moran_local", "SELECT * FROM t", again, target), (error: Error) => {
        assert.match(error.message, /^TARGET_IN_USE: the target public.attached_\d+ cannot be replaced/);
        assert.match(error.message, named);
        return true;
      });
    });
  }

  it("is not replaced where a unique index of the user's would be broken, which is named", async () => {
    await publish("indexed");
    await db.analyst.query("CREATE UNIQUE INDEX mine_alone ON indexed (value)");
    const rounded = "SELECT id, x, y, round(v) AS v FROM t";
    const { error_code, error_message } = await run(db.analyst, "moran_local", rounded, again, "indexed");
    assert.equal(error_code, "TARGET_IN_USE");
    assert.match(error_message!, /the rows break its unique index mine_alone: Key \(value\)=\(\d\) is duplicated/);
  });

  it("is found to exist where another made it meanwhile, in a transaction that the job waits for", async () => {
    const other = await open(db.url(roles.other));
    try {
      await other.query("BEGIN; CREATE TABLE raced ()");
      const job = await ask(db.analyst, "moran_local", "SELECT * FROM t", xy, "raced");
      const waiting =
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'transactionid'";
      while ((await db.admin.query(waiting)).rowCount === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      await other.query("COMMIT");
      const { error_code, error_message } = await until(db.analyst, job, ended);
      assert.deepEqual([error_code, error_message], ["TARGET_EXISTS", "the target public.raced exists already"]);
    } finally {
      await other.end();
    }
  });

  it("is not replaced where an index stands on a column that the new table has not", async () => {
    await run(db.analyst, "moran_local", "SELECT *, v AS more FROM t", { ...xy, include: ["more"] }, "narrowed");
    await db.analyst.query("CREATE INDEX on_more ON narrowed (more)");
    const { error_code, error_message } = await publish("narrowed", again);
    assert.equal(error_code, "TARGET_IN_USE");
    assert.match(error_message!, /has not the columns of: index public.on_more/);
  });

  it("is no type's name", async () => {
    await db.analyst.query("CREATE TYPE typed AS ENUM ('a'); CREATE DOMAIN narrow AS int; CREATE TABLE listed (i int)");
    for (const name of ["typed", "narrow"]) {
      await assert.rejects(ask(db.analyst, "moran_local", "SELECT * FROM t", xy, name), /TARGET_EXISTS: .* is a type/);
    }
    assert.equal((await publish("_listed")).state, "ready");
  });

  it("is not replaced where a publication would lose it", async () => {
    await publish("published");
    await db.admin.query("CREATE PUBLICATION pub FOR TABLE published");
    await assert.rejects(
      ask(db.analyst, "moran_local", "SELECT * FROM t", again, "published"),
      /TARGET_IN_USE: .*publication/,
    );
  });

  it("is not replaced where it is a table of the user's own, or one that took a result's name", async () => {
    await db.analyst.query("CREATE TABLE own AS SELECT 1 AS mine");
    await assert.rejects(
      ask(db.analyst, "moran_local", "SELECT * FROM t", again, "own"),
      /TARGET_EXISTS: .*is no result of analyst/,
    );
    await publish("renamed");
    await db.analyst.query("ALTER TABLE renamed RENAME TO kept; CREATE TABLE renamed AS SELECT 1 AS mine");
    await assert.rejects(
      ask(db.analyst, "moran_local", "SELECT * FROM t", again, "renamed"),
      /TARGET_EXISTS: .*is no result/,
    );
    await assert.rejects(
      ask(db.analyst, "moran_local", "SELECT * FROM t", again, "kept"),
      /TARGET_EXISTS: .*is no result/,
    );
  });

  it("stays as it was where something comes to stand on it while the job runs", async () => {
    await publish("late");
    const before = await rowsOf("SELECT * FROM late ORDER BY id");
    const job = await ask(
      db.analyst,
      "moran_local",
      "SELECT *, pg_sleep(0.02) FROM t",
      { ...again, inference: "permutation", permutations: 9 },
      "late",
    );
    await db.analyst.query("CREATE VIEW late_view AS SELECT * FROM late");
    const { error_code } = await until(db.analyst, job, ended);
    assert.equal(error_code, "TARGET_IN_USE");
    assert.deepEqual(await rowsOf("SELECT * FROM late ORDER BY id"), before);
  });

  it("is replaced under readers: they see the old rows or the new ones, also in an older snapshot", async () => {
    await publish("read");
    const reader = await open(db.url(roles.analyst));
    await reader.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await reader.query("SELECT 1");
    const counts = new Set<number | null>();
    let reading = true;
    const readers = Promise.all(
      Array.from({ length: 4 }, async () => {
        const client = await open(db.url(roles.analyst));
        while (reading) counts.add((await client.query("SELECT * FROM read")).rowCount);
        await client.end();
      }),
    );
    for (let i = 0; i < 5; i++) assert.equal((await publish("read", again)).state, "ready");
    reading = false;
    await readers;
    assert.deepEqual([...counts], [30]);
    assert.equal((await reader.query("SELECT * FROM read")).rowCount, 30);
    await reader.end();
  });

  it("waits for a reader that holds it, and goes on when that ends", async () => {
    await publish("held");
    const reader = await open(db.url(roles.analyst));
    await reader.query("BEGIN; SELECT * FROM held");
    const job = await ask(db.analyst, "moran_local", "SELECT * FROM t", again, "held");
    await until(db.analyst, job, ({ phase }) => phase === "write");
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.equal((await status(db.analyst, job)).state, "running");
    await reader.query("COMMIT");
    assert.equal((await until(db.analyst, job, ended)).state, "ready");
    await reader.end();
  });

  it("is busy for a second request at once, also while the first is not committed", async () => {
    const first = await open(db.url(roles.analyst));
    await first.query("BEGIN");
    await ask(first, "moran_local", "SELECT * FROM t", xy, "busy");
    const since = performance.now();
    await assert.rejects(
      ask(db.analyst, "moran_local", "SELECT * FROM t", xy, "busy"),
      /TARGET_BUSY: another job is to write public.busy/,
    );
    assert.ok(performance.now() - since < 5000);
    await first.query("ROLLBACK");
    await first.end();
    assert.equal((await publish("busy")).state, "ready");
  });

  it("has one name, and jobs run, whatever the role's settings say of texts", async () => {
    const settings = {
      DateStyle: "German",
      IntervalStyle: "sql_standard",
      extra_float_digits: "-15",
      bytea_output: "escape",
      quote_all_identifiers: "on",
      standard_conforming_strings: "off",
      array_nulls: "off",
      transform_null_equals: "on",
      xmlbinary: "hex",
      xmloption: "document",
    };
    for (const role of [roles.analyst, roles.worker]) {
      for (const [name, value] of Object.entries(settings)) {
        await db.admin.query(`ALTER ROLE ${role} SET ${name} = ${value}`);
      }
    }
    const client = await open(db.url(roles.analyst));
    const end = await db.startWorker();
    try {
      const query = "SELECT t.*, pg_sleep(0.01) FROM t";
      const job = await ask(client, "moran_local", query, xy, "styled");
      await assert.rejects(ask(db.analyst, "moran_local", query, xy, "styled"), /TARGET_BUSY/);
      const { state, target, error_message } = await until(client, job, ended);
      assert.equal(state, "ready", error_message ?? "");
      assert.equal(target, "public.styled");
      assert.equal((await run(client, "moran_local", query, again, "styled")).state, "ready");
    } finally {
      await end();
      await client.end();
      await db.admin.query(`ALTER ROLE ${roles.analyst} RESET ALL; ALTER ROLE ${roles.worker} RESET ALL`);
    }
  });

  describe("carries columns of the query", () => {
    it("byte for byte, of any type, also null and empty", async () => {
      await db.analyst.query(`
        CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE TYPE pair AS (a int, b text); CREATE DOMAIN short AS varchar(5);
        CREATE TABLE rich AS SELECT t.*, CASE WHEN id % 3 > 0 THEN repeat('ü', id * 500) ELSE '' END AS name, ARRAY[id, NULL] AS list,
          CASE WHEN id % 2 = 0 THEN 'glad'::mood END AS mood, ROW(id, 'b')::pair AS pair, 'five'::short AS short, now() AS at,
          jsonb_build_object('id', id) AS doc, int4range(1, id) AS span, (id * 1.10)::numeric(9,2) AS price,
          decode(repeat('00ff', id), 'hex') AS blob, 'a'::"char" AS letter FROM t`);
      const include = ["name", "list", "mood", "pair", "short", "at", "doc", "span", "price", "blob", "letter"];
      const { state, error_message } = await run(
        db.analyst,
        "moran_local",
        "SELECT * FROM rich ORDER BY md5(id::text)",
        { ...xy, include },
        "carried",
      );
      assert.equal(state, "ready", error_message ?? "");
      const columns = include.map((name) => `"${name}"`).join(", ");
      assert.deepEqual(
        await rowsOf(
          `SELECT count(*)::int FROM rich r JOIN carried c USING (id) WHERE (SELECT ROW(${columns})::text FROM rich WHERE id = r.id) = (SELECT ROW(${columns})::text FROM carried WHERE id = r.id)`,
        ),
        [{ count: 30 }],
      );
      const types = (table: string): string =>
        `SELECT attname, format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = '${table}'::regclass AND attname IN (${include.map((name) => `'${name}'`).join(", ")}) ORDER BY 1`;
      const expected = (await rowsOf(types("rich"))) as { attname: string; type: string }[];
      // of a domain, a server tells the base type only
      expected.find(({ attname }) => attname === "short")!.type = "character varying(5)";
      assert.deepEqual(await rowsOf(types("carried")), expected);
    });

    it("but not those it has already, or has not, or of an analysis with one row", async () => {
      const to = (analysis: string, include: string[]): Promise<string> =>
        ask(db.analyst, analysis, "SELECT * FROM t", { ...xy, include }, "never");
      await assert.rejects(
        to("moran_local", ["name"]),
        /MISSING_COLUMN: there is no column "name", which the parameter include asks for/,
      );
      await assert.rejects(
        to("moran_local", ["id"]),
        /INVALID_PARAMETER: include names the column "id", which the result has already/,
      );
      await assert.rejects(to("moran_local", ["v", "v"]), /INVALID_PARAMETER: include names the column "v"/);
      await assert.rejects(to("moran", ["v"]), /UNKNOWN_PARAMETER: .*"include"/);
      await assert.rejects(to("moran_local", [5] as unknown as string[]), /INVALID_PARAMETER: .*include\[0\] is 5/);
    });
  });
});
