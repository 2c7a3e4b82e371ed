import assert from "node:assert/strict";
import { run } from "../support/jobs.js";
import { createDatabase, type TestDatabase } from "../support/server.js";

type Row = Record<string, unknown>;

describe("an analysis with a choice of results", () => {
  let db: TestDatabase;
  let stop: () => Promise<void>;
  before(async () => {
    db = await createDatabase();
    stop = await db.startWorker();
    await db.analyst.query(
      `CREATE TABLE tracts AS
         SELECT i AS id, i % 6 AS x, i / 6 AS y, 'tract ' || i AS name, i % 7 + 0.1 * i AS income, i % 2 AS urban,
                i % 4 AS variable, CASE WHEN i % 2 = 0 THEN 'even' ELSE 'odd' END AS region,
                CASE WHEN i <> 9 THEN 3 + 2 * (i % 7) + sin(i) END AS crime
           FROM generate_series(0, 47) i`,
    );
  });
  after(async () => {
    await stop();
    await db.close();
  });
  const params = {
    dependent: "crime",
    covariates: ["income", "urban"],
    x: "x",
    y: "y",
    weights: { type: "knn", k: 4 },
  };

  const made = (more: object, target: string) => madeBy("ols", { ...params, ...more }, target);
  async function madeBy(
    analysis: string,
    params: object,
    target: string,
    query = "SELECT * FROM tracts",
  ): Promise<{ rows: Row[]; key: string; summary: Row }> {
    const { state, error_message, summary } = await run(db.analyst, analysis, query, params, target);
    assert.equal(state, "ready", error_message ?? "");
    const { rows } = await db.analyst.query<Row>(`SELECT * FROM ${target}`);
    const { rows: keys } = await db.analyst.query<{ key: string }>(
      "SELECT pg_get_constraintdef(oid) AS key FROM pg_constraint WHERE conrelid = $1::regclass AND contype = 'p'",
      [target],
    );
    return { rows, key: keys[0]!.key, summary: summary as unknown as Row };
  }
  const refused = (more: object, message: RegExp) => refusedBy("ols", { ...params, ...more }, message);
  async function refusedBy(analysis: string, params: object, message: RegExp): Promise<void> {
    const asked = db.analyst.query("SELECT cdb_run_analysis($1, 'SELECT * FROM tracts', $2, 'never')", [
      analysis,
      JSON.stringify(params),
    ]);
    await assert.rejects(asked, message);
  }

  it("makes that of the first where none is named", async () => {
    const { rows, key } = await made({}, "coefficients");
    assert.deepEqual(
      rows.map(({ variable }) => variable),
      ["intercept", "income", "urban"],
    );
    assert.deepEqual(Object.keys(rows[0]!), ["variable", "coefficient", "standard_error", "t", "p", "vif"]);
    assert.equal(rows[0]!.vif, null);
    assert.equal(key, "PRIMARY KEY (variable)");
  });

  it("makes the one that is named, with the same summary", async () => {
    const { rows, key, summary } = await made({ output: "rows", include: ["name"] }, "residuals");
    assert.deepEqual(Object.keys(rows[0]!), ["id", "predicted", "residual", "influence", "name"]);
    assert.equal(rows.length, 48);
    assert.deepEqual(rows[9], { id: 9, predicted: null, residual: null, influence: null, name: "tract 9" });
    assert.equal(key, "PRIMARY KEY (id)");
    const { summary: other } = await made({}, "again");
    const { r2, lm_error, moran_residuals } = summary;
    assert.deepEqual(
      { r2, lm_error, moran_residuals },
      {
        r2: other.r2,
        lm_error: other.lm_error,
        moran_residuals: other.moran_residuals,
      },
    );
  });

  it("makes either by groups", async () => {
    const ofIncome = { covariates: ["income"], by: ["region"] };
    const { rows, key } = await made(ofIncome, "by_region");
    assert.deepEqual(
      rows.map(({ region, variable }) => [region, variable]),
      [
        ["even", "intercept"],
        ["even", "income"],
        ["odd", "intercept"],
        ["odd", "income"],
      ],
    );
    assert.equal(key, "PRIMARY KEY (region, variable)");
    assert.equal((await made({ ...ofIncome, output: "rows" }, "rows_by_region")).rows.length, 48);
  });

  it("takes only what goes with it, and has only its own names", async () => {
    await refused({ include: ["name"] }, /params\.include goes with output "rows" only/);
    await refused({ by: ["variable"] }, /by names the column "variable", which the result has already/);
    assert.equal(
      (await made({ covariates: ["income"], output: "rows", by: ["variable"] }, "by_variable")).rows.length,
      48,
    );
  });

  it("refuses a dependent variable among the covariates, and a covariate that is called as the intercept", async () => {
    const failed = await run(db.analyst, "ols", "SELECT * FROM tracts", { ...params, covariates: ["crime"] }, "never");
    assert.match(failed.error_message ?? "", /crime is the dependent variable, and among the covariates too/);
    const query = "SELECT *, income AS intercept FROM tracts";
    const called = await run(db.analyst, "ols", query, { ...params, covariates: ["intercept"] }, "never");
    assert.match(called.error_message ?? "", /a covariate is called intercept/);
  });

  it("is of columns where these are given, and else of places", async () => {
    const columns = ["income", "crime"];
    const { rows, summary } = await madeBy("kmeans", { columns, k: [2, 4], weight: "urban" }, "types");
    assert.deepEqual(Object.keys(rows[0]!), [
      "id",
      "cluster_no",
      "center_income",
      "center_crime",
      "distance",
      "silhouette",
    ]);
    assert.deepEqual(Object.values(rows[9]!), [9, null, null, null, null, null]);
    const { k, scores, centers } = summary as { k: number; scores: { k: number }[]; centers: Row[] };
    assert.deepEqual(
      scores.map((score) => score.k),
      [2, 3, 4],
    );
    assert.equal(centers.length, k);
    assert.deepEqual(centers[rows[0]!.cluster_no as number], {
      income: rows[0]!.center_income,
      crime: rows[0]!.center_crime,
    });
    const places = await madeBy("kmeans", { x: "x", y: "y", k: 3 }, "areas");
    assert.deepEqual(Object.keys(places.rows[0]!), [
      "id",
      "cluster_no",
      "center_x",
      "center_y",
      "distance",
      "silhouette",
    ]);
  });

  it("is not of columns and places at once, nor of columns without variation", async () => {
    const kmeans = { columns: ["income"], k: 3 };
    await refusedBy("kmeans", { ...kmeans, x: "x", y: "y" }, /params\.x goes without columns only/);
    await refusedBy("kmeans", { ...kmeans, great_circle: true }, /params\.great_circle goes without columns only/);
    await refusedBy("kmeans", { k: 3 }, /MISSING_COLUMN.*no column has the places/);
    await refusedBy("kmeans", { ...kmeans, k: "3" }, /params\.k is "3", of type string/);
    await refusedBy("kmeans", { ...kmeans, k: [3] }, /params\.k has 1 elements/);
    const query = "SELECT *, 5 AS five, -1 AS loss FROM tracts";
    const constant = await run(db.analyst, "kmeans", query, { columns: ["income", "five"], k: 3 }, "never");
    assert.match(constant.error_message ?? "", /every value of five is 5/);
    const negative = await run(db.analyst, "kmeans", query, { ...kmeans, weight: "loss" }, "never");
    assert.match(negative.error_message ?? "", /weights\[0\] is -1, expected a finite number of at least 0/);
  });

  it("of columns reads no places, and needs none", async () => {
    const query = "SELECT id, income, 'nowhere' AS geom FROM tracts";
    assert.equal((await madeBy("kmeans", { columns: ["income"], k: 2 }, "unplaced", query)).rows.length, 48);
  });
});
