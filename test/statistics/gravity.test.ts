import assert from "node:assert/strict";
import { gravity, type Gravity } from "#dist/index.js";
import { findAnalysis } from "#dist/analyses/index.js";
import { exampleTables } from "#dist/analyses/example-tables.js";
import { allClose, close, failure } from "../support/assertions.js";
import { runExample } from "../support/conformance.js";
import { generator, uniform } from "../support/random.js";

/** Longitude and latitude of two places, and metres between them by GeographicLib. */
const geodesics = [
  [0, 0, 90, 0, 10018754.171394622],
  [0, 0, 179.3, 0, 19959584.699233953],
  [0, 0, 179.5, 0, 19980861.908890963],
  [0, 0, 180, 0, 20003931.458625447],
  [0, 0, 179.5, 0.5, 19936288.578965314],
  [0, 0, 179.7, 0.5, 19944127.420750458],
  [0, -30, 179.8, 29.9, 19989832.82760953],
  [0, -30, 180, 30, 20003931.458625447],
  [0, 90, 50, -90, 20003931.458625447],
  [10, 89.9, -170.5, -89.9, 20003834.090525445],
  [-73.8, 40.6, -0.5, 51.6, 5551759.400318679],
  [144.9, -37.8, -208.8, -33.9, 714634.3300596282],
  [179.9, 10, -179.9, 10, 21927.87247793737],
  [10, 45, 10, 45, 0],
  [0, 1e-9, 179.999999999, 0, 20003931.458514873],
] as const;

const of = (...values: number[]): Float64Array => Float64Array.from(values);

/** The pairs of a place: target, distance, probability. */
const pairsOf = ({ offsets, targets, distances, probabilities }: Gravity, i: number): number[][] =>
  Array.from({ length: offsets[i + 1]! - offsets[i]! }, (_, at) => {
    const q = offsets[i]! + at;
    return [targets[q]!, distances[q]!, probabilities[q]!];
  });

