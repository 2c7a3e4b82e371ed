import assert from "node:assert/strict";
import { emergingHotSpots, mannKendall, spaceTimeCube, transform, type Weights } from "#dist/index.js";
import {
  hotSpotPattern,
  hotSpotPatterns,
  outlierPattern,
  outlierPatterns,
} from "#dist/statistics/hot-spot-patterns.js";
import { testsOf } from "#dist/statistics/mann-kendall.js";
import { references, type Reference } from "#dist/statistics/space-time-scores.js";
import { allClose, close, failure } from "../support/assertions.js";
import { generator } from "../support/random.js";
import { row, scattered, weighted } from "../support/weights.js";

/** Three places in a row, the middle one the neighbor of both. */
const line: Weights = transform(
  { n: 3, offsets: Int32Array.of(0, 1, 3, 4), neighbors: Int32Array.of(1, 0, 2, 1) },
  "B",
);

/** Their values at two steps: 1, 2, 3 and then 4, 5, 9. Mean 4, population variance 40 / 6. */
const small = Float64Array.of(1, 4, 2, 5, 3, 9);

describe("emerging hot spots of a small cube by hand", () => {
  const scoresOf = (options: object): number[] => [...emergingHotSpots(small, line, options).z];

  it("compare with the whole cube", () => {
    // of place 0: 1 + 2 of two cells, expected 8; then 1 + 2 + 4 + 5 of four, expected 16
    const ends = (40 / 6) * (2 - 4 / 6) * (6 / 5);
    const ends2 = (40 / 6) * (4 - 16 / 6) * (6 / 5);
    // of the middle: 6 of three cells, then all six, which cannot be other than they are
    const middle = (40 / 6) * (3 - 9 / 6) * (6 / 5);
    scoresClose(scoresOf({}), [
      -5 / Math.sqrt(ends),
      -4 / Math.sqrt(ends2),
      -6 / Math.sqrt(middle),
      NaN,
      -3 / Math.sqrt(ends),
      3 / Math.sqrt(ends2),
    ]);
  });

  it("compare with the step, of which the mean is 2 and 6, the variance 2 / 3 and 14 / 3", () => {
    const ends = (2 - 4 / 3) * (3 / 2);
    const expected = [-1 / Math.sqrt((2 / 3) * ends), -3 / Math.sqrt((14 / 3) * ends), NaN, NaN];
    const last = [1 / Math.sqrt((2 / 3) * ends), 2 / Math.sqrt((14 / 3) * ends)];
    scoresClose(scoresOf({ stepsBack: 0, reference: "step" }), [...expected, ...last]);
  });

  it("compare with the steps of the neighborhood: the first alone, then both", () => {
    const first = (2 / 3) * (2 - 4 / 3) * (3 / 2);
    const both = (40 / 6) * (4 - 16 / 6) * (6 / 5);
    const middle = [NaN, NaN];
    scoresClose(scoresOf({ reference: "neighborhood" }), [
      -1 / Math.sqrt(first),
      -4 / Math.sqrt(both),
      ...middle,
      1 / Math.sqrt(first),
      3 / Math.sqrt(both),
    ]);
  });

  it("of local Moran: the sign of the own deviation, and a sum of what is around without it", () => {
    // place 0 at the first step: its neighbor has 2, the other five cells the mean 23 / 5 and squares that sum to 135
    const variance = 135 / 5 - (23 / 5) ** 2;
    const z = -(2 - 23 / 5) / Math.sqrt(variance * (1 - 1 / 5) * (5 / 4));
    close(scoresOf({ statistic: "moran" })[0]!, z);
  });
});

/** Equal, and none where there should be none. */
function scoresClose(actual: Float64Array | number[], expected: Float64Array | number[], tolerance = 1e-9): void {
  assert.deepEqual([...actual].map(Number.isNaN), [...expected].map(Number.isNaN));
  const some = (scores: Float64Array | number[]): number[] => [...scores].filter((score) => !Number.isNaN(score));
  allClose(some(actual), some(expected), tolerance);
}

