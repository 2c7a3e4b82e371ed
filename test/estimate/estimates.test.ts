import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findAnalysis } from "#dist/analyses/index.js";
import { parameterSchema } from "#dist/analyses/check-parameters.js";
import { estimateText } from "#dist/cli/estimate.js";
import { coefficients, machine } from "#dist/estimate/coefficients.js";
import { estimate, type Estimate } from "#dist/estimate/estimate.js";
import { createDatabase, roles, type TestDatabase } from "../support/server.js";

const query = "SELECT id, x, y, v FROM places";
const params = { value: "v", x: "x", y: "y" };

describe("an estimate", () => {
  let db: TestDatabase;
  before(async () => {
    db = await createDatabase();
    await db.analyst.query(
      "CREATE TABLE places AS SELECT i AS id, i::float8 AS x, i % 7 AS y, i % 5 AS v FROM generate_series(1, 5000) i; ANALYZE places",
    );
  });
  after(() => db.close());

  async function ask(analysis: string, text: string, parameters: object, exact = false): Promise<Estimate> {
    const { rows } = await db.analyst.query<Estimate & { rows: string }>(
      "SELECT * FROM cdb_estimate_analysis($1, $2, $3, $4)",
      [analysis, text, JSON.stringify(parameters), exact],
    );
    return { ...rows[0]!, rows: Number(rows[0]!.rows) };
  }

  it("has measured coefficients, none negative, of analyses that there are, and says where they are from", () => {
    assert.match(machine, /processors.*Node v\d+/);
    for (const [name, { seconds, memory }] of Object.entries(coefficients)) {
      const analysis = findAnalysis(name);
      assert.ok(seconds.length > 0);
      for (const [coefficient, names] of seconds) {
        assert.ok(coefficient > 0);
        for (const name of names) {
          const known = ["rows", "neighbors", "independent", "unequal", "exact", "around"].includes(name);
          assert.ok(known || name in parameterSchema(analysis).properties!, name);
        }
      }
      assert.ok(memory[0] > 0 && memory[1] >= 0);
    }
  });

  it("is the same in SQL and in the library, whatever the parameters", async () => {
    for (const more of [
      {},
      { permutations: 0 },
      { inference: "permutation" },
      { inference: "exact" },
      { permutations: 99_999, weights: { type: "knn", k: 30 } },
      { draws: "independent", weights: { type: "kernel" } },
      { weights: { type: "distance_band", threshold: 2, binary: false } },
    ]) {
      const parameters = { ...params, ...more };
      const expected = estimate(findAnalysis("moran_local"), parameters, 5000);
      assert.deepEqual(await ask("moran_local", query, parameters), expected);
    }
    const columns = { dependent: "v", covariates: ["x", "y"], x: "x", y: "y" };
    for (const [name, parameters] of [
      ["ols", columns],
      ["gwr", columns],
      ["gwr", { ...columns, bandwidth: 40 }],
      ["gwr", { ...columns, bandwidth: 2.5, fixed: true }],
      ["gwr", { ...columns, kernel: "gaussian" }],
      ["mgwr", { ...columns, bandwidths: [40, 50, 75] }],
    ] as const) {
      assert.deepEqual(await ask(name, query, parameters), estimate(findAnalysis(name), parameters, 5000));
    }
    const kmeans = { k: 7, n_init: 3, x: "x", y: "y" };
    assert.deepEqual(await ask("kmeans", query, kmeans), estimate(findAnalysis("kmeans"), kmeans, 5000));
  });

  it("takes the planner's number of rows, or counts them where that is asked for", async () => {
    const text = `${query} WHERE v * 2 = 4`;
    assert.notEqual((await ask("moran_local", text, params)).rows, 1000);
    assert.equal((await ask("moran_local", text, params, true)).rows, 1000);
  });

  it("grows with rows and permutations, and says what does not fit into a function", () => {
    const moran = findAnalysis("moran");
    const of = (rows: number, permutations: number): Estimate => estimate(moran, { permutations }, rows);
    assert.ok(of(20_000, 999).seconds! > of(10_000, 999).seconds!);
    assert.ok(of(10_000, 9_999).seconds! > 2 * of(10_000, 999).seconds!);
    assert.ok(of(10_000, 999).lambda_fits);
    assert.equal(of(10_000_000, 99_999).lambda_fits, false);
  });

  it("of an analysis that was not calibrated has the rows only, and says so", async () => {
    const fresh = estimate({ ...findAnalysis("moran"), name: "fresh" }, params, 5000);
    assert.deepEqual(fresh, { rows: 5000, seconds: null, memory_mb: null, lambda_usd: null, lambda_fits: null });
    assert.match(estimateText("fresh", fresh), /fresh: 5000 rows\n.* it was not calibrated\n$/);
    const notices: (string | undefined)[] = [];
    db.analyst.on("notice", ({ message }) => notices.push(message));
    await db.admin.query("UPDATE driveshaft.settings SET value = value #- '{moran,seconds}' WHERE name = 'estimates'");
    try {
      assert.deepEqual(await ask("moran", query, params), fresh);
    } finally {
      await db.install();
    }
    assert.deepEqual(notices, ["the time and memory of moran are not known: it was not calibrated"]);
  });

  it("makes the same errors as a request, and runs nothing", async () => {
    await assert.rejects(ask("moron_local", query, params), /UNKNOWN_ANALYSIS.*/);
    await assert.rejects(ask("moran_local", query, { ...params, value: "w" }), /MISSING_COLUMN/);
    await assert.rejects(ask("moran_local", query, { ...params, permutations: -1 }), /INVALID_PARAMETER/);
    await assert.rejects(ask("moran_local", `${query}; DROP TABLE places`, params), /INVALID_QUERY/);
    const { rows } = await db.analyst.query("SELECT FROM driveshaft.jobs");
    assert.equal(rows.length, 0);
  });

  it("is had from the command line, of a query, a file, or a number of rows", async () => {
    const estimateBy = async (...args: string[]): Promise<Estimate> => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ["dist/cli/main.js", "estimate", ...args, "--json"],
        {
          env: { ...process.env, DATABASE_URL: db.url(roles.analyst) },
        },
      );
      return JSON.parse(stdout) as Estimate;
    };
    const given = ["--params", JSON.stringify(params)];
    const expected = estimate(findAnalysis("moran_local"), params, 5000);
    assert.deepEqual(await estimateBy("moran_local", ...given, "--query", query), expected);
    assert.deepEqual(await estimateBy("moran_local", ...given, "--query", query, "--exact"), expected);
    assert.deepEqual(await estimateBy("moran_local", ...given, "--rows", "5000"), expected);
    const file = await estimateBy("moran_local", "test/fixtures/columbus.geojson", "--params", '{"value": "CRIME"}');
    assert.equal(file.rows, 49);
  });
});
