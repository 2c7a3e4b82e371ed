import assert from "node:assert/strict";
import type pg from "pg";
import type { Server } from "#dist/demo/server.js";
import { gwr, kmeansColumns, knn, moranLocal, spatialMarkov } from "driveshaft";
import { compareCall } from "#dist/crankshaft/compare.js";
import { uninstall } from "#dist/install/uninstall.js";
import { close, failure } from "../support/assertions.js";
import { assertNothingLeft } from "../support/leftovers.js";
import { startPostgis } from "../support/postgis.js";
import { generator, uniform } from "../support/random.js";
import { createDatabase, roles, type TestDatabase } from "../support/server.js";

/** As many as Spain has provinces. */
const N = 52;
const random = generator(15);
/** Numbers that numeric holds as they are. */
const decimals = (values: Float64Array): Float64Array => values.map((value) => Math.round(1e6 * value) / 1e6);
const [x, y, v, w, events] = Array.from({ length: 5 }, () => decimals(uniform(N, random))) as [
  Float64Array,
  ...Float64Array[],
] &
  Float64Array[];
const table = { x: x, y: y!, v: v!, w: w!, events: events!.map((value) => Math.floor(20 * value)) };
const base = uniform(N, random).map((value) => 100 + Math.floor(900 * value));
const weights = knn(table.x, table.y, { k: 5 });

const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
const sd = (values: ArrayLike<number>): number => {
  const m = mean(values);
  return Math.sqrt(mean(Array.from(values, (value) => (value - m) ** 2)));
};
const neighborsOf = (i: number): number[] => [
  ...weights.neighbors.subarray(weights.offsets[i], weights.offsets[i + 1]),
];
const lag = (values: Float64Array, i: number): number => mean(neighborsOf(i).map((j) => values[j]!));

/** Of squared distances in standard deviations. */
function silhouettes(columns: Float64Array[], clusters: ArrayLike<number>): number[] {
  const z = columns.map((column) => column.map((value) => (value - mean(column)) / sd(column)));
  const distance = (i: number, j: number): number => z.reduce((sum, each) => sum + (each[i]! - each[j]!) ** 2, 0);
  const rows = Array.from(clusters, (_, i) => i);
  return rows.map((i) => {
    const to = [...new Set(Array.from(clusters))].map((label) => {
      const others = rows.filter((j) => clusters[j] === label && j !== i);
      return { label, mean: mean(others.map((j) => distance(i, j))) };
    });
    const own = to.find(({ label }) => label === clusters[i])!.mean;
    const next = Math.min(...to.filter(({ label }) => label !== clusters[i]).map((each) => each.mean));
    return (next - own) / Math.max(next, own);
  });
}

type Row = Record<string, string | number | null>;

