import assert from "node:assert/strict";
import {
  getisOrdLocal,
  joinCountsLocal,
  joinCountsLocalBv,
  moranLocal,
  moranLocalBv,
  quantileLisa,
  transform,
  type SumInference,
  type Weights,
} from "driveshaft";
import { conditional, type Conditional, type Statistic } from "#dist/statistics/crand.js";
import { ofLags } from "#dist/statistics/rounding.js";
import { standardised } from "#dist/statistics/standardise.js";
import { strataOf } from "#dist/statistics/strata.js";
import { close } from "../support/assertions.js";
import { distributions } from "../support/distributions.js";
import { generator, uniform } from "../support/random.js";
import { arrangements } from "../support/subsets.js";
import { row, scattered, uneven, weighted } from "../support/weights.js";

const n = 14;
const random = generator(29);
/** Strata of 6, 5, 2 and 1 locations; location 13 is alone. */
const strata = Int32Array.of(0, 1, 0, 1, 2, 0, 1, 0, 1, 2, 0, 1, 0, 3);
const scatter = scattered(n, [1, 2, 3, 4], random);
const unequal = weighted(scatter, random);

/** The same neighbors, but for those in other strata. */
const inside = ((): Weights => {
  const rows = [...strata.keys()].map((i) => {
    const others = [...strata.keys()].filter((j) => j !== i && strata[j] === strata[i]);
    return others.slice(0, 1 + (i % 3));
  });
  const offsets = new Int32Array(n + 1);
  rows.forEach((ids, i) => (offsets[i + 1] = offsets[i]! + ids.length));
  return { n, offsets, neighbors: Int32Array.from(rows.flat()) };
})();

/** The lags of location i in every way to draw its neighbors, each from its own stratum without i. */
function lagsOfDraws(y: Float64Array, weights: Weights, labels: Int32Array, i: number): number[] {
  const { neighbors, weights: weight } = row(weights, i);
  let lags = [0];
  for (const stratum of new Set(neighbors.map((j) => labels[j]!))) {
    const places = [...neighbors.keys()].filter((at) => labels[neighbors[at]!] === stratum);
    const pool = [...labels.keys()].filter((j) => j !== i && labels[j] === stratum);
    const parts = [...arrangements(pool, places.length)].map((drawn) =>
      drawn.reduce((sum, j, at) => sum + weight[places[at]!]! * y[j]!, 0),
    );
    lags = lags.flatMap((lag) => parts.map((part) => lag + part));
  }
  return lags;
}

interface Expected {
  greater: number;
  lesser: number;
  z: number;
}

function enumerated(y: Float64Array, weights: Weights, labels: Int32Array, i: number): Expected {
  const { neighbors, weights: weight } = row(weights, i);
  const observed = neighbors.reduce((sum, j, at) => sum + weight[at]! * y[j]!, 0);
  const lags = lagsOfDraws(y, weights, labels, i);
  const mean = lags.reduce((sum, lag) => sum + lag, 0) / lags.length;
  const sd = Math.sqrt(lags.reduce((sum, lag) => sum + (lag - mean) ** 2, 0) / lags.length);
  return {
    greater: lags.filter((lag) => lag >= observed - 1e-9).length / lags.length,
    lesser: lags.filter((lag) => lag <= observed + 1e-9).length / lags.length,
    z: sd < 1e-9 ? NaN : (observed - mean) / sd,
  };
}

/** z-scores, which may be 0. */
function near(z: number, expected: number): void {
  assert.ok(Math.abs(z - expected) < 1e-9 * (1 + Math.abs(expected)), `${z} should be ${expected}`);
}

const hasNeighbors = ({ offsets }: Weights, i: number): boolean => offsets[i + 1]! > offsets[i]!;

/** Draws of a lag, counted. */
const statisticOf = (y: Float64Array, weights: Weights, labels: Int32Array): Statistic => {
  const standard = standardised(y);
  return { attributes: [standard.z], rounding: ofLags(weights, standard), strata: strataOf(labels, y.length) };
};