describe("gravity", () => {
  it("is Huff's model of all targets within the radius", () => {
    const random = generator(5);
    const [xs, ys] = [uniform(80, random).map((x) => 100 * x), uniform(80, random).map((y) => 100 * y)];
    const [targetXs, targetYs] = [uniform(30, random).map((x) => 100 * x), uniform(30, random).map((y) => 100 * y)];
    const attraction = uniform(30, random).map((a) => 1000 * a + 1);
    for (const [radius, exponent] of [
      [20, 1],
      [45, 2],
      [Infinity, 1.7],
      [Infinity, 0],
    ] as const) {
      const found = gravity(xs, ys, targetXs, targetYs, attraction, { radius, exponent });
      for (let i = 0; i < 80; i++) {
        const all = Array.from(targetXs, (x, j) => [j, Math.hypot(xs[i]! - x, ys[i]! - targetYs[j]!)] as const);
        const near = all.filter(([, distance]) => distance <= radius);
        const shares = near.map(([j, distance]) => attraction[j]! / Math.max(1, distance) ** exponent);
        const total = shares.reduce((a, b) => a + b, 0);
        const pairs = pairsOf(found, i);
        assert.deepEqual(
          pairs.map(([target]) => target),
          near.map(([target]) => target),
        );
        pairs.forEach(([, distance, probability], q) => {
          close(distance!, near[q]![1]);
          close(probability!, shares[q]! / total);
        });
        if (near.length > 0)
          close(
            pairs.reduce((sum, pair) => sum + pair[2]!, 0),
            1,
          );
      }
    }
  });

  it("measures along geodesics of WGS 84", () => {
    for (const [x, y, targetX, targetY, metres] of geodesics) {
      for (const [a, b, c, d] of [
        [x, y, targetX, targetY],
        [targetX, targetY, x, y],
        [-x, -y, -targetX, -targetY],
      ] as const) {
        const { distances } = gravity(of(a), of(b), of(c), of(d), of(1), { greatCircle: true });
        assert.ok(Math.abs(distances[0]! - metres) <= 1e-9 * metres + 1e-8, `${distances[0]} should be ${metres}`);
      }
    }
  });

  it("finds on Earth the targets within the radius, by the pole and over the date line too", () => {
    const random = generator(8);
    const xs = uniform(60, random).map((x) => 360 * x - 180);
    const ys = uniform(60, random).map((y) => (Math.asin(2 * y - 1) * 180) / Math.PI);
    const attraction = new Float64Array(60).fill(1);
    const all = gravity(xs, ys, xs, ys, attraction, { greatCircle: true });
    for (const radius of [1e5, 3e6, 1.5e7]) {
      const within = gravity(xs, ys, xs, ys, attraction, { greatCircle: true, radius });
      for (let i = 0; i < 60; i++) {
        assert.deepEqual(
          pairsOf(within, i).map(([target]) => target),
          pairsOf(all, i).flatMap(([target, distance]) => (distance! <= radius ? [target] : [])),
        );
      }
    }
    // the distance itself is within
    const { distances } = gravity(of(0), of(0), of(3), of(4), of(1), { greatCircle: true });
    const exactly = gravity(of(0), of(0), of(3), of(4), of(1), { greatCircle: true, radius: distances[0]! });
    assert.equal(exactly.targets.length, 1);
  });

  it("counts distances as 1 at least, and takes magnitudes as they come", () => {
    allClose(gravity(of(0), of(0), of(0, 0, 2), of(0, 0.5, 0), of(1, 1, 2)).probabilities, [1 / 3, 1 / 3, 1 / 3]);
    const far = gravity(of(0), of(0), of(1e140, 2e140), of(0, 0), of(1e-200, 1e-200), { exponent: 3 });
    allClose(far.probabilities, [8 / 9, 1 / 9]);
    const none = gravity(of(0, 9), of(0, 9), of(1), of(0), of(5), { radius: 2 });
    assert.deepEqual([...none.offsets], [0, 1, 1]);
    assert.equal(gravity(of(), of(), of(), of(), of()).offsets.length, 1);
  });

  it("refuses attractions that are none, and arrays of unequal length", () => {
    const one = of(1);
    assert.throws(() => gravity(one, one, one, one, of(0)), failure("INVALID_PARAMETER", /attraction\[0\] is 0/));
    assert.throws(
      () => gravity(one, one, one, one, of(1, 2)),
      failure("INVALID_PARAMETER", /attraction has 2 elements/),
    );
    assert.throws(() => gravity(one, of(), one, one, one), failure("INVALID_PARAMETER", /xs has 1 elements/));
    assert.throws(() => gravity(one, one, one, of(NaN), one), failure("INVALID_PARAMETER", /target 0 is \(1, NaN\)/));
    assert.throws(
      () => gravity(one, one, one, one, one, { radius: -1 }),
      failure("INVALID_PARAMETER", /radius is -1, expected at least 0/),
    );
    assert.throws(
      () => gravity(one, one, one, one, one, { exponent: NaN }),
      failure("INVALID_PARAMETER", /exponent is NaN/),
    );
  });

  describe("as an analysis", () => {
    const analysis = findAnalysis("gravity");
    const airports = (change: (i: number) => object) =>
      exampleTables
        .airports()
        .map((feature, i) => ({ ...feature, properties: { ...feature.properties, ...change(i) } }));

    it("sends everybody somewhere, or says of how many rows it does not", async () => {
      const { table, summary } = await runExample(analysis, { more: { radius: 1e8 } });
      assert.equal(table.n, 40 * 12);
      assert.deepEqual([summary.targets, summary.pairs, summary.without_target], [12, 480, 0]);
      const patronage = table.columns.find(({ name }) => name === "patronage")!.column as { values: Float64Array };
      const passengers = exampleTables.airports().map(({ properties }) => properties.passengers as number);
      close(
        patronage.values.reduce((a, b) => a + b),
        passengers.reduce((a, b) => a + b),
      );
      const near = await runExample(analysis, { more: { radius: 50_000 } });
      assert.match(near.summary.warnings.join(), /\d+ rows have no target within 50000 and are not in the result/);
    });

    it("leaves out targets that attract nobody, and refuses numbers below 0 by their id", async () => {
      const query = { ...analysis, example: { ...analysis.example, tables: { targets: "counties" as const } } };
      const more = { attraction: "is_urban", great_circle: false, radius: 1000 };
      const { summary } = await runExample(query, { more });
      assert.match(summary.warnings.join(), /\d+ targets have no attraction above 0 and are left out/);
      await assert.rejects(
        runExample(analysis, { rows: airports((i) => (i === 6 ? { passengers: -3 } : {})) }),
        failure("INVALID_PARAMETER", /population of 7 is -3, expected a number of at least 0/),
      );
    });
  });
});