/** Every cell against every other, as the definitions read. */
function slow(
  values: Float64Array,
  weights: Weights,
  stepsBack: number,
  reference: Reference,
  isStar: boolean,
): number[] {
  const steps = values.length / weights.n;
  return Array.from(values, (own, cell) => {
    const [i, t] = [Math.floor(cell / steps), cell % steps];
    const from = { cube: 0, neighborhood: Math.max(0, t - stepsBack), step: t }[reference];
    const to = reference === "cube" ? steps - 1 : t;
    const { neighbors, weights: given } = row(weights, i);
    const self = weights.diagonal?.[i] ?? Math.max(...given, neighbors.length === 0 ? 1 : 0);
    const weightOf = (j: number): number => (j === i ? self : neighbors.includes(j) ? given[neighbors.indexOf(j)]! : 0);
    let [observed, w, w2] = [0, 0, 0];
    const all: number[] = [];
    for (let j = 0; j < weights.n; j++) {
      for (let s = 0; s < steps; s++) {
        if (!isStar && j === i && s === t) continue;
        const value = values[j * steps + s]!;
        if (s >= from && s <= to) all.push(value);
        if (s < t - stepsBack || s > t) continue;
        observed += weightOf(j) * value;
        w += weightOf(j);
        w2 += weightOf(j) ** 2;
      }
    }
    const n = all.length;
    const sum = all.reduce((a, b) => a + b, 0);
    const squares = all.reduce((a, b) => a + (b - sum / n) ** 2, 0) / n;
    const spread = (n * w2 - w * w) / (n - 1);
    if (!(spread > 1e-12)) return NaN;
    const z = (observed - (w * sum) / n) / Math.sqrt(squares * spread);
    return isStar ? z : z * Math.sign(own - (sum + own) / (n + 1));
  });
}