describe("inference within strata", () => {
  for (const [name, draw] of Object.entries(distributions)) {
    const y = Float64Array.from({ length: n }, () => draw(random));
    y[0] = y[1]! + 1.25;
    y[2] = y[1]! - 0.75;

    it(`is exact where all neighbors are in the location's own stratum (${name})`, () => {
      const sides = (["greater", "lesser"] as const).map((alternative) =>
        moranLocalBv(y, y, inside, { strata, inference: "exact", alternative }),
      );
      const sums = getisOrdLocal(
        y.map((value) => value + 100),
        inside,
        { strata, inference: "exact", alternative: "greater", star: true },
      );
      for (let i = 0; i < n; i++) {
        if (!hasNeighbors(inside, i)) continue;
        const { greater, lesser, z } = enumerated(y, inside, strata, i);
        const sign = Math.sign(sides[0]!.z[i]!);
        close(sides[0]!.p[i]!, sign > 0 ? greater : lesser, 1e-12);
        close(sides[1]!.p[i]!, sign > 0 ? lesser : greater, 1e-12);
        close(sums.p[i]!, greater, 1e-12);
        if (Number.isNaN(z)) assert.ok(Number.isNaN(sums.zConditional[i]));
        else {
          near(sums.zConditional[i]!, z);
          near(sides[0]!.zScore[i]!, sign * z);
        }
      }
      assert.equal(sums.used.inference, "exact");
      assert.equal(sums.used.drawn, undefined);
    });

    for (const [what, weights] of Object.entries({ equal: scatter, unequal })) {
      it(`draws within 4.5 standard errors of all ways to draw, with ${what} weights (${name})`, () => {
        const permutations = 100_000;
        const drawn = conditional(statisticOf(y, weights, strata), weights, { permutations });
        const { zScore, z } = moranLocal(y, weights, { strata, permutations: 0 });
        for (let i = 0; i < n; i++) {
          if (!hasNeighbors(weights, i)) continue;
          const expected = enumerated(y, weights, strata, i);
          for (const side of ["greater", "lesser"] as const) {
            const p = expected[side];
            const error = Math.abs(drawn[side][i]! / permutations - p);
            assert.ok(
              error <= 4.5 * Math.sqrt((p * (1 - p)) / permutations),
              `location ${i}, ${side}: off by ${error}`,
            );
          }
          if (Number.isNaN(expected.z)) assert.ok(Number.isNaN(zScore[i]), `location ${i}: ${zScore[i]}`);
          else near(zScore[i]!, Math.sign(z[i]!) * expected.z);
        }
      });
    }
  }

  it("draws sums of several attributes with coefficients of the location, as of squared differences", () => {
    const { z } = standardised(uniform(n, random));
    const permutations = 100_000;
    for (const weights of [scatter, unequal]) {
      const coefficients = Float64Array.from([...z].flatMap((own) => [1, -2 * own]));
      const attributes = [z.map((value) => value * value), z];
      const rounding = new Float64Array(n).fill(1e-12);
      const statistic: Statistic = { attributes, coefficients, rounding, strata: strataOf(strata, n) };
      const drawn = conditional(statistic, weights, { permutations });
      for (let i = 0; i < n; i++) {
        if (!hasNeighbors(weights, i)) continue;
        const p = enumerated(
          z.map((value) => (value - z[i]!) ** 2),
          weights,
          strata,
          i,
        ).greater;
        const error = Math.abs(drawn.greater[i]! / permutations - p);
        assert.ok(error <= 4.5 * Math.sqrt((p * (1 - p)) / permutations), `location ${i}: off by ${error}`);
      }
    }
  });

  it("counts joins exactly, whatever strata the neighbors are in", () => {
    const x = Float64Array.of(1, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1);
    const other = x.map((value, i) => (value === 1 ? 0 : Number(i % 3 < 2)));
    const options = { strata, inference: "exact" } as const;
    const { p, zScore, used } = joinCountsLocal(x, scatter, options);
    const quantile = quantileLisa([uniform(n, random)], scatter, { ...options, quantiles: 2, quantile: 2 });
    const bv = joinCountsLocalBv(x, other, scatter, options);
    for (let i = 0; i < n; i++) {
      if (!hasNeighbors(scatter, i)) continue;
      const expected = enumerated(x, scatter, strata, i);
      if (x[i] === 0) assert.ok(Number.isNaN(p[i]));
      else {
        close(p[i]!, expected.greater, 1e-12);
        if (!Number.isNaN(expected.z)) near(zScore[i]!, expected.z);
        close(bv.p[i]!, enumerated(other, scatter, strata, i).greater, 1e-12);
      }
      if (quantile.inside[i] === 1) {
        close(quantile.p[i]!, enumerated(quantile.inside, scatter, strata, i).greater, 1e-12);
      }
    }
    assert.deepEqual([used.inference, used.drawn], ["exact", undefined]);
  });

  it("has G*'s z of all values, the location's own too", () => {
    const y = uniform(n, random);
    const { zScore } = getisOrdLocal(y, transform(scatter, "B"), { strata, star: true, permutations: 0 });
    for (let i = 0; i < n; i++) {
      const ids = [...row(scatter, i).neighbors, i];
      if (ids.length === 1) continue;
      let [expected, variance] = [0, 0];
      for (const stratum of new Set(ids.map((j) => strata[j]!))) {
        const pool = [...y].filter((_, j) => strata[j] === stratum);
        const [m, k] = [pool.length, ids.filter((j) => strata[j] === stratum).length];
        const mean = pool.reduce((sum, value) => sum + value, 0) / m;
        expected += k * mean;
        if (m > 1)
          variance += (pool.reduce((sum, value) => sum + (value - mean) ** 2, 0) * k * (m - k)) / (m * (m - 1));
      }
      const sum = ids.reduce((total, j) => total + y[j]!, 0);
      if (variance > 1e-12) near(zScore[i]!, (sum - expected) / Math.sqrt(variance));
      else assert.ok(Number.isNaN(zScore[i]));
    }
  });

  it("draws for the locations with neighbors elsewhere, and is exact for the others", () => {
    const y = uniform(n, random);
    const permutations = 9999;
    const { p, used } = moranLocal(y, scatter, { strata, permutations });
    const drawn = moranLocal(y, scatter, { strata, permutations, inference: "permutation" });
    const isInside = (i: number): boolean => row(scatter, i).neighbors.every((j) => strata[j] === strata[i]);
    let across = 0;
    for (let i = 0; i < n; i++) {
      if (!hasNeighbors(scatter, i)) continue;
      if (!isInside(i)) across++;
      const { greater, lesser } = enumerated(y, scatter, strata, i);
      const exact = Math.min(1, 2 * Math.min(greater, lesser));
      if (isInside(i)) close(p[i]!, exact, 1e-12);
      assert.ok(Math.abs(p[i]! - exact) < 0.05);
      assert.ok(Math.abs(drawn.p[i]! - exact) < 0.05);
    }
    assert.ok(across > 0 && across < n - 1);
    assert.deepEqual(used.drawn, { locations: across, floor: 2 / (permutations + 1) });
    assert.equal(drawn.used.inference, "permutation");
    assert.throws(
      () => moranLocal(y, scatter, { strata, inference: "exact" }),
      new RegExp(`${across} locations have neighbors in other strata`),
    );
  });

  it("is that without strata where there is one of them, and of groups where none has neighbors in another", () => {
    const y = uniform(n, random);
    assert.deepEqual(moranLocal(y, scatter, { strata: new Int32Array(n).fill(7) }), moranLocal(y, scatter));
    const { p, used } = moranLocal(y, inside, { strata });
    const renamed = strata.map((stratum) => 40 - 3 * stratum);
    assert.deepEqual(moranLocal(y, inside, { strata: renamed }).p, p);
    assert.equal(used.drawn, undefined);
  });

  it("gives the same bytes in any order of the rows", () => {
    const whole = Float64Array.from({ length: n }, () => Math.floor(50 * random()));
    const turned = <Values extends Float64Array | Int32Array>(values: Values): Values => values.toReversed() as Values;
    const rows = [...strata.keys()].map((i) => row(inside, n - 1 - i).neighbors.map((j) => n - 1 - j));
    const offsets = Int32Array.from([0, ...rows.map((ids) => ids.length)]);
    for (let i = 0; i < n; i++) offsets[i + 1]! += offsets[i]!;
    const backwards = { n, offsets, neighbors: Int32Array.from(rows.flat()) };
    const straight = moranLocal(whole, inside, { strata }).p;
    const reversed = moranLocal(turned(whole), backwards, { strata: turned(strata) }).p;
    assert.deepEqual(turned(reversed), straight);
  });

  it("does not depend on threads or on other locations, and ends a location early where it would", () => {
    const size = 300;
    const many = uneven(size, random);
    const few: Weights = { ...many, ...cut(many, 9) };
    const labels = Int32Array.from({ length: size }, () => Math.floor(12 * random() ** 2));
    const y = uniform(size, random);
    for (const weights of [few, weighted(few, random)]) {
      const statistic = statisticOf(y, weights, labels);
      const drawn = (more: object): Conditional =>
        conditional(statistic, weights, { permutations: 20_001, seed: 3, ...more });
      for (const stop of [0, 20]) {
        assert.deepEqual(drawn({ stop, threads: 3 }), drawn({ stop }));
        assert.notDeepEqual(drawn({ stop, seed: 4 }), drawn({ stop }));
      }
      const ended = drawn({ stop: 20, alternative: "greater" });
      for (const i of [0, 1, 2, 3, 50, 51]) {
        const at = ended.stop!.greaterAt[i]!;
        if (at > 0) {
          const counts = [at - 1, at].map((permutations) => drawn({ permutations }).greater[i]);
          assert.deepEqual(counts, [19, 20]);
        } else assert.equal(ended.greater[i], drawn({}).greater[i]);
      }
    }
  });

  it("has p of 1 and no z where nothing varies, and says so", () => {
    const all = Int32Array.from(strata.keys());
    const y = uniform(n, random);
    for (const inference of ["auto", "permutation"] as const) {
      const { p, zScore, used } = moranLocal(y, scatter, { strata: all, inference, permutations: 99 });
      for (let i = 0; i < n; i++) {
        assert.ok(hasNeighbors(scatter, i) ? p[i] === 1 : Number.isNaN(p[i]));
        assert.ok(Number.isNaN(zScore[i]));
      }
      assert.deepEqual(used.strata, { count: n, constant: n, few: n - 1 });
    }
    const constant = y.map((value, i) => (strata[i] === 0 ? value : 0.1 + 0.2 * strata[i]!));
    for (const inference of ["auto", "permutation"] as const) {
      const { p, zScore, used } = moranLocal(constant, inside, { strata, inference, permutations: 99 });
      assert.equal(used.strata!.constant, 3);
      for (let i = 0; i < n; i++) {
        if (strata[i] === 0 || !hasNeighbors(inside, i)) continue;
        assert.equal(p[i], 1);
        assert.ok(Number.isNaN(zScore[i]));
      }
    }
  });

  it("refuses what it cannot do", () => {
    const y = uniform(n, random);
    const run = (options: SumInference) => () => moranLocal(y, scatter, options);
    assert.throws(run({ strata: strata.subarray(1) }), /strata has 13 labels, expected n = 14/);
    assert.throws(run({ strata: strata.map((label) => label - 1) }), /strata\[0\] is -1, expected a whole number/);
    assert.throws(run({ strata, draws: "independent" }), /draws within strata are shared, not independent/);
  });
});

/** The first neighbors of each location, at most so many. */
function cut({ n, offsets, neighbors }: Weights, most: number): Pick<Weights, "offsets" | "neighbors"> {
  const rows = Array.from({ length: n }, (_, i) => [...neighbors.subarray(offsets[i], offsets[i + 1])].slice(0, most));
  const begins = new Int32Array(n + 1);
  rows.forEach((ids, i) => (begins[i + 1] = begins[i]! + ids.length));
  return { offsets: begins, neighbors: Int32Array.from(rows.flat()) };
}
