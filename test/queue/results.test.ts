import assert from "node:assert/strict";
import { knn, moranLocal } from "#dist/index.js";
import { allClose } from "../support/assertions.js";
import { run } from "../support/jobs.js";
import { generator } from "../support/random.js";
import { createDatabase, type TestDatabase } from "../support/server.js";

describe("a job's result", () => {
  const n = 150;
  const random = generator(12);
  const xs = Float64Array.from({ length: n }, random);
  const ys = Float64Array.from({ length: n }, random);
  const values = Float64Array.from(xs, (x) => x + random());
  const params = { value: "v", x: "x", y: "y", weights: { type: "knn", k: 5 }, permutations: 999 };
  let db: TestDatabase;
  let stopWorker: () => Promise<void>;

  before(async () => {
    db = await createDatabase();
    stopWorker = await db.startWorker();
    const labels = Array.from(xs.keys(), (i) => `'l${i}'`).join();
    await db.analyst.query(`CREATE TYPE label AS ENUM (${labels}); CREATE DOMAIN measure AS float8 CHECK (VALUE >= 0)`);
    await db.analyst.query("CREATE TABLE places (id integer, x float8, y float8, v float8)");
    await db.analyst.query(
      "INSERT INTO places SELECT * FROM unnest($1::int[], $2::float8[], $3::float8[], $4::float8[])",
      [[...xs.keys()], [...xs], [...ys], [...values]],
    );
  });
  after(async () => {
    await stopWorker();
    await db.close();
  });

  const table = async (name: string, columns = "*"): Promise<Record<string, unknown>[]> =>
    (await db.analyst.query<Record<string, unknown>>(`SELECT ${columns} FROM ${name} ORDER BY id`)).rows;

  it("of a few rows has the neighbors that there are by default, and says so; not where more are asked for", async () => {
    const few = "SELECT * FROM places WHERE id < 6";
    const { weights, ...small } = params;
    const { summary } = await run(db.analyst, "moran_local", few, small, "few");
    assert.equal((summary.weights as { k: number }).k, 5);
    assert.match(summary.warnings.join(), /k is 5 instead of 8, as there are only 6 locations/);
    const { rows } = await db.analyst.query<{ seconds: number }>(
      "SELECT seconds FROM cdb_estimate_analysis('moran_local', $1, $2)",
      [few, small],
    );
    assert.ok(rows[0]!.seconds > 0);
    const asked = await run(db.analyst, "moran_local", few, { ...small, weights: { ...weights, k: 6 } }, "many");
    assert.deepEqual([asked.state, asked.error_code], ["failed", "K_TOO_LARGE"]);
  });

  it("is what the library computes, row by row, with a primary key", async () => {
    const { state, summary } = await run(db.analyst, "moran_local", "SELECT * FROM places", params, "lisa");
    assert.equal(state, "ready");
    assert.deepEqual(summary.rows, { read: n, used: n, undefined: 0 });
    const expected = moranLocal(values, knn(xs, ys, { k: 5 }), { permutations: 999 });
    const rows = await table("lisa");
    const column = (name: string): number[] => rows.map((row) => row[name] as number);
    allClose(column("local_i"), expected.localI, 1e-15);
    allClose(column("p"), expected.p, 1e-15);
    allClose(column("value"), values, 0);
    assert.deepEqual(Object.keys(rows[0]!), [
      "id",
      "value",
      "value_std",
      "lag",
      "lag_std",
      "local_i",
      "quadrant",
      "p",
      "p_adjusted",
      "z",
      "cluster",
    ]);
    const { rows: keys } = await db.analyst.query(
      "SELECT 1 FROM pg_index WHERE indrelid = 'lisa'::regclass AND indisprimary",
    );
    assert.equal(keys.length, 1);
  });

  it("has quadrants of value, then lag, and clusters where p is at most significance", async () => {
    const { summary } = await run(
      db.analyst,
      "moran_local",
      "SELECT * FROM places",
      { ...params, significance: 0.2 },
      "quads",
    );
    const { rows: wrong } = await db.analyst.query(`SELECT FROM quads WHERE
      quadrant IS DISTINCT FROM (CASE WHEN value_std > 0 THEN 'H' ELSE 'L' END || CASE WHEN lag_std > 0 THEN 'H' ELSE 'L' END)
      OR cluster IS DISTINCT FROM CASE WHEN p <= 0.2 THEN quadrant ELSE 'not significant' END
      OR sign(local_i) IS DISTINCT FROM sign(value_std * lag_std)`);
    assert.equal(wrong.length, 0);
    const { rows } = await db.analyst.query<{ quadrant: string }>("SELECT DISTINCT quadrant FROM quads ORDER BY 1");
    assert.deepEqual(
      rows.map((row) => row.quadrant),
      ["HH", "HL", "LH", "LL"],
    );
    const counts = await db.analyst.query<{ cluster: string; count: number }>(
      "SELECT cluster, count(*)::int FROM quads GROUP BY 1",
    );
    const clusters = summary.clusters as Record<string, number>;
    for (const { cluster, count } of counts.rows) assert.equal(clusters[cluster], count);
  });

  it("does not depend on the order of the rows", async () => {
    await run(db.analyst, "moran_local", "SELECT * FROM places ORDER BY id", params, "ascending");
    await run(db.analyst, "moran_local", "SELECT * FROM places ORDER BY md5(id::text)", params, "shuffled");
    assert.deepEqual(await table("shuffled"), await table("ascending"));
    const kmeans = { k: 4, x: "x", y: "y" };
    await run(db.analyst, "kmeans", "SELECT * FROM places ORDER BY id", kmeans, "groups_ascending");
    await run(db.analyst, "kmeans", "SELECT * FROM places ORDER BY md5(id::text)", kmeans, "groups_shuffled");
    assert.deepEqual(await table("groups_shuffled"), await table("groups_ascending"));
  });

  const ids: [type: string, expression: string][] = [
    ["smallint", "(id - 100)::smallint"],
    ["integer", "(id - 2147483648)::integer"],
    ["bigint", "id * 61489146912 - 4611686018427387904"],
    ["uuid", "md5(id::text)::uuid"],
    ["text", "'naïve ☂ ' || id"],
    ["character varying(20)", "('k' || id)::varchar(20)"],
    ["numeric", "(id - 75) * 1234567890123456789.00010"],
    ["numeric(12,3)", "((id - 75) / 8.0)::numeric(12,3)"],
    ["name", "('n' || id)::name"],
    ["double precision", "(id - 75) / 8.0::float8"],
    ["date", "date '2026-01-01' + id"],
    ["timestamp with time zone", "timestamptz '2026-01-01' + id * interval '1 second'"],
    ["inet", "inet '10.0.0.0' + id"],
    ["bytea", "decode(md5(id::text), 'hex')"],
    ["integer[]", "ARRAY[id, -id]::integer[]"],
    ["int4range", "int4range(id::integer, id::integer + 5)"],
    ["label", "('l' || id)::label"],
  ];
  for (const [type, expression] of ids) {
    it(`keeps ids of type ${type} as they are`, async () => {
      const query = `SELECT ${expression} AS key, x, y, v FROM places`;
      const target = `ids_${type.replace(/\W/g, "_")}`;
      const { state, error_message } = await run(db.analyst, "moran_local", query, { ...params, id: "key" }, target);
      assert.equal(state, "ready", error_message ?? "");
      const { rows } = await db.analyst.query<{ type: string; same: boolean }>(
        `SELECT format_type(atttypid, atttypmod) AS type,
           (SELECT array_agg(key::text ORDER BY key) FROM (${query}) q) = (SELECT array_agg(key::text ORDER BY key) FROM ${target}) AS same
         FROM pg_attribute WHERE attrelid = '${target}'::regclass AND attname = 'key'`,
      );
      assert.deepEqual(rows, [{ type, same: true }]);
      // matched by place: every id got its own row's value
      const { rows: mismatches } = await db.analyst.query(
        `SELECT FROM (${query}) q JOIN ${target} t USING (key) WHERE q.v <> t.value`,
      );
      assert.equal(mismatches.length, 0);
    });
  }

  const forms: [form: string, expression: string][] = [
    ["GeoJSON as jsonb", `jsonb_build_object('type', 'Point', 'coordinates', jsonb_build_array(x, y))`],
    ["GeoJSON as json", `json_build_object('type', 'Point', 'coordinates', json_build_array(x, y))`],
    ["GeoJSON as text", `json_build_object('type', 'Point', 'coordinates', json_build_array(x, y))::text`],
    ["WKB as bytea", String.raw`'\x0000000001'::bytea || float8send(x) || float8send(y)`],
  ];
  for (const [form, expression] of forms) {
    it(`is the same from ${form} as from x and y`, async () => {
      const target = form.toLowerCase().replace(/\W+/g, "_");
      const { state, error_message } = await run(
        db.analyst,
        "moran_local",
        `SELECT id, v, ${expression} AS geom FROM places`,
        { value: "v", weights: { type: "knn", k: 5 }, permutations: 999 },
        target,
      );
      assert.equal(state, "ready", error_message ?? "");
      assert.deepEqual(await table(target), await table("lisa"));
    });
  }

  const numbers: [type: string, expression: string][] = [
    ["smallint", "(v * 1000)::smallint"],
    ["integer", "(v * 1000)::integer"],
    ["bigint", "(v * 1e12)::bigint"],
    ["real", "v::real"],
    ["numeric", "round(v::numeric, 7)"],
    ["measure", "v::measure"],
  ];
  for (const [type, expression] of numbers) {
    it(`takes values of type ${type}`, async () => {
      const target = `values_${type}`;
      await run(db.analyst, "moran_local", `SELECT id, x, y, ${expression} AS v FROM places`, params, target);
      const { rows } = await db.analyst.query(
        `SELECT FROM ${target} JOIN places USING (id) WHERE value <> (${expression})::float8`,
      );
      assert.equal(rows.length, 0);
    });
  }

  it("keeps rows without a value or a place, as undefined", async () => {
    const query = `SELECT id, CASE WHEN id = 3 THEN NULL WHEN id = 4 THEN 'NaN' WHEN id = 5 THEN 'Infinity' ELSE v END AS v,
      CASE WHEN id = 6 THEN NULL ELSE x END AS x, y FROM places`;
    const { summary } = await run(db.analyst, "moran_local", query, params, "gaps");
    assert.deepEqual(summary.rows, { read: n, used: n - 4, undefined: 4 });
    const rows = await table("gaps", "id, cluster, local_i, value, quadrant");
    assert.deepEqual(
      rows.filter((row) => row.cluster === "undefined"),
      [3, 4, 5, 6].map((id) => ({ id, cluster: "undefined", local_i: null, value: null, quadrant: null })),
    );
  });

  it("of a global analysis is one row", async () => {
    await run(db.analyst, "moran", "SELECT * FROM places", params, "global");
    const { rows } = await db.analyst.query<{ n: number; alternative: string }>("SELECT * FROM global");
    assert.deepEqual([rows.length, rows[0]!.n, rows[0]!.alternative], [1, n, "two-sided"]);
  });

  it("goes to a table named after the job where no target is given", async () => {
    const { id, target } = await run(db.analyst, "kmeans", "SELECT * FROM places", { k: 3, x: "x", y: "y" });
    assert.equal(target, `public.analysis_kmeans_${id.slice(0, 8)}`);
    assert.equal((await db.analyst.query(`SELECT FROM ${target}`)).rowCount, n);
  });

  it("takes names that need quotes, and the requester's search_path and time zone", async () => {
    await db.analyst.query(`CREATE SCHEMA IF NOT EXISTS "My ""Data"""`).catch(() => {});
    await db.admin.query(`CREATE SCHEMA IF NOT EXISTS "My ""Data""" AUTHORIZATION analyst`);
    await db.analyst.query(`SET search_path = "My ""Data""", public; SET TimeZone = 'Asia/Kolkata'`);
    try {
      await db.analyst.query(
        `CREATE TABLE "Odd ; table" AS SELECT id AS "ID --", x, y, v, current_setting('TimeZone') AS zone FROM public.places`,
      );
      const query = `SELECT *, CASE WHEN current_setting('TimeZone') = zone THEN v END AS checked FROM "Odd ; table" -- trailing`;
      const { state, target, summary } = await run(
        db.analyst,
        "moran_local",
        query,
        { ...params, id: "ID --", value: "checked" },
        `"Out 'put"`,
      );
      assert.equal(state, "ready");
      assert.equal(target, `"My ""Data"""."Out 'put"`);
      assert.equal(summary.rows.undefined, 0);
      assert.equal((await db.analyst.query(`SELECT "ID --" FROM ${target}`)).rowCount, n);
    } finally {
      await db.analyst.query("RESET search_path; RESET TimeZone");
    }
  });
});
