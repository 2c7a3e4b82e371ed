import assert from "node:assert/strict";
import {
  block,
  centroids,
  delaunay,
  difference,
  distanceBand,
  gabriel,
  higherOrder,
  intersection,
  kernelWeights,
  knn,
  relativeNeighbors,
  geary,
  losh,
  moran,
  smallestThreshold,
  rook,
  sphericalCentroids,
  symmetric,
  type Weights,
  ebStandardized,
  gearyLocalMv,
  getisOrdLocal,
  joinCounts,
  joinCountsLocal,
  lee,
  leeLocal,
  moranLocalBv,
  moranLocal,
  queen,
  quantileLisa,
  rates,
  transform,
  withDiagonal,
} from "driveshaft";
import { allClose, close } from "../support/assertions.js";
import { fixture } from "../support/fixtures.js";
import { readFileSync } from "node:fs";
import { fixturePath } from "../support/fixtures.js";
import { ask, run } from "../support/jobs.js";
import { createDatabase, type TestDatabase } from "../support/server.js";

/** The analyses of spatial autocorrelation from SQL: what they publish is what the library computes. */
describe("spatial autocorrelation from SQL", () => {
  const nc = fixture("nc_sids");
  const [events, base, births] = [nc.column("SID74"), nc.column("BIR74"), nc.column("BIR79")];
  const row = queen(nc.geometry);
  const binary = transform(row, "B");
  let db: TestDatabase;
  let stop: () => Promise<void>;
  before(async () => {
    db = await createDatabase();
    stop = await db.startWorker();
    const { features } = JSON.parse(readFileSync(fixturePath("nc_sids.geojson"), "utf8")) as {
      features: { geometry: object }[];
    };
    await db.analyst.query("CREATE TABLE nc (id int, geom json, events float8, base float8, births float8)");
    await db.analyst.query(
      "INSERT INTO nc SELECT row_number() OVER (), * FROM unnest($1::json[], $2::float8[], $3::float8[], $4::float8[])",
      [features.map(({ geometry }) => JSON.stringify(geometry)), [...events], [...base], [...births]],
    );
  });
  after(async () => {
    await stop();
    await db.close();
  });

  async function publish(
    analysis: string,
    params: object,
    query = "SELECT * FROM nc",
  ): Promise<{ column(name: string): (number | string | null)[]; summary: Record<string, unknown> }> {
    const target = `r_${analysis}`;
    const { state, error_message, summary } = await run(
      db.analyst,
      analysis,
      query,
      { permutations: 999, overwrite: true, ...params },
      target,
    );
    assert.equal(state, "ready", error_message ?? "");
    const { rows } = await db.analyst.query<Record<string, number | string | null>>(`SELECT * FROM ${target}`);
    const sorted = rows.sort((a, b) => Number(a.id ?? 0) - Number(b.id ?? 0));
    return { column: (name) => sorted.map((each) => each[name] ?? null), summary };
  }
  const numbers = (values: (number | string | null)[]): number[] =>
    values.map((value) => (value === null ? NaN : Number(value)));
  const same = (values: (number | string | null)[], expected: Float64Array): void =>
    numbers(values).forEach((value, i) =>
      assert.ok(Object.is(value, expected[i]), `row ${i}: ${value}, ${expected[i]}`),
    );
  const options = { permutations: 999 };

  it("has local Moran's I of two variables and of rates", async () => {
    const bv = await publish("moran_local_bv", { value: "events", lagged_value: "births" });
    const two = moranLocalBv(events, births, row, options);
    same(bv.column("local_i"), two.localI);
    same(bv.column("p"), two.p);
    same(bv.column("z"), two.zScore);
    const rate = await publish("moran_local_rate", { events: "events", base: "base" });
    const one = moranLocal(ebStandardized(events, base), row, options);
    same(rate.column("local_i"), one.localI);
    same(rate.column("p"), one.p);
  });

  it("has G* by default and G on request, hot above and cold below what is expected", async () => {
    for (const star of [true, false]) {
      const { column } = await publish("getis_ord_local", { value: "births", star });
      const result = getisOrdLocal(births, binary, { ...options, star });
      same(column("local_g"), result.localG);
      same(column("z"), result.zScore);
      column("cluster").forEach((cluster, i) => {
        const expected = result.p[i]! > 0.05 ? "not significant" : result.zConditional[i]! > 0 ? "hot" : "cold";
        assert.equal(cluster, expected);
      });
    }
  });

  it("has local Geary's c of one variable and of several", async () => {
    const one = await publish("geary_local", { value: "births" });
    const { localC, p } = gearyLocalMv([births], row, options);
    same(one.column("local_c"), localC);
    same(one.column("p"), p);
    const several = await publish("geary_local_mv", { values: ["births", "events", "base"] });
    const mv = gearyLocalMv([births, events, base], row, options);
    same(several.column("local_c"), mv.localC);
    same(several.column("z"), mv.zScore);
  });

  it("has Lee's L, global and local, with the location among its neighbors on request", async () => {
    const global = await publish("lee", { values: ["births", "events"] });
    const { l, pearson, zRandom, pSim } = lee(births, events, row, options);
    for (const [name, value] of Object.entries({ l, pearson, z_random: zRandom, p_sim: pSim })) {
      close(Number(global.column(name)[0]), value);
    }
    const { column } = await publish("lee_local", { values: ["births", "events"], star: true });
    const local = leeLocal(births, events, transform(withDiagonal(row), "R"), options);
    same(column("local_l"), local.localL);
    same(column("z"), local.zScore);
    column("cluster").forEach((cluster, i) => {
      const letters = [local.lagX[i]!, local.lagY[i]!].map((lag) => (lag > 0 ? "H" : "L")).join("");
      assert.equal(cluster, local.p[i]! > 0.05 ? "not significant" : letters);
    });
  });

  it("has join counts, global and local, of one variable and of two, and quantile LISA", async () => {
    const high = births.map((value) => Number(value > 4000));
    const query = "SELECT *, (births > 4000)::int AS high, (events > 4)::int AS many FROM nc";
    const global = await publish("join_counts", { value: "high" }, query);
    const { bb, bw } = joinCounts(high, binary, options);
    close(Number(global.column("bb")[0]), bb.count);
    close(Number(global.column("bw_z")[0]), bw.z);
    close(Number(global.column("bb_p_sim")[0]), bb.pSim);
    const local = await publish("join_counts_local", { values: ["high"] }, query);
    const { joins, p } = joinCountsLocal(high, binary, options);
    same(local.column("joins"), joins);
    same(local.column("p"), p);
    const together = await publish("join_counts_local", { values: ["high", "many"] }, query);
    const both = joinCountsLocal(
      high.map((value, i) => value * Number(events[i]! > 4)),
      binary,
      options,
    );
    same(together.column("joins"), both.joins);
    const apart = await publish(
      "join_counts_local",
      { values: ["high"], lagged_value: "low" },
      "SELECT *, (births > 4000)::int AS high, (births < 1500)::int AS low FROM nc",
    );
    assert.ok(numbers(apart.column("joins")).some((value) => value > 0));
    const quantile = await publish("quantile_lisa", { values: ["births"], quantiles: 4, quantile: 1 });
    const lisa = quantileLisa([births], binary, { ...options, quantiles: 4, quantile: 1 });
    same(quantile.column("inside"), lisa.inside);
    same(quantile.column("p"), lisa.p);
  });

  it("draws values within the levels of a column, those without a value being a stratum of their own", async () => {
    const query =
      "SELECT *, (births > 4000)::int AS high, CASE WHEN id % 9 > 0 THEN 'region ' || (id - 1) / 30 END AS region FROM nc";
    const regions = Int32Array.from(births.keys(), (i) => ((i + 1) % 9 > 0 ? Math.floor(i / 30) : 99));
    const within = { ...options, strata: regions };
    const high = births.map((value) => Number(value > 4000));
    const star = { ...within, star: true };
    for (const [analysis, params, expected] of [
      ["moran_local", { value: "births" }, moranLocal(births, row, within)],
      ["moran_local_bv", { value: "events", lagged_value: "births" }, moranLocalBv(events, births, row, within)],
      ["moran_local_rate", { events: "events", base: "base" }, moranLocal(ebStandardized(events, base), row, within)],
      ["getis_ord_local", { value: "births" }, getisOrdLocal(births, binary, star)],
      ["join_counts_local", { values: ["high"] }, joinCountsLocal(high, binary, within)],
      [
        "quantile_lisa",
        { values: ["births"] },
        quantileLisa([births], binary, { ...within, quantiles: 5, quantile: 5 }),
      ],
    ] as const) {
      const { column, summary } = await publish(analysis, { ...params, strata: "region" }, query);
      same(column("p"), expected.p);
      same(column("z"), expected.zScore);
      const { inference, warnings } = summary as { inference: Record<string, unknown>; warnings: string[] };
      assert.equal(inference.used, "exact");
      assert.equal(inference.strata, 5);
      const { drawn } = expected.used;
      assert.deepEqual(inference.drawn, drawn && { ...drawn, permutations: 999 });
      assert.equal(drawn === undefined, ["join_counts_local", "quantile_lisa"].includes(analysis));
      assert.ok(warnings.includes("11 rows have no value in region; they are a stratum of their own"));
    }
  });

  it("has the global statistics", async () => {
    for (const [analysis, params, statistic] of [
      ["moran_bv", { value: "events", lagged_value: "births" }, "i"],
      ["moran_rate", { events: "events", base: "base" }, "i"],
      ["geary", { value: "births" }, "c"],
      ["getis_ord", { value: "births" }, "g"],
    ] as const) {
      const { column, summary } = await publish(analysis, params);
      close(Number(column(statistic)[0]), Number(summary[statistic]));
      assert.ok(Number(column("p_sim")[0]) >= 0.001);
    }
  });

  it("has rates, and leaves rows without a base out", async () => {
    const query = "SELECT id, geom, events, CASE WHEN id > 2 THEN base ELSE 0 END AS base FROM nc";
    const all = await publish("rates", { events: "events", base: "base", permutations: undefined });
    const expected = rates(events, base, row);
    for (const [name, values] of Object.entries({
      rate: expected.rate,
      excess_risk: expected.excessRisk,
      eb_rate: expected.ebRate,
      spatial_rate: expected.spatialRate,
      spatial_eb_rate: expected.spatialEbRate,
    })) {
      same(all.column(name), values);
    }
    const some = await publish("moran_local_rate", { events: "events", base: "base" }, query);
    assert.deepEqual(some.column("cluster").slice(0, 2), ["undefined", "undefined"]);
    assert.equal((some.summary.rows as { undefined: number }).undefined, 2);
  });

  it("has a correlogram, a row a bin, by distance and by order", async () => {
    const { xs, ys } = centroids(nc.geometry);
    const { column } = await publish("correlogram", { value: "births", bins: 4, permutations: 99 });
    const width = smallestThreshold(xs, ys);
    let before: Weights | undefined;
    for (let bin = 0; bin < 4; bin++) {
      const upTo = distanceBand(xs, ys, { threshold: (bin + 1) * width });
      const w = before ? difference([upTo, before]) : upTo;
      before = upTo;
      const at = column("bin").indexOf(bin + 1);
      close(Number(column("statistic")[at]), moran(births, w, { permutations: 0 }).i);
      assert.equal(column("pairs")[at], w.neighbors.length);
      close(Number(column("distance_to")[at]), (bin + 1) * width);
    }
    const orders = await publish("correlogram", { value: "births", bin_by: "order", statistic: "geary", bins: 3 });
    const at = orders.column("bin").indexOf(2);
    close(Number(orders.column("statistic")[at]), geary(births, higherOrder(row, 2), { permutations: 0 }).c);
  });

  it("has weights as a table of pairs, whose ids are as they were, with a summary of the graph", async () => {
    const query = "SELECT 'county ' || id AS name, geom FROM nc";
    const params = { id: "name", weights: { type: "queen" }, permutations: undefined };
    const { summary } = await publish("weights", params, query);
    const { rows } = await db.analyst.query<{ focal: string; neighbor: string; weight: number }>(
      "SELECT focal, neighbor, weight FROM r_weights",
    );
    const expected = Array.from({ length: row.n }, (_, i) =>
      [...row.neighbors.subarray(row.offsets[i], row.offsets[i + 1])].map((j) => `county ${i + 1}/county ${j + 1}/1`),
    ).flat();
    assert.deepEqual(
      rows.map(({ focal, neighbor, weight }) => `${focal}/${neighbor}/${weight}`).sort(),
      expected.sort(),
    );
    const { pairs, islands, components, symmetric: turned, cardinalities } = summary.weights as Record<string, unknown>;
    assert.deepEqual([pairs, islands, components, turned], [490, 0, 1, true]);
    assert.equal(
      Object.values(cardinalities as Record<string, number>).reduce((x, y) => x + y),
      100,
    );
    const key = await db.analyst.query(
      "SELECT array_agg(attname::text ORDER BY attnum) AS key FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey) WHERE indrelid = 'r_weights'::regclass",
    );
    assert.deepEqual(key.rows, [{ key: ["focal", "neighbor"] }]);
  });

  it("takes weights from a query, such as a table of them, with ids of another type, for the rows that are used", async () => {
    await publish("weights", { weights: { type: "kernel", k: 6 }, permutations: undefined });
    const params = {
      value: "births",
      weights: { type: "query", query: "SELECT focal::text, neighbor, weight FROM r_weights" },
    };
    const { xs, ys } = centroids(nc.geometry);
    const given = await publish("moran_local", params);
    // rows are in another order, which the sums feel
    const expected = moranLocal(births, transform(kernelWeights(xs, ys, { k: 6 }), "R"), options);
    allClose(numbers(given.column("local_i")), expected.localI, 1e-12);
    const gaps = await publish(
      "moran_local",
      params,
      "SELECT id, geom, CASE WHEN id > 3 THEN births END AS births FROM nc",
    );
    assert.equal((gaps.summary.rows as { used: number }).used, 97);
    const ask1 = (query: string): Promise<string> =>
      ask(db.analyst, "moran_local", "SELECT * FROM nc", { value: "births", weights: { type: "query", query } });
    await assert.rejects(
      ask1("SELECT 1 AS focal"),
      /MISSING_COLUMN: there is no column "neighbor", which the parameter weights.query asks for/,
    );
    await assert.rejects(ask1("DROP TABLE nc"), /INVALID_QUERY/);
    await assert.rejects(
      ask1("SELECT 1 AS focal, 2 AS neighbor, 'x' AS weight"),
      /WRONG_COLUMN_TYPE: the column "weight" is of type text/,
    );
    for (const [query, code, message] of [
      ["SELECT 1 AS focal, 777 AS neighbor", "INVALID_WEIGHTS", /name 1 id that no row has: 777/],
      ["SELECT 1 AS focal, 2 AS neighbor, NULL::int AS weight", "INVALID_WEIGHTS", /weight of 1 and 2 is null/],
      [
        "SELECT 1 AS focal, NULL::int AS neighbor",
        "NULL_ID",
        /the row with focal 1 of the query of weights: the id column "neighbor" is null/,
      ],
      [
        "SELECT 1 AS focal, 2 AS neighbor, -1 AS weight",
        "INVALID_WEIGHTS",
        /-1, expected a finite number of at least 0/,
      ],
    ] as const) {
      const weights = { type: "query", query };
      const { state, error_code, error_message } = await run(db.analyst, "moran_local", "SELECT * FROM nc", {
        value: "births",
        weights,
      });
      assert.deepEqual([state, error_code], ["failed", code], error_message ?? "");
      assert.match(error_message!, message);
    }
  });

  it("takes blocks of equal labels of any type, null being none, alone and combined with contiguity", async () => {
    const query =
      "SELECT id, geom, births, (id % 7)::numeric(4, 2) AS exact, CASE WHEN id > 5 THEN 'l' || id % 7 END AS label FROM nc";
    const ids = Array.from(births, (_, i) => i + 1);
    const exact = block(ids.map((id) => id % 7));
    const gaps = block(ids.map((id) => (id > 5 ? id % 7 : null)));
    for (const [column, expected, alone] of [
      ["exact", exact, 0],
      ["label", gaps, 5],
    ] as const) {
      const params = { value: "births", weights: { type: "block", column } };
      const { summary, ...result } = await publish("moran_local", params, query);
      same(result.column("local_i"), moranLocal(births, expected, options).localI);
      assert.equal((summary.weights as { islands: number }).islands, alone);
    }
    const of = [{ type: "queen" }, { type: "block", column: "label" }];
    const both = await publish("moran_local", { value: "births", weights: { type: "intersection", of } }, query);
    same(both.column("local_i"), moranLocal(births, intersection([row, gaps]), options).localI);
    const unknown = { value: "births", weights: { type: "union", of: [...of, { type: "block", column: "lable" }] } };
    await assert.rejects(
      ask(db.analyst, "moran_local", query, unknown),
      /MISSING_COLUMN: there is no column "lable", which the parameter weights.column asks for/,
    );
  });

  it("has LOSH", async () => {
    const { column } = await publish("losh", { value: "births", permutations: undefined });
    const { h, p } = losh(births, row);
    same(column("h"), h);
    same(column("p"), p);
    column("cluster").forEach((cluster, i) =>
      assert.equal(cluster, p[i]! <= 0.05 ? "heterogeneous" : "not significant"),
    );
  });

  it("adjusts p-values, and warns where the permutations cannot suffice", async () => {
    const drawn = { value: "births", correction: "bonferroni", inference: "permutation" };
    const warned = await publish("moran_local", { ...drawn, permutations: 999 });
    assert.match(
      (warned.summary.warnings as string[]).join(),
      /999 permutations cannot leave anything significant at 0.05 after the correction bonferroni.*at least 3999 permutations can/,
    );
    assert.ok(warned.column("cluster").every((cluster) => cluster === "not significant"));
    const enough = await publish("moran_local", { ...drawn, permutations: 3999 });
    assert.deepEqual(enough.summary.warnings, []);
    const exact = await publish("moran_local", { ...drawn, inference: "auto" });
    assert.deepEqual(exact.summary.warnings, []);
    numbers(enough.column("p_adjusted")).forEach((value, i) =>
      close(value, Math.min(1, Number(enough.column("p")[i]) * 100)),
    );
    const fdr = await publish("moran_local", { value: "births", correction: "fdr" });
    const p = numbers(fdr.column("p"));
    // the slow twin: the largest rank whose p-value passes
    const sorted = p.toSorted((a, b) => a - b);
    const passing = sorted.findLastIndex((value, rank) => value <= (0.05 * (rank + 1)) / p.length);
    const cutoff = passing < 0 ? 0 : sorted[passing]!;
    fdr
      .column("cluster")
      .forEach((cluster, i) => assert.equal(cluster !== "not significant", p[i]! <= cutoff, `row ${i}`));
  });

  it("returns only hotspots, coldspots, outliers or what is significant, with carried columns", async () => {
    const all = await publish("moran_local", { value: "births" });
    const quadrants = all.column("quadrant");
    for (const [only, wanted] of [
      ["hotspots", ["HH", "HL"]],
      ["coldspots", ["LL", "LH"]],
      ["outliers", ["HL", "LH"]],
    ] as const) {
      const part = await publish("moran_local", { value: "births", only, include: ["events"] });
      const ids = all.column("id").filter((_, i) => (wanted as readonly unknown[]).includes(quadrants[i]));
      assert.deepEqual(part.column("id"), ids);
      assert.deepEqual(
        part.column("events"),
        ids.map((id) => events[Number(id) - 1]),
      );
    }
    const significant = await publish("moran_local", { value: "births", only: "significant" });
    const expected = all.column("id").filter((_, i) => Number(all.column("p")[i]) <= 0.05);
    assert.deepEqual(significant.column("id"), expected);
  });

  it("takes weights of every kind", async () => {
    const { xs, ys } = centroids(nc.geometry);
    const onSphere = sphericalCentroids(nc.geometry);
    const kinds: [parameter: object, expected: Weights][] = [
      [{ type: "queen", order: 2, include_lower: true }, higherOrder(row, 2, true)],
      [{ type: "rook", snap: 0.01 }, rook(nc.geometry, { snap: 0.01 })],
      [{ type: "knn", k: 3, symmetric: true }, symmetric(knn(xs, ys, { k: 3 }))],
      [{ type: "distance_band" }, distanceBand(xs, ys)],
      [
        { type: "distance_band", threshold: 80_000, binary: false, power: 2, great_circle: true },
        distanceBand(onSphere.xs, onSphere.ys, { threshold: 80_000, binary: false, power: 2, greatCircle: true }),
      ],
      [{ type: "kernel", function: "gaussian", k: 5 }, kernelWeights(xs, ys, { function: "gaussian", k: 5 })],
      [{ type: "delaunay" }, delaunay(xs, ys)],
      [{ type: "gabriel" }, gabriel(xs, ys)],
      [{ type: "relative_neighbors" }, relativeNeighbors(xs, ys)],
      [
        { type: "difference", of: [{ type: "knn", k: 12 }, { type: "queen" }] },
        difference([knn(xs, ys, { k: 12 }), row]),
      ],
    ];
    for (const [parameter, expected] of kinds) {
      const { column, summary } = await publish("moran_local", { value: "births", weights: parameter });
      same(column("local_i"), moranLocal(births, transform(expected, "R"), options).localI);
      assert.equal((summary.weights as { pairs: number }).pairs, expected.neighbors.length);
    }
    await assert.rejects(
      ask(db.analyst, "moran_local", "SELECT * FROM nc", {
        value: "births",
        weights: { type: "union", of: [{ type: "queen" }, { type: "knn", k: 0 }] },
      }),
      /INVALID_PARAMETER: moran_local: params.weights.of\[1\].k is 0/,
    );
  });

  it("takes weights in every standardisation", async () => {
    const crossed = await publish("moran_local", { value: "births", transform: "V" });
    allClose(numbers(crossed.column("local_i")), moranLocal(births, transform(row, "V"), options).localI, 1e-12);
  });

  it("checks several columns one by one when the job is asked for", async () => {
    const refused = (analysis: string, params: object): Promise<string> =>
      ask(db.analyst, analysis, "SELECT * FROM nc", params);
    await assert.rejects(
      refused("geary_local_mv", { values: ["births", "death"] }),
      /MISSING_COLUMN: there is no column "death", which the parameter values asks for/,
    );
    await assert.rejects(
      refused("geary_local_mv", { values: ["births", "geom"] }),
      /WRONG_COLUMN_TYPE: the column "geom" is of type json; values needs a number/,
    );
    await assert.rejects(
      refused("geary_local_mv", { values: ["births"] }),
      /INVALID_PARAMETER: geary_local_mv: params.values has 1 elements/,
    );
  });
});