describe("emerging hot spots", () => {
  const random = generator(5);
  const n = 14;
  const steps = 11;
  const binary = transform(scattered(n, [1, 2, 3], random), "B");
  const unequal = weighted(binary, random);
  const cube = Float64Array.from({ length: n * steps }, () => Math.floor(40 * random()) / 8);

  for (const reference of references) {
    for (const stepsBack of [0, 1, 2, 4, 10, 30]) {
      it(`are those of a loop over all cells: ${reference}, ${stepsBack} steps back`, () => {
        for (const weights of [binary, unequal, { ...unequal, diagonal: new Float64Array(n).fill(0.7) }]) {
          for (const statistic of ["getis_ord", "moran"] as const) {
            const { z } = emergingHotSpots(cube, weights, { statistic, stepsBack, reference });
            scoresClose(z, slow(cube, weights, stepsBack, reference, statistic === "getis_ord"));
          }
        }
      });
    }
  }

  it("do not depend on the order of the places, nor on an offset or a scale of the values", () => {
    const order = Int32Array.from({ length: n }, (_, i) => (5 * i) % n);
    const rank = new Int32Array(n);
    order.forEach((old, i) => (rank[old] = i));
    const rows = Array.from(order, (old) => row(binary, old).neighbors.map((j) => rank[j]!));
    const offsets = new Int32Array(n + 1);
    rows.forEach((each, i) => (offsets[i + 1] = offsets[i]! + each.length));
    const turned = transform({ n, offsets, neighbors: Int32Array.from(rows.flat()) }, "B");
    const values = Float64Array.from(
      { length: n * steps },
      (_, cell) => cube[order[Math.floor(cell / steps)]! * steps + (cell % steps)]!,
    );
    const [a, b] = [emergingHotSpots(cube, binary), emergingHotSpots(values, turned)];
    const ofRow = (all: Float64Array, i: number): Float64Array => all.subarray(i * steps, (i + 1) * steps);
    order.forEach((old, i) => {
      scoresClose(ofRow(b.z, i), ofRow(a.z, old), 1e-12);
      assert.equal(b.trend.s[i], a.trend.s[old]);
      assert.equal(b.pattern[i], a.pattern[old]);
    });
    const moved = emergingHotSpots(
      cube.map((value) => 1e9 + 2 * value),
      binary,
    );
    scoresClose(moved.z, a.z);
    assert.deepEqual([moved.trend, moved.pattern], [{ ...a.trend }, a.pattern]);
  });

  it("have no trend where the sums around only look different by rounding", () => {
    // the same three decimals at every step, in another order in each
    const decimals = [0.1, 0.7, 1.3];
    const values = new Float64Array(n * steps);
    for (let i = 0; i < n; i++) for (let t = 0; t < steps; t++) values[i * steps + t] = decimals[(i + t) % 3]!;
    const few = transform(
      {
        n,
        offsets: Int32Array.from({ length: n + 1 }, (_, i) => 2 * i),
        neighbors: Int32Array.from({ length: 2 * n }, (_, q) => (Math.floor(q / 2) + 1 + (q % 2)) % n),
      },
      "B",
    );
    const { trend } = emergingHotSpots(values, few, { stepsBack: 0 });
    assert.deepEqual([...trend.s.subarray(0, n - 2)], Array<number>(n - 2).fill(0));
    assert.deepEqual([...trend.p.subarray(0, n - 2)], Array<number>(n - 2).fill(1));
  });

  it("leave no rounding of a large value behind it", () => {
    const values = cube.slice();
    values[3 * steps + 2] = 1e9;
    const { z } = emergingHotSpots(values, binary, { stepsBack: 2, reference: "step" });
    const expected = slow(values, binary, 2, "step", true);
    scoresClose(z, expected, 1e-6);
  });

  it("are a spot where p is at most the significance, corrected over all cells on request", () => {
    const found = emergingHotSpots(cube, binary, { significance: 0.2 });
    const p = found.z.map((score) => mannKendallP(score));
    p.forEach((each, cell) => assert.equal(found.class[cell], each <= 0.2 ? (found.z[cell]! > 0 ? 1 : 2) : 0));
    scoresClose(
      found.pLast,
      Array.from({ length: n }, (_, i) => p[(i + 1) * steps - 1]!),
    );
    const corrected = emergingHotSpots(cube, binary, { significance: 0.2, correction: "bonferroni" });
    corrected.class.forEach((each, cell) => assert.equal(each > 0, p[cell]! * p.length <= 0.2));
  });

  it("are refused where there is nothing to compare", () => {
    const refused = (values: Float64Array, code: string, message: RegExp, options = {}): void =>
      assert.throws(() => emergingHotSpots(values, line, options), failure(code, message));
    refused(Float64Array.of(1, 2, 3, 4), "INVALID_WEIGHTS", /3 places, of which 4 values are no whole number of steps/);
    refused(Float64Array.of(1, 2, 3), "TOO_FEW_ROWS", /there is 1 step of time, at least 2/);
    refused(new Float64Array(6).fill(7), "CONSTANT_VALUES", /every value is 7/);
    refused(Float64Array.of(1, 2, NaN, 4, 5, 6), "INVALID_PARAMETER", /values\[2\] is NaN/);
    refused(small, "INVALID_PARAMETER", /stepsBack is -1/, { stepsBack: -1 });
    const two = { n: 2, offsets: Int32Array.of(0, 1, 2), neighbors: Int32Array.of(1, 0) };
    assert.throws(
      () => emergingHotSpots(Float64Array.of(1, 2, 3, 4), two),
      failure("TOO_FEW_ROWS", /there are 2 places/),
    );
  });

  it("have no score at a step that does not vary, where the step is what counts, and no trend by it", () => {
    const values = cube.map((value, cell) => (cell % steps === 4 ? 2.5 : value));
    const { z, trend } = emergingHotSpots(values, binary, { stepsBack: 0, reference: "step" });
    for (let i = 0; i < n; i++) {
      assert.ok(Number.isNaN(z[i * steps + 4]));
      assert.equal(trend.s[i], mannKendall(z.slice(i * steps, (i + 1) * steps)).s);
    }
  });
});

/** Two-sided p of a score, by a test of a trend that has it. */
const mannKendallP = (score: number): number =>
  Number.isNaN(score) ? NaN : testsOf(Float64Array.of(score * 1e9), Float64Array.of(1e18)).p[0]!;