describe("the SQL of crankshaft whose analyses run as jobs", () => {
  let server: Server | undefined;
  let db: TestDatabase;
  let stopWorker: () => Promise<void>;

  before(async function () {
    server = await startPostgis();
    if (!server) {
      console.log("      PostGIS is not installed: these tests are skipped");
      return this.skip();
    }
    db = await createDatabase(server);
    await db.admin.query("CREATE EXTENSION postgis; CREATE EXTENSION dblink");
    await db.admin.query(`GRANT USAGE ON FOREIGN DATA WRAPPER dblink_fdw TO ${roles.owner}`);
    await db.install({ crankshaft: true });
    await map(db.analyst, roles.analyst);
    stopWorker = await db.startWorker();
    await db.analyst.query(
      `CREATE TABLE provinces AS
       SELECT i::int AS cartodb_id, ST_SetSRID(ST_MakePoint(x, y), 4326) AS the_geom, v, w, events, base,
              CASE WHEN i > 5 THEN v END AS known
         FROM unnest($1::float8[], $2::float8[], $3::float8[], $4::float8[], $5::int[], $6::int[])
              WITH ORDINALITY p (x, y, v, w, events, base, i)
       UNION ALL SELECT 53, NULL, 1, 1, 1, 1, 1 UNION ALL SELECT 54, ST_SetSRID(ST_MakePoint(0, 0), 4326), NULL, 1, 1, 0, 1`,
      [table.x, table.y, table.v, table.w, table.events, base].map((values) => Array.from(values)),
    );
  });
  after(async () => {
    await stopWorker?.();
    await db?.close();
    await server?.stop();
  });

  /** Lets a role ask for jobs from inside a statement. */
  async function map(client: pg.Client, role: string, as = role): Promise<void> {
    const { username, password } = new URL(db.url(as));
    await client.query(
      `CREATE USER MAPPING FOR ${role} SERVER driveshaft OPTIONS (user '${username}', password '${password}')`,
    );
  }

  /** The rows of a function, in the order of their ids. */
  async function rowsOf(call: string, settings = "", client = db.analyst): Promise<Row[]> {
    await client.query(`BEGIN; ${settings}`);
    try {
      return (await client.query<Row>(`SELECT * FROM cdb_crankshaft.${call}`)).rows;
    } finally {
      await client.query("ROLLBACK");
    }
  }
  const bugs = "SET LOCAL driveshaft.crankshaft_bugs = on";
  const numbers = (rows: Row[], column: string): number[] => rows.map((row) => Number(row[column]));
  function same(rows: Row[], column: string, expected: ArrayLike<number>, tolerance = 1e-9): void {
    assert.equal(rows.length, expected.length);
    numbers(rows, column).forEach((value, i) => close(value, expected[i]!, tolerance));
  }

  it("local Moran: quadrants, lags and values of the rows that have a value and a place, p of the smaller tail", async () => {
    const rows = await rowsOf("CDB_MoransILocal('SELECT * FROM provinces', 'v') ORDER BY rowid");
    const [m, s] = [mean(table.v), sd(table.v)];
    const z = table.v.map((value) => (value - m) / s);
    const lags = Array.from(z, (_, i) => lag(z, i));
    assert.deepEqual(Object.keys(rows[0]!), [
      ...["quads", "significance", "spatial_lag", "spatial_lag_std", "orig_val", "orig_val_std", "moran_stat", "rowid"],
    ]);
    same(
      rows,
      "rowid",
      Array.from(z, (_, i) => i + 1),
    );
    same(rows, "orig_val", table.v);
    same(rows, "orig_val_std", z);
    same(
      rows,
      "spatial_lag",
      Array.from(z, (_, i) => lag(table.v, i)),
    );
    same(rows, "spatial_lag_std", lags);
    same(
      rows,
      "moran_stat",
      Array.from(z, (own, i) => ((N - 1) * own * lags[i]!) / N),
    );
    same(rows, "significance", moranLocal(table.v, weights, { alternative: "directed" }).p);
    assert.deepEqual(
      rows.map((row) => row.quads),
      Array.from(z, (own, i) => (own > 0 ? "H" : "L") + (lags[i]! > 0 ? "H" : "L")),
    );
  });

  it("local Moran of rates: standardised by empirical Bayes (Assunção and Reis), without rows whose denominator is 0", async () => {
    const rows = await rowsOf(
      "CDB_MoransILocalRate('SELECT * FROM provinces', 'events', 'base', num_ngbrs => 5) ORDER BY rowid",
    );
    const total = mean(base) * N;
    const b = (mean(table.events) * N) / total;
    const s2 = Array.from(base, (e, i) => e * (table.events[i]! / e - b) ** 2).reduce((p, q) => p + q) / total;
    const a = s2 - b / (total / N);
    const expected = Array.from(
      base,
      (e, i) => (table.events[i]! / e - b) / Math.sqrt(a + b / e > 0 ? a + b / e : b / e),
    );
    same(rows, "orig_val", expected);
  });

  it("its former names: the statistic, the quadrant and the standardised value, and rows by quadrants", async () => {
    const local = await rowsOf("CDB_MoransILocal('SELECT * FROM provinces', 'v') ORDER BY rowid");
    const former = await rowsOf("CDB_AreasOfInterestLocal('SELECT * FROM provinces', 'v') ORDER BY rowid");
    const { moran_stat, quads, significance, rowid, orig_val_std } = local[7]!;
    assert.deepEqual(former[7], { moran: moran_stat, quads, significance, rowid, vals: orig_val_std });
    for (const [name, kept] of Object.entries({ Hotspots: "HH HL", Coldspots: "LL LH", Outliers: "HL LH" })) {
      const rows = await rowsOf(`CDB_GetSpatial${name}('SELECT * FROM provinces', 'v') ORDER BY rowid`);
      assert.deepEqual(
        rows,
        former.filter((row) => kept.includes(row.quads as string)),
      );
    }
    const rates = await rowsOf(
      "CDB_GetSpatialOutliersRate('SELECT * FROM provinces', 'events', 'base') ORDER BY rowid",
    );
    assert.ok(rates.length > 0 && rates.every(({ quads }) => quads === "HL" || quads === "LH"));
  });

  it("global Moran: I and its p-value; with crankshaft's bugs the expectation in its place", async () => {
    const m = mean(table.v);
    const centered = table.v.map((value) => value - m);
    const sum = Array.from(centered, (own, i) => own * lag(centered, i)).reduce((p, q) => p + q);
    const i = sum / (N * sd(table.v) ** 2);
    const [right] = await rowsOf("CDB_AreasOfInterestGlobal('SELECT * FROM provinces', 'v')");
    close(Number(right!.moran), i);
    assert.ok(Number(right!.significance) >= 0.01 && Number(right!.significance) <= 0.5 + 0.01);
    const [old] = await rowsOf("CDB_AreasOfInterestGlobal('SELECT * FROM provinces', 'v')", bugs);
    close(Number(old!.significance), -1 / (N - 1));
    const [rate] = await rowsOf("CDB_AreasOfInterestGlobalRate('SELECT * FROM provinces', 'events', 'base')");
    assert.equal(typeof rate!.moran, "number");
  });

  it("G*: z of each row's own draws; with crankshaft's bugs that of all rows' draws together", async () => {
    // few enough rows that all draws can be listed
    const few = "SELECT * FROM provinces WHERE cartodb_id <= 9";
    const [xs, ys, values] = [table.x, table.y, table.v].map((column) => column.slice(0, 9)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const pairs = knn(xs, ys, { k: 2 });
    const sum = mean(values) * 9;
    const all: number[] = [];
    const expected = Array.from(values, (own, i) => {
      const g = (a: number, b: number): number => (values[a]! + values[b]! + own) / 3 / sum;
      const draws: number[] = [];
      for (let a = 0; a < 9; a++) for (let b = 0; b < a; b++) if (a !== i && b !== i) draws.push(g(a, b));
      all.push(...draws);
      const observed = g(pairs.neighbors[2 * i]!, pairs.neighbors[2 * i + 1]!);
      const above = draws.filter((draw) => draw >= observed - 1e-12).length / draws.length;
      const below = draws.filter((draw) => draw <= observed + 1e-12).length / draws.length;
      return { observed, z: (observed - mean(draws)) / sd(draws), p: Math.min(above, below) };
    });
    const right = await rowsOf(`CDB_GetisOrdsG('${few}', 'v', 'knn', 2) ORDER BY rowid`);
    same(
      right,
      "z_score",
      expected.map(({ z }) => z),
    );
    same(
      right,
      "p_value",
      expected.map(({ p }) => p),
    );
    const old = await rowsOf(`CDB_GetisOrdsG('${few}', 'v', 'knn', 2) ORDER BY rowid`, bugs);
    same(
      old,
      "z_score",
      expected.map(({ observed }) => (observed - mean(all)) / sd(all)),
    );
  });

  it("the tail of the normal curve", async () => {
    const { rows } = await db.analyst.query<{ p: number }>(
      "SELECT cdb_crankshaft._upper_tail(z) AS p FROM unnest('{0, 1, 1.959963984540054, 2.9999, 3, 6}'::float8[]) z",
    );
    const known = [0.5, 0.15865525393145707, 0.025, 0.0013503412829547, 0.0013498980316300946, 9.865876450376946e-10];
    rows.forEach(({ p }, i) => close(p, known[i]!, i === 3 ? 1e-8 : 1e-12));
  });

  it("k-means of places, of any two groups the farther apart", async () => {
    const query =
      "SELECT cartodb_id, ST_Translate(the_geom, 100 * (cartodb_id % 2), 0) AS the_geom FROM provinces WHERE v IS NOT NULL";
    const rows = await rowsOf(`CDB_KMeans('${query}', 2) ORDER BY cartodb_id`);
    assert.equal(rows.length, N);
    const odd = rows[0]!.cluster_no;
    assert.ok(rows.every(({ cartodb_id, cluster_no }) => (cluster_no === odd) === (Number(cartodb_id) % 2 === 1)));
  });

  it("k-means of numbers: labels, centers in standard deviations, silhouettes and inertia", async () => {
    const rows = await rowsOf(
      "CDB_KMeansNonspatial('SELECT * FROM provinces WHERE cartodb_id <= 52', '{v,w}', 3) ORDER BY rowid",
    );
    const found = kmeansColumns([table.v, table.w], { k: 3 });
    same(rows, "cluster_label", found.clusters);
    same(rows, "inertia", Array<number>(N).fill(found.inertia));
    same(rows, "silhouettes", silhouettes([table.v, table.w], found.clusters));
    const center = rows[0]!.cluster_center as unknown as Record<string, number>;
    const label = Number(rows[0]!.cluster_label);
    close(center.v!, found.centers[0]![label]!);
    close(center.w!, found.centers[1]![label]!);
  });

  it("spatial Markov: where the rows are likely to move next", async () => {
    const rows = await rowsOf(
      "CDB_SpatialMarkovTrend('SELECT * FROM provinces WHERE cartodb_id <= 52', '{v,w,known}', 3) ORDER BY rowid",
    );
    const some = Array.from({ length: N - 5 }, (_, i) => i + 5);
    const [xs, ys, v, w] = [table.x, table.y, table.v, table.w].map((column) =>
      Float64Array.from(some, (i) => column[i]!),
    ) as [Float64Array, Float64Array, Float64Array, Float64Array];
    const found = spatialMarkov([v, w, v], knn(xs, ys, { k: 5 }), { k: 3 });
    same(rows, "trend_up", found.trendUp);
    same(rows, "trend_down", found.trendDown);
    same(rows, "volatility", found.volatility);
  });

  it("regressions by place: coefficients by name, and predictions for rows without the variable", async () => {
    const rows = await rowsOf("CDB_GWR('SELECT * FROM provinces', 'v', '{w,base}', 30) ORDER BY rowid");
    const found = gwr(table.v, [table.w, Float64Array.from(base)], table.x, table.y, { bandwidth: 30 });
    const coefficients = rows.map((row) => row.coeffs as unknown as Record<string, number>);
    assert.deepEqual(Object.keys(coefficients[0]!), ["intercept", "w", "base"]);
    coefficients.forEach((each, i) => close(each.w!, found.coefficients[1]![i]!));
    same(rows, "predicted", found.predicted);
    same(rows, "residuals", found.residuals);
    same(rows, "r_squared", found.localR2);
    same(rows, "bandwidth", Array<number>(N).fill(30));

    const query = "SELECT * FROM provinces WHERE cartodb_id <= 52";
    const call = `CDB_GWR_Predict('${query}', 'known', '{w}', 30) ORDER BY rowid`;
    const predicted = await rowsOf(call);
    same(predicted, "rowid", [1, 2, 3, 4, 5]);
    const at = predicted.map((row) => row.coeffs as unknown as Record<string, number>);
    same(
      predicted,
      "predicted",
      at.map(({ intercept, w }, i) => intercept! + w! * table.w[i]!),
    );
    // the i-th covariate of those that have the variable
    const old = await rowsOf(call, bugs);
    same(
      old,
      "predicted",
      at.map(({ intercept, w }, i) => intercept! + w! * table.w[5 + i]!),
    );
  });

  it("trees: the same from arrays, from all columns and from some, each prediction with its id", async () => {
    const known = "SELECT cartodb_id, v, w, base FROM provinces WHERE cartodb_id <= 40";
    const wanted =
      "SELECT cartodb_id, w, base FROM provinces WHERE cartodb_id BETWEEN 41 AND 52 ORDER BY cartodb_id DESC";
    const some = await rowsOf(
      `CDB_CreateAndPredictSegment('${known}', 'v', ARRAY['w', 'base'], '${wanted}', 20) ORDER BY cartodb_id::int`,
    );
    same(
      some,
      "cartodb_id",
      Array.from({ length: 12 }, (_, i) => 41 + i),
    );
    assert.ok(Number(some[0]!.accuracy) > 0);
    assert.deepEqual(
      await rowsOf(`CDB_CreateAndPredictSegment('${known}', 'v', '${wanted}', 20) ORDER BY cartodb_id::int`),
      some,
    );
    const { rows } = await db.analyst.query<Row>(
      `SELECT s.* FROM (SELECT array_agg(v::numeric ORDER BY cartodb_id) AS target, cdb_crankshaft.CDB_PyAgg(ARRAY[w, base]::numeric[] ORDER BY cartodb_id) AS features FROM (${known}) k) k,
              (SELECT array_agg(cartodb_id::numeric ORDER BY cartodb_id) AS ids, cdb_crankshaft.CDB_PyAgg(ARRAY[w, base]::numeric[] ORDER BY cartodb_id) AS features FROM (${wanted}) w) w,
              cdb_crankshaft.CDB_CreateAndPredictSegment(k.target, k.features, w.features, w.ids, 20) s ORDER BY 1`,
    );
    same(rows, "prediction", numbers(some, "prediction"));
  });

  it("draws again what it drew with the same seed, and something else with another", async () => {
    const drawn = async (seed: number): Promise<Row[]> =>
      rowsOf(
        "CDB_MoransILocal('SELECT * FROM provinces', 'v') ORDER BY rowid",
        `${bugs}; SELECT cdb_crankshaft._cdb_random_seeds(${seed})`,
      );
    assert.deepEqual(await drawn(7), await drawn(7));
    assert.notDeepEqual(await drawn(7), await drawn(8));
  });

  it("answers inside a read-only transaction, and reads in the search_path of the caller", async () => {
    await db.admin.query(`CREATE SCHEMA elsewhere AUTHORIZATION ${roles.analyst}`);
    await db.analyst.query("CREATE TABLE elsewhere.there AS SELECT * FROM provinces");
    const rows = await rowsOf(
      "CDB_MoransILocal('SELECT * FROM there', 'v')",
      "SET TRANSACTION READ ONLY, ISOLATION LEVEL REPEATABLE READ; SET LOCAL search_path = elsewhere, public",
    );
    assert.equal(rows.length, N);
  });

  it("says what a job cannot see: temporary tables, and what the transaction has written", async () => {
    const call = "CDB_MoransILocal('SELECT * FROM passing', 'v')";
    await assert.rejects(
      rowsOf(call, "CREATE TEMPORARY TABLE passing AS SELECT * FROM provinces"),
      (error: Error & { hint?: string }) => {
        assert.match(error.message, /^INVALID_QUERY: .*passing/);
        assert.match(error.hint!, /reads what has been committed/);
        return true;
      },
    );
  });

  it("ends with the statement: a time-out or a cancellation cancels the job, and leaves no connection", async () => {
    const slow = "SELECT p.* FROM provinces p, LATERAL (SELECT pg_sleep(5) WHERE cartodb_id > 0) s";
    await assert.rejects(
      rowsOf(`CDB_MoransILocal('${slow}', 'v')`, "SET LOCAL statement_timeout = '700ms'"),
      /statement timeout/,
    );
    const { rows } = await db.analyst.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    const ended = assert.rejects(rowsOf(`CDB_MoransILocal('${slow}', 'w')`), /user request/);
    for (;;) {
      const { rowCount } = await db.admin.query(
        "SELECT FROM driveshaft.jobs WHERE state = 'running' AND query LIKE '%q.w::%'",
      );
      if (rowCount === 1) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await db.admin.query("SELECT pg_cancel_backend($1)", [rows[0]!.pid]);
    await ended;
    await assertNothingLeft(db.admin);
    const { rows: jobs } = await db.admin.query<{ state: string }>(
      "SELECT state FROM driveshaft.jobs ORDER BY created_at DESC LIMIT 2",
    );
    assert.deepEqual(jobs, [{ state: "canceled" }, { state: "canceled" }]);
    const { rows: open } = await db.analyst.query("SELECT dblink_get_connections() AS names");
    assert.deepEqual(open, [{ names: null }]);
  });

  it("answers twenty callers at a time, and leaves no table and no answer", async () => {
    const clients = await Promise.all(Array.from({ length: 20 }, () => db.open(roles.analyst)));
    const answers = await Promise.all(
      clients.map((client) => rowsOf("CDB_MoransILocal('SELECT * FROM provinces', 'v') ORDER BY rowid", "", client)),
    );
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
    await Promise.all(clients.map((client) => client.end()));
    await assertNothingLeft(db.admin);
    const { rows } = await db.admin.query(
      "SELECT (SELECT count(*)::int FROM driveshaft.answers) AS answers, (SELECT count(*)::int FROM driveshaft.results) AS results",
    );
    assert.deepEqual(rows, [{ answers: 0, results: 0 }]);
  });

  it("asks as the caller only: it says what to type where there is no user mapping, refuses one of another role, and does not wait in vain", async () => {
    const other = await db.open(roles.other);
    const call = "CDB_MoransILocal('SELECT * FROM provinces', 'v')";
    await assert.rejects(rowsOf(call, "", other), (error: Error & { hint?: string }) => {
      assert.match(error.message, /^ACCESS_DENIED: other has no user mapping/);
      assert.match(error.hint!, /CREATE USER MAPPING FOR other SERVER driveshaft OPTIONS/);
      return true;
    });
    await map(other, roles.other, roles.analyst);
    await assert.rejects(
      rowsOf(call, "", other),
      /^error: ACCESS_DENIED: the user mapping of other logs in as analyst/,
    );
    await other.query("DROP USER MAPPING FOR other SERVER driveshaft");
    await map(other, roles.other);
    await db.analyst.query("GRANT SELECT ON provinces TO other");
    await assert.rejects(rowsOf(call, "", other), /^error: NO_WORKER: no worker serves other/);
    await other.end();
  });

  it("fills tables as camshaft's node deprecated-sql-function asks: created first, then populated", async () => {
    const call = (operation: string): Promise<unknown> =>
      db.analyst.query("SELECT * FROM cdb_crankshaft.DEP_EXT_moran_local($1, 'analysis_0', $2, $3, $4)", [
        operation,
        "SELECT cartodb_id, the_geom, the_geom AS the_geom_webmercator, v FROM provinces WHERE cartodb_id <= 52",
        ["cartodb_id", "the_geom", "the_geom_webmercator", "v"],
        '{"value": "v", "weights": {"type": "knn", "k": 5}}',
      ]);
    const all = "SELECT * FROM analysis_0 ORDER BY cartodb_id";
    await call("create");
    const { rows: none, fields } = await db.analyst.query(all);
    assert.equal(none.length, 0);
    assert.deepEqual(
      fields.slice(0, 4).map(({ name }) => name),
      ["cartodb_id", "the_geom", "v", "value"],
    );
    await call("populate");
    const { rows } = await db.analyst.query<Row>(all);
    same(
      rows,
      "cartodb_id",
      Array.from(table.v, (_, i) => i + 1),
    );
    same(rows, "local_i", moranLocal(table.v, weights).localI);
    await assert.rejects(call("drop"), /the operation is 'drop'/);
  });

  it("is compared with a crankshaft that still stands, column by column", async () => {
    await db.admin.query(`CREATE SCHEMA crankshaft_before AUTHORIZATION ${roles.analyst}`);
    // another p, as of draws, and a row less
    await db.analyst.query(`CREATE FUNCTION crankshaft_before.CDB_MoransILocal(subquery text, column_name text)
      RETURNS TABLE (quads text, significance numeric, spatial_lag numeric, rowid int) LANGUAGE sql AS
      $$ SELECT quads, significance + 0.01, spatial_lag, rowid
           FROM cdb_crankshaft.CDB_MoransILocal(subquery, column_name) WHERE rowid > 1 $$`);
    const found = await compareCall(
      db.analyst,
      "CDB_MoransILocal('SELECT * FROM provinces', 'v')",
      "crankshaft_before",
    );
    assert.equal(found.rows, N - 1);
    assert.deepEqual(found.only, { former: 0, here: 1 });
    const of = (column: string): object => found.differences.find((each) => each.column === column)!;
    assert.deepEqual(of("quads"), { column: "quads", equal: N - 1, largest: null, relative: null, other: 0 });
    assert.deepEqual(of("moran_stat"), { column: "moran_stat", equal: 0, largest: null, relative: null, other: N - 1 });
    const { largest } = of("significance") as { largest: number };
    close(largest, 0.01);
    await assert.rejects(
      compareCall(db.analyst, "CDB_MoransILocal('SELECT", "crankshaft_before"),
      failure("INVALID_QUERY", /crankshaft_before.CDB_MoransILocal\('SELECT cannot be called: unterminated/),
    );
  });

  it("is kept up to date by a plain installation, and refused where schema or server are another's, or an extension is missing", async () => {
    await db.admin.query("DROP FUNCTION cdb_crankshaft.CDB_KMeans");
    await db.install();
    assert.equal((await rowsOf("CDB_KMeans('SELECT * FROM provinces', 2)")).length, N + 1);
    const owner = await db.open(roles.owner);
    await owner.query("ALTER SCHEMA cdb_crankshaft RENAME TO aside");
    await db.admin.query("CREATE SCHEMA cdb_crankshaft");
    await assert.rejects(db.install({ crankshaft: true }), failure("TARGET_EXISTS", /belongs to postgres/));
    // crankshaft's own stays as it is, also where the owner has it
    await db.admin.query(`ALTER SCHEMA cdb_crankshaft OWNER TO ${roles.owner}`);
    await owner.query("CREATE FUNCTION cdb_crankshaft.CDB_PIA() RETURNS integer LANGUAGE sql RETURN 1");
    await db.install();
    await assert.rejects(db.install({ crankshaft: true }), failure("TARGET_EXISTS", /cdb_crankshaft exists/));
    await owner.query("SELECT cdb_crankshaft.CDB_PIA()");
    await db.admin.query("DROP SCHEMA cdb_crankshaft CASCADE");
    await owner.query("ALTER SCHEMA aside RENAME TO cdb_crankshaft");
    await owner.end();
    await db.admin.query("ALTER SERVER driveshaft OWNER TO postgres");
    await assert.rejects(db.install(), failure("TARGET_EXISTS", /the foreign server driveshaft belongs to postgres/));
    await db.admin.query(`ALTER SERVER driveshaft OWNER TO ${roles.owner}`);
    const bare = await createDatabase(server);
    await assert.rejects(
      bare.install({ crankshaft: true }),
      failure("NOT_INSTALLED", /needs the extensions dblink and postgis/),
    );
    await bare.close();
  });

  it("shows an answer to nobody else, and its sweep drops what nobody took", async () => {
    const { rows } = await db.analyst.query<{ id: string }>(
      `INSERT INTO driveshaft.jobs (analysis, query, params, answer)
       VALUES ('moran', 'SELECT cartodb_id, the_geom, v FROM provinces', '{"value": "v"}', true) RETURNING id`,
    );
    await db.analyst.query("SELECT * FROM driveshaft.await_job($1)", [rows[0]!.id]);
    const count = "SELECT count(*)::int AS answers FROM driveshaft.answers";
    const other = await db.open(roles.other);
    assert.deepEqual((await other.query(count)).rows, [{ answers: 0 }]);
    assert.deepEqual((await db.analyst.query(count)).rows, [{ answers: 1 }]);
    await db.admin.query("UPDATE driveshaft.jobs SET finished_at = finished_at - interval '61 min'");
    await db.admin.query("SELECT driveshaft.sweep()");
    assert.deepEqual((await db.analyst.query(count)).rows, [{ answers: 0 }]);
    await other.end();
  });

  it("goes with the installation", async () => {
    await uninstall(db.admin, true);
    const { rows } = await db.admin.query(
      "SELECT (SELECT count(*)::int FROM pg_namespace WHERE nspname = 'cdb_crankshaft') AS schemas, (SELECT count(*)::int FROM pg_foreign_server) AS servers",
    );
    assert.deepEqual(rows, [{ schemas: 0, servers: 0 }]);
  });
});
