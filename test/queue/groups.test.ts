import assert from "node:assert/strict";
import { groupsOf } from "#dist/compute/groups.js";
import { buildRaw } from "#dist/table/raw.js";
import { failure } from "../support/assertions.js";
import { ask, run, type Status } from "../support/jobs.js";
import { createDatabase, type TestDatabase } from "../support/server.js";

type Row = Record<string, unknown>;

describe("an analysis in groups", () => {
  let db: TestDatabase;
  let stop: () => Promise<void>;
  const params = { value: "v", x: "x", y: "y", permutations: 99 };
  before(async () => {
    db = await createDatabase();
    stop = await db.startWorker();
    await db.analyst.query(
      `CREATE TABLE t AS
         SELECT g AS id, sin(g * 1.7) AS x, cos(g * g * 0.3) AS y, sin(g * 0.9) + g % 3 AS v, (g % 2)::numeric(4, 1) AS zone,
                CASE WHEN g % 4 < 3 THEN date '2020-01-01' + g % 4 END AS day, g % 5 = 0 AS fifth, 'n' || g AS name
           FROM generate_series(1, 240) g`,
    );
  });
  after(async () => {
    await stop();
    await db.close();
  });

  const rowsOf = async (table: string, order: string): Promise<Row[]> =>
    (await db.analyst.query<Row>(`SELECT * FROM ${table} ORDER BY ${order}`)).rows;
  async function ready(analysis: string, query: string, more: object, target: string): Promise<Status> {
    const done = await run(db.analyst, analysis, query, { ...params, ...more }, target);
    assert.equal(done.state, "ready", `${done.error_code} ${done.error_message}`);
    return done;
  }
  const keyOf = async (table: string): Promise<string> => {
    const { rows } = await db.analyst.query<{ key: string }>(
      "SELECT pg_get_constraintdef(oid) AS key FROM pg_constraint WHERE conrelid = $1::regclass AND contype = 'p'",
      [table],
    );
    return rows[0]?.key ?? "none";
  };

  it("has for each group the bytes of a job of its own with the same seed", async () => {
    const by = ["zone", "fifth"];
    await ready("moran_local", "SELECT * FROM t", { by }, "local");
    await ready("moran", "SELECT * FROM t", { by }, "global");
    for (const [i, where] of ["zone = 0 AND fifth", "zone = 1 AND NOT fifth"].entries()) {
      await ready("moran_local", `SELECT * FROM t WHERE ${where}`, {}, `local_${i}`);
      await ready("moran", `SELECT * FROM t WHERE ${where}`, {}, `global_${i}`);
      for (const [table, order] of [
        ["local", "id"],
        ["global", "i"],
      ] as const) {
        const ours = await rowsOf(`(SELECT * FROM ${table} WHERE ${where}) one`, order);
        const own = await rowsOf(`${table}_${i}`, order);
        assert.ok(own.length > 0);
        assert.deepEqual(
          ours.map(({ zone, fifth, ...row }) => {
            assert.ok(zone !== undefined && fifth !== undefined);
            return row;
          }),
          own,
        );
      }
    }
  });

  it("has the columns of the groups in front, as they were, and a key", async () => {
    await ready("moran_local", "SELECT * FROM t", { by: ["day", "zone"], include: ["name"] }, "front");
    const { fields, rows } = await db.analyst.query("SELECT * FROM front ORDER BY id LIMIT 1");
    assert.deepEqual(
      fields.slice(0, 4).map(({ name }) => name),
      ["day", "zone", "id", "value"],
    );
    assert.equal(fields.at(-1).name, "name");
    const types = await db.analyst.query<{ types: string }>(
      "SELECT concat_ws(', ', pg_typeof(day), pg_typeof(zone), zone) AS types FROM front WHERE id = 1",
    );
    assert.equal(types.rows[0]!.types, "date, numeric, 1.0");
    assert.equal((rows[0] as Row).name, "n1");
    assert.equal(await keyOf("front"), "PRIMARY KEY (id)");

    await ready("moran", "SELECT * FROM t", { by: ["fifth", "zone"] }, "one_each");
    assert.equal(await keyOf("one_each"), "PRIMARY KEY (fifth, zone)");
    assert.deepEqual(
      (await db.analyst.query<Row>("SELECT fifth, zone FROM one_each")).rows.map(({ fifth, zone }) => [fifth, zone]),
      [
        [false, "0.0"],
        [false, "1.0"],
        [true, "0.0"],
        [true, "1.0"],
      ],
    );
  });

  it("takes nulls for a group of its own, the last one, and says so", async () => {
    const { summary } = await ready("moran", "SELECT * FROM t", { by: ["day"] }, "days");
    assert.match(summary.warnings[0]!, /^60 rows have no value in day; they are a group of their own$/);
    const { rows } = await db.analyst.query<Row>("SELECT day::text, n FROM days");
    assert.deepEqual(
      rows.map(({ day, n }) => [day, n]),
      [
        ["2020-01-01", 60],
        ["2020-01-02", 60],
        ["2020-01-03", 60],
        [null, 60],
      ],
    );
    assert.equal(await keyOf("days"), "none");
  });

  it("are those of values that are equal: zeros of either sign, NaN; in the order of these", async () => {
    const values = "ARRAY['-0', 'NaN', '-1.5', '0', 'Infinity', '-2']";
    for (const type of ["float8", "float4"]) {
      const query = `SELECT *, (${values})[1 + id % 6]::${type} AS f FROM t`;
      await ready("moran", query, { by: ["f"] }, `floats_${type}`);
      const { rows } = await db.analyst.query<Row>(`SELECT f::text, n FROM floats_${type}`);
      assert.deepEqual(
        rows.map(({ f, n }) => [f, n]),
        [
          ["-2", 40],
          ["-1.5", 40],
          ["0", 80],
          ["Infinity", 40],
          ["NaN", 40],
        ],
      );
      assert.equal(await keyOf(`floats_${type}`), "PRIMARY KEY (f)");
    }
  });

  it("of dates are in their order, and the summary names them as the server does", async () => {
    const dates = ["-infinity", "0044-03-15 BC", "1999-12-31", "2000-02-29", "2024-07-01", "12345-06-07", "infinity"];
    const cases = {
      date: dates,
      timestamp: dates.map((day) => (day.includes("inf") ? day : day.replace(/-(\d\d)( BC)?$/, "-$1 23:59:59.5$2"))),
    };
    for (const [type, values] of Object.entries(cases)) {
      const query = `SELECT *, ('{${values.join(",")}}'::${type}[])[1 + id % 7] AS d FROM t`;
      const { summary } = await ready("moran", query, { by: ["d"] }, `by_${type}`);
      const { results } = summary.groups as { results: { by: Row }[] };
      assert.deepEqual(
        results.map(({ by }) => by.d),
        values,
      );
      const { rows } = await db.analyst.query<Row>(`SELECT d::text FROM by_${type}`);
      assert.deepEqual(
        rows.map(({ d }) => d),
        values,
      );
    }
    const zoned = "SELECT *, timestamptz '2024-07-01 12:00+02' AS d FROM t";
    const { summary } = await ready("moran", zoned, { by: ["d"] }, "by_timestamptz");
    assert.deepEqual((summary.groups as { results: Row[] }).results[0]!.by, { d: "2024-07-01 10:00:00+00" });
  });

  it("are of any type and length: where values make no key there is none, which a warning says", async () => {
    for (const [i, [column, what]] of [
      ["json_build_object('zone', zone)", /data type json has no default operator class/],
      [
        "(SELECT string_agg(md5(zone::text || i), '') FROM generate_series(1, 300) i)",
        /index row requires|index row size/,
      ],
      [
        "CASE WHEN id % 4 = 0 THEN '1 day' WHEN fifth THEN '24 hours' ELSE '2' END::interval",
        /could not create unique/,
      ],
    ].entries() as unknown as [number, [string, RegExp]][]) {
      const { summary } = await ready("moran", `SELECT *, ${column} AS g FROM t`, { by: ["g"] }, `keyless_${i}`);
      assert.match(summary.warnings.at(-1), /^the result has no primary key: /);
      assert.match(summary.warnings.at(-1), what);
      assert.equal(await keyOf(`keyless_${i}`), "none");
    }
  });

  it("marks the rows of a group that cannot be computed, counts such groups by reason, and fails nothing else", async () => {
    const query = `SELECT *, CASE WHEN id <= 2 THEN 'few' WHEN id <= 20 THEN 'constant' WHEN id <= 40 THEN 'other constant'
                                  ELSE 'good' END AS kind, CASE WHEN id <= 40 AND id > 2 THEN 7 ELSE v END AS w FROM t`;
    const { summary } = await ready("moran_local", query, { value: "w", by: ["kind"] }, "kinds");
    const { rows } = await db.analyst.query<Row>(
      "SELECT kind, count(*)::int AS rows, count(local_i)::int AS computed, min(cluster) AS cluster FROM kinds WHERE kind <> 'good' GROUP BY kind ORDER BY kind",
    );
    assert.deepEqual(rows, [
      { kind: "constant", rows: 18, computed: 0, cluster: "undefined" },
      { kind: "few", rows: 2, computed: 0, cluster: "undefined" },
      { kind: "other constant", rows: 20, computed: 0, cluster: "undefined" },
    ]);
    assert.deepEqual(summary.rows, { read: 240, used: 200, undefined: 40 });
    const groups = summary.groups as { count: number; failed: number; results: Row[] };
    assert.deepEqual([groups.count, groups.failed], [4, 3]);
    assert.equal((groups.results[1]!.error as Row).code, "TOO_FEW_ROWS");
    assert.match(summary.warnings.join("\n"), /2 groups, the first kind = constant: .*CONSTANT_VALUES/);
    assert.match(summary.warnings.join("\n"), /1 group, the first kind = few: .*TOO_FEW_ROWS: 2 of 2 rows/);

    const none = await run(db.analyst, "moran", query, { ...params, value: "x", by: ["id"], id: "name" }, "none");
    assert.deepEqual([none.state, none.error_code], ["failed", "TOO_FEW_ROWS"]);
    assert.match(none.error_message!, /no group can be computed; the first: 1 of 1 rows/);
  });

  it("has neighbors within the group only, by places as by pairs that are given", async () => {
    await ready("weights", "SELECT * FROM t", { by: ["zone"], value: undefined, permutations: undefined }, "graph");
    const across = await db.analyst.query(
      "SELECT FROM graph JOIN t a ON a.id = focal JOIN t b ON b.id = neighbor WHERE a.zone <> b.zone OR a.zone <> graph.zone",
    );
    assert.equal(across.rowCount, 0);
    assert.equal(await keyOf("graph"), "PRIMARY KEY (focal, neighbor)");
    const pairs = {
      type: "query",
      query: "SELECT a.id AS focal, b.id AS neighbor FROM t a JOIN t b ON abs(a.id - b.id) IN (1, 2)",
    };
    await ready("moran", "SELECT * FROM t", { by: ["zone"], weights: pairs }, "given");
    await ready(
      "moran",
      "SELECT * FROM t WHERE zone = 1",
      { weights: { ...pairs, query: `${pairs.query} AND a.zone = 1 AND b.zone = 1` } },
      "given_own",
    );
    const [ours] = await rowsOf("(SELECT * FROM given WHERE zone = 1) one", "1");
    const [own] = await rowsOf("given_own", "1");
    assert.equal(ours!.i, own!.i);
  });

  it("is asked for by columns that are there, are not in the result already, and can be stored", async () => {
    const refused = (more: object, code: "MISSING_COLUMN" | "INVALID_PARAMETER" | "WRONG_COLUMN_TYPE", what: RegExp) =>
      assert.rejects(
        ask(db.analyst, "moran_local", "SELECT *, ROW(1, 2) AS pair FROM t", { ...params, ...more }, "never"),
        new RegExp(`${code}: .*${what.source}`),
      );
    await refused({ by: ["stat"] }, "MISSING_COLUMN", /no column "stat", which the parameter by asks for/);
    await refused(
      { by: ["zone", "zone"] },
      "INVALID_PARAMETER",
      /by names the column "zone", which the result has already/,
    );
    await refused({ by: ["id"] }, "INVALID_PARAMETER", /by names the column "id", which the result has already/);
    await refused({ by: ["zone"], include: ["zone"] }, "INVALID_PARAMETER", /include names the column "zone"/);
    await refused({ by: ["pair"] }, "WRONG_COLUMN_TYPE", /the parameter by asks for, is of type record/);
    await refused({ by: [] }, "INVALID_PARAMETER", /params.by/);
    await refused({ by: "zone" }, "INVALID_PARAMETER", /params.by is "zone"/);
    await assert.rejects(
      ask(db.analyst, "moran", "SELECT *, id AS i FROM t", { ...params, by: ["i"] }),
      /by names the column "i", which the result has already/,
    );
  });

  it("makes a million groups at most", () => {
    const labels = buildRaw("label");
    const n = 1_000_001;
    const bytes = Buffer.alloc(4);
    for (let i = 0; i < n; i++) {
      bytes.writeInt32BE(i);
      labels.push(bytes);
    }
    const column = { type: "raw" as const, sqlType: "integer", encoding: "integer" as const, ...labels.take() };
    assert.throws(
      () => groupsOf([{ name: "label", column }], [Int32Array.from({ length: n }, (_, i) => i)], n, undefined),
      failure("INVALID_PARAMETER", /by makes 1000001 groups of 1000001 rows, at most 1000000/),
    );
  });
});