describe("the Mann-Kendall test", () => {
  it("of a series without ties has the variance n (n - 1) (2n + 5) / 18", () => {
    const { s, z } = mannKendall(Float64Array.from({ length: 10 }, (_, i) => i));
    assert.equal(s, 45);
    close(z, 44 / Math.sqrt(125));
    assert.deepEqual(mannKendall(Float64Array.of(1, 2, 3, 5, 4)).s, 8);
  });

  it("takes ties off the variance", () => {
    // pairs 2 2, 3 3 and 5 5 5: (10 * 9 * 25 - 2 * 1 * 9 - 2 * 1 * 9 - 3 * 2 * 11) / 18
    const series = Float64Array.of(1, 2, 2, 5, 3, 5, 3, 4, 5, 6);
    const { s, z } = mannKendall(series);
    let pairs = 0;
    series.forEach((a, i) => series.slice(i + 1).forEach((b) => (pairs += Math.sign(b - a))));
    assert.equal(s, pairs);
    close(z, (s - 1) / Math.sqrt(2148 / 18));
  });

  it("has z and p of pymannkendall's own test of monthly rainfall", () => {
    const { z, p } = testsOf(Float64Array.of(-1959), Float64Array.of(4889800 + 1 / 3));
    close(z[0]!, -0.8854562842589916);
    close(p[0]!, 0.37591058740506833);
  });

  it("is that of all pairs, with ties and gaps", () => {
    const random = generator(3);
    for (let length = 0; length < 60; length++) {
      const series = Float64Array.from({ length }, () => (random() < 0.1 ? NaN : Math.floor(12 * random())));
      const there = [...series].filter((value) => !Number.isNaN(value));
      const pairs = there.flatMap((a, i) => there.slice(i + 1).map((b): number => Math.sign(b - a)));
      assert.equal(
        mannKendall(series).s,
        pairs.reduce((a, b) => a + b, 0),
      );
      const n = there.length;
      const sizes = [...new Set(there)].map((value) => there.filter((each) => each === value).length);
      const ties = sizes.reduce((sum, t) => sum + t * (t - 1) * (2 * t + 5), 0);
      const { s, z } = mannKendall(series);
      allClose([z], [s === 0 ? 0 : (s - Math.sign(s)) / Math.sqrt((n * (n - 1) * (2 * n + 5) - ties) / 18)]);
    }
  });

  it("of equal values, or of none, finds no trend", () => {
    for (const series of [new Float64Array(0), new Float64Array(9).fill(3), Float64Array.of(NaN, 1)]) {
      assert.deepEqual(mannKendall(series), { s: 0, z: 0, p: 1 });
    }
  });
});

