import assert from "node:assert/strict";
import { run } from "../support/jobs.js";
import { createDatabase, type TestDatabase } from "../support/server.js";

type Row = Record<string, number | string | null>;

describe("gwr in a database", () => {
  let db: TestDatabase;
  let stop: () => Promise<void>;
  const sold = "SELECT * FROM homes WHERE price IS NOT NULL";
  before(async () => {
    db = await createDatabase();
    stop = await db.startWorker();
    await db.analyst.query(
      `CREATE TABLE homes AS
         SELECT i AS id, i % 8 AS x, i / 8 AS y, 'home ' || i AS name, 40 + i * 7 % 31 AS area, i * 5 % 13 AS age,
                CASE WHEN i % 9 <> 4 THEN 100 + (2 + i % 8) * (i * 7 % 31) + sin(i) END AS price
           FROM generate_series(0, 63) i`,
    );
  });
  after(async () => {
    await stop();
    await db.close();
  });
  const params = { dependent: "price", covariates: ["area", "age"], x: "x", y: "y", bandwidth: 30 };

  async function made(query: string, more: object, target: string): Promise<{ rows: Row[]; summary: Row }> {
    const { state, error_message, summary } = await run(db.analyst, "gwr", query, { ...params, ...more }, target);
    assert.equal(state, "ready", error_message ?? "");
    const { rows } = await db.analyst.query<Row>(`SELECT * FROM ${target} ORDER BY 1`);
    return { rows, summary: summary as unknown as Row };
  }

  it("has columns for each covariate, and predicts rows without a dependent variable", async () => {
    const { rows, summary } = await made("SELECT * FROM homes", { include: ["name"] }, "surface");
    const of = (column: string): string[] => ["intercept", "area", "age"].map((name) => `${column}_${name}`);
    assert.deepEqual(Object.keys(rows[0]!), [
      "id",
      ...["coefficient", "se", "t", "filtered_t"].flatMap(of),
      ...["predicted", "residual", "influence", "local_r2", "condition_number", "local_bandwidth", "fit", "name"],
    ]);
    const { id, predicted, residual, influence, fit } = rows[13]!;
    assert.deepEqual({ id, residual, influence, fit }, { id: 13, residual: null, influence: null, fit: "as asked" });
    assert.ok(Number.isFinite(predicted));
    assert.deepEqual([summary.observed, summary.bandwidth], [57, 30]);
  });

  it("has the rows of targets where these are given, under the same names or others", async () => {
    const all = await made("SELECT * FROM homes", {}, "all_homes");
    const targets = "SELECT * FROM homes WHERE price IS NULL";
    const { rows } = await made(sold, { targets }, "unsold");
    assert.deepEqual(
      rows.map(({ id, predicted }) => [id, predicted]),
      all.rows.filter(({ residual }) => residual === null).map(({ id, predicted }) => [id, predicted]),
    );
    assert.equal("residual" in rows[0]!, false);
    const renamed = {
      targets: "SELECT 'h' || id AS code, x, y, area AS square_metres, age AS years FROM homes WHERE price IS NULL",
      targets_id: "code",
      targets_covariates: ["square_metres", "years"],
    };
    const named = await made(sold, renamed, "renamed");
    assert.deepEqual(
      named.rows.map(({ code, predicted }) => [code, predicted]).toSorted(),
      rows.map(({ id, predicted }) => [`h${id}`, predicted]).toSorted(),
    );
  });

  it("refuses before anything runs what cannot be", async () => {
    const refused = async (more: object, message: RegExp, query = "SELECT *, age AS intercept FROM homes") => {
      const asked = db.analyst.query("SELECT cdb_run_analysis('gwr', $1, $2, 'never')", [
        query,
        JSON.stringify({ ...params, ...more }),
      ]);
      await assert.rejects(asked, message);
    };
    const targets = "SELECT id, x, y, area FROM homes";
    await refused({ covariates: ["intercept"] }, /two result columns of gwr would be called "coefficient_intercept"/);
    const long = "a".repeat(52);
    await refused(
      { covariates: [long] },
      /"coefficient_a+" would have a name of 64 bytes, at most 63/,
      `SELECT *, age AS ${long} FROM homes`,
    );
    await refused({ targets, include: ["name"] }, /params\.include goes without targets only/);
    await refused({ targets }, /there is no column "age", which the parameter targets_covariates asks for/);
    await refused({ bandwidth: 0 }, /params\.bandwidth is 0/);
  });

  it("says in the job what it finds out of rows", async () => {
    const failing = async (more: object, message: RegExp): Promise<void> => {
      const { error_message } = await run(db.analyst, "gwr", sold, { ...params, ...more }, "never");
      assert.match(error_message ?? "", message);
    };
    const targets = "SELECT * FROM homes";
    await failing({ targets, targets_covariates: ["area"] }, /targets_covariates names 1 columns, covariates 2/);
    await failing({ bandwidth: 3 }, /bandwidth is 3, expected a whole number of rows from 4 to 57/);
    await failing({ covariates: ["area", "price"] }, /price is the dependent variable, and among the covariates too/);
  });
});