describe("the pattern of hot and cold spots", () => {
  /** Of scores over time: spots at 90 %, and their trend. */
  function patternOf(scores: number[]): string {
    const states = Uint8Array.from(scores, (score) => (score >= 1.645 ? 1 : score <= -1.645 ? 2 : 0));
    const { s, p } = mannKendall(Float64Array.from(scores));
    return hotSpotPatterns[hotSpotPattern(states, p <= 0.1 ? Math.sign(s) : 0)]!;
  }
  const series: Record<string, number[]> = {
    "no pattern": [0, 2, 0, 2, 0, 0, 0, 0, 0, 0],
    "new hot spot": [0, 0, 1, 0, 1, 0, 1, 0, 1, 2],
    "consecutive hot spot": [0, 0, 1, 0, 1, 0, 1, 2, 3, 2],
    "intensifying hot spot": [0, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    "persistent hot spot": [2, 4, 3, 2, 0, 3, 4, 2, 3, 4],
    "diminishing hot spot": [11, 10, 9, 8, 7, 6, 5, 4, 3, 2],
    "sporadic hot spot": [0, 2, 0, 2, 0, 0, 2, 0, 0, 2],
    "oscillating hot spot": [0, 2, 0, -2, 0, 0, 2, 0, 0, 2],
    "historical hot spot": [2, 4, 3, 2, 2, 3, 4, 2, 3, 0],
  };
  const kinds = Object.entries(series).flatMap(([pattern, scores]): [string, number[]][] => [
    [pattern, scores],
    [pattern.replace("hot", "cold"), scores.map((score) => -score)],
  ]);

  for (const [pattern, scores] of kinds) {
    it(`is ${pattern} of ${scores.join(", ")}`, () => assert.equal(patternOf(scores), pattern));
  }

  it("has 17 kinds, all of them shown above", () => {
    assert.equal(hotSpotPatterns.length, 17);
    assert.deepEqual(new Set(kinds.map(([pattern]) => pattern)), new Set(hotSpotPatterns));
  });

  it("takes 90 percent of the steps for throughout, and the last step before what was", () => {
    const spots = (hot: number, of: number): number[] => Array.from({ length: of }, (_, t) => (t >= of - hot ? 3 : 0));
    assert.equal(patternOf(spots(18, 20)), "intensifying hot spot");
    assert.equal(patternOf(spots(17, 20)), "consecutive hot spot");
    assert.equal(patternOf([-2, -2, -2, -2, -2, -2, -2, -2, -2, 2]), "new hot spot");
    assert.equal(patternOf([-2, -2, 0, 0, 0, 2, 2, 2]), "consecutive hot spot");
    assert.equal(patternOf([0, 2]), "new hot spot");
  });

  it("of clusters and outliers is the only type there is, or several", () => {
    const of = (states: number[]): string => outlierPatterns[outlierPattern(Uint8Array.from(states))]!;
    assert.deepEqual(
      [
        [0, 0],
        [0, 1],
        [2, 0],
        [3, 3],
        [0, 4, 0],
        [1, 0, 2],
        [4, 4, 3],
      ].map(of),
      ["never significant", "only HH", "only LL", "only HL", "only LH", "multiple types", "multiple types"],
    );
  });
});

describe("a space-time cube", () => {
  const place = Int32Array.of(0, 0, 1, 1, 1);
  const step = Int32Array.of(0, 1, 1, 1, 2);
  const rows = { places: 2, steps: 3, place, step };

  it("counts events, and adds values up", () => {
    assert.deepEqual(spaceTimeCube(rows), { values: Float64Array.of(1, 1, 0, 0, 2, 1), absent: 2 });
    const values = Float64Array.of(5, 7, 1, 2, 4);
    assert.deepEqual(spaceTimeCube({ ...rows, values }, "zero").values, Float64Array.of(5, 7, 0, 0, 3, 4));
  });

  it("fills what is missing as it is told, or says how much that is", () => {
    const values = Float64Array.of(5, 7, 1, 2, 4);
    assert.deepEqual(spaceTimeCube({ ...rows, values }, "previous").values, Float64Array.of(5, 7, 7, 3, 3, 4));
    assert.deepEqual(spaceTimeCube({ ...rows, values }, "mean").values, Float64Array.of(5, 7, 6, 3.5, 3, 4));
    assert.throws(
      () => spaceTimeCube({ ...rows, values, nameOf: (i) => `county ${"AB"[i]}` }),
      failure("INVALID_PARAMETER", /2 of 6 cells of the cube have no row, such as that of county A at step 3/),
    );
  });

  it("has the same sums whatever the order of the rows", () => {
    const random = generator(9);
    const many = Float64Array.from({ length: 1000 }, () => random() * 10 ** (12 * random() - 6));
    const one = { places: 1, steps: 1, place: new Int32Array(1000), step: new Int32Array(1000) };
    const [a, b] = [many, many.toReversed()].map((values) => spaceTimeCube({ ...one, values }).values[0]);
    assert.equal(a, b);
  });

  it("has at most ten million cells", () => {
    assert.throws(
      () => spaceTimeCube({ places: 100_000, steps: 120, place: new Int32Array(0), step: new Int32Array(0) }),
      failure("INVALID_PARAMETER", /12,000,000 cells, 100,000 places at 120 steps, at most 10,000,000/),
    );
  });
});
