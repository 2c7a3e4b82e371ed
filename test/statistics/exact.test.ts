import assert from "node:assert/strict";
import type { Weights } from "#dist/index.js";
import { conditional } from "#dist/statistics/crand.js";
import { exactSums } from "#dist/statistics/exact.js";
import { ofLags } from "#dist/statistics/rounding.js";
import { standardised } from "#dist/statistics/standardise.js";
import { close } from "../support/assertions.js";
import { distributions, normal } from "../support/distributions.js";
import { generator } from "../support/random.js";
import { row, scattered } from "../support/weights.js";

interface Tails {
  greater: Float64Array;
  lesser: Float64Array;
  spread: Float64Array;
  bins: number;
}

function tailsOf(y: Float64Array, weights: Weights): Tails {
  const standard = standardised(y);
  const [greater, lesser, spread] = [0, 1, 2].map(() => new Float64Array(y.length));
  const rounding = ofLags(weights, standard);
  const { bins } = exactSums(standard.z, standard, weights, rounding, (i, above, below, within) => {
    greater![i] = above;
    lesser![i] = below;
    spread![i] = within;
  });
  return { greater: greater!, lesser: lesser!, spread: spread!, bins };
}

/** Of all sets of `count` of the values, the shares whose sums are at least and at most that: they tie within 1e-9. */
function enumerated(values: number[], count: number, sum: number): { greater: number; lesser: number } {
  let [all, above, below] = [0, 0, 0];
  const draw = (from: number, left: number, so: number): void => {
    if (left === 0) {
      all++;
      if (so >= sum - 1e-9) above++;
      if (so <= sum + 1e-9) below++;
      return;
    }
    for (let at = from; at + left <= values.length; at++) draw(at + 1, left - 1, so + values[at]!);
  };
  draw(0, count, 0);
  return { greater: above / all, lesser: below / all };
}

/** The same of whole numbers from 0, by counting how many sets have each sum. */
function counted(values: number[], count: number, sum: number): { greater: number; lesser: number } {
  const most = values.reduce((total, value) => total + value, 0);
  const ways = Array.from({ length: count + 1 }, () => new Float64Array(most + 1));
  ways[0]![0] = 1;
  for (const value of values) {
    for (let k = count; k >= 1; k--) for (let s = value; s <= most; s++) ways[k]![s]! += ways[k - 1]![s - value]!;
  }
  const total = ways[count]!.reduce((a, b) => a + b, 0);
  return {
    greater: ways[count]!.subarray(sum).reduce((a, b) => a + b, 0) / total,
    lesser: ways[count]!.subarray(0, sum + 1).reduce((a, b) => a + b, 0) / total,
  };
}

/**
 * The same of whole numbers by inversion of the characteristic function of the sum, slowly: power sums of all values at
 * each frequency, Newton's identities in the elementary symmetric polynomials themselves.
 */
function inverted(values: number[], k: number, sum: number): { greater: number; lesser: number } {
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  const counts = new Float64Array(most + 1);
  for (const value of values) counts[value]!++;
  const n = values.length;
  const period = k * most + 3;
  let [greater, lesser] = [(period - sum) / period, (sum + 1) / period];
  for (let m = 1; m <= 120; m++) {
    const powers = [[0, 0]];
    for (let j = 1; j <= k; j++) {
      let [real, imaginary] = [0, 0];
      const angle = (2 * Math.PI * j * m) / period;
      counts.forEach((count, value) => {
        real += count * Math.cos(angle * value);
        imaginary += count * Math.sin(angle * value);
      });
      powers.push([real, imaginary]);
    }
    const functions = [[1, 0]];
    for (let j = 1; j <= k; j++) {
      let [real, imaginary] = [0, 0];
      let ratio = 1 / j;
      for (let i = 1; i <= j; i++) {
        ratio *= (j - i + 1) / (n - j + i);
        const [a, b] = functions[j - i] as [number, number];
        const [c, d] = powers[i] as [number, number];
        const sign = i % 2 === 1 ? ratio : -ratio;
        real += sign * (a * c - b * d);
        imaginary += sign * (a * d + b * c);
      }
      functions.push([real, imaginary]);
    }
    // sums of exp(-i f t) from the sum on, and up to it: half angles, so that no difference cancels
    const half = (Math.PI * m) / period;
    const [a, b] = functions[k] as [number, number];
    const term = (from: number, to: number): number => {
      const scale = Math.sin(half * (to - from)) / Math.sin(half);
      const middle = half * (from + to - 1);
      return (2 / period) * scale * (a * Math.cos(middle) + b * Math.sin(middle));
    };
    greater += term(sum, period);
    lesser += term(0, sum + 1);
  }
  return { greater, lesser };
}

const without = (values: Iterable<number>, i: number): number[] => [...values].filter((_, j) => j !== i);
const sumOf = (y: ArrayLike<number>, ids: number[]): number => ids.reduce((sum, j) => sum + y[j]!, 0);

describe("exact inference", () => {
  for (const [name, draw] of Object.entries(distributions)) {
    it(`is that of all draws, at every location and for every number of neighbors of few (${name})`, () => {
      for (const n of [7, 12, 16]) {
        const random = generator(n);
        const y = Float64Array.from({ length: n }, () => draw(random));
        y[0] = 1.1 + y[1]!;
        const weights = scattered(n, [1, 2, 3, 4, 5, 6], random);
        const { greater, lesser, spread, bins } = tailsOf(y, weights);
        assert.equal(bins, 0);
        for (let i = 0; i < n; i++) {
          const ids = row(weights, i).neighbors;
          if (ids.length === 0) continue;
          const expected = enumerated(without(y, i), ids.length, sumOf(y, ids));
          close(greater[i]!, expected.greater, 1e-12);
          close(lesser[i]!, expected.lesser, 1e-12);
          assert.equal(spread[i], 0);
        }
      }
    });

    it(`agrees with draws within 4.5 standard errors (${name})`, () => {
      for (const [n, ks] of [
        [60, [3, 6, 20, 50]],
        [400, [2, 5, 13, 64]],
        [2000, [1, 8]],
        [100_000, [8]],
      ] as const) {
        if (n === 100_000 && !["normal", "lognormal", "counts with many zeros"].includes(name)) continue;
        const random = generator(n + 1);
        const y = Float64Array.from({ length: n }, () => draw(random));
        const weights = scattered(n, [...ks], random);
        const tails = tailsOf(y, weights);
        const permutations = n === 100_000 ? 20_000 : 200_000;
        const standard = standardised(y);
        const rounding = ofLags(weights, standard);
        const drawn = conditional({ attributes: [standard.z], rounding }, weights, { permutations });
        for (const side of ["greater", "lesser"] as const) {
          for (let i = 0; i < n; i++) {
            const p = tails[side][i]!;
            if (p * permutations < 30 || (1 - p) * permutations < 30) continue;
            const error = Math.abs(drawn[side][i]! / permutations - p);
            const bound = 4.5 * Math.sqrt((p * (1 - p)) / permutations) + tails.spread[i]!;
            assert.ok(error <= bound, `${n}, location ${i}, ${side}: ${drawn[side][i]! / permutations} for ${p}`);
          }
        }
      }
    });
  }

  it("is that of all draws where sums of real values are binned, but for the bins", () => {
    const n = 27;
    const k = 8;
    for (const [name, draw] of Object.entries(distributions)) {
      const random = generator(3);
      const y = Float64Array.from({ length: n }, () => draw(random) + 1e-3 * random());
      const weights = scattered(n, [k], random);
      const { greater, lesser, spread, bins } = tailsOf(y, weights);
      assert.ok(bins > 0);
      for (const i of [0, 11]) {
        const expected = enumerated(without(y, i), k, sumOf(y, row(weights, i).neighbors));
        for (const [p, share] of [
          [greater[i]!, expected.greater],
          [lesser[i]!, expected.lesser],
        ] as const) {
          assert.ok(Math.abs(p - share) <= spread[i]! + 1e-12, `${name}: ${p} should be ${share} within ${spread[i]}`);
          // of values that lie in heaps each heap is a few bins wide
          const heaps = ["counts", "zeros", "two", "decimals"].some((word) => name.startsWith(word));
          assert.ok(heaps || Math.abs(p / share - 1) < 5e-3, `${name}: ${p} should be ${share}`);
        }
      }
    }
  });

  it("is that of all draws where a long tail has sums far below its end, but for the bins", () => {
    const n = 100;
    const random = generator(9);
    const up = Float64Array.from({ length: n }, (_, i) => [1000, 500, 250, 125][i] ?? random());
    const weights = scattered(n, [4], random);
    weights.neighbors.set([50, 51, 52, 53], 4 * 8);
    weights.neighbors.set([0, 50, 51, 52], 4 * 9);
    for (const y of [up, up.map((value) => -value)]) {
      const { greater, lesser, spread } = tailsOf(y, weights);
      for (const i of [9, 10]) {
        const expected = enumerated(without(y, i), 4, sumOf(y, row(weights, i).neighbors));
        assert.ok(Math.abs(greater[i]! - expected.greater) <= spread[i]! + 1e-12);
        assert.ok(Math.abs(lesser[i]! - expected.lesser) <= spread[i]! + 1e-12);
        assert.ok(spread[i]! < 0.01 * Math.min(expected.greater, expected.lesser), `location ${i}: ${spread[i]}`);
      }
    }
  });

  it("is that of all draws on lattices, ties and all, also for more neighbors than half", () => {
    const n = 40;
    const random = generator(8);
    const cases: [what: string, scale: number, offset: number, draw: () => number][] = [
      ["counts", 1, 0, () => Math.floor(-4 * Math.log(1 - random()))],
      ["tenths below 0 and above", 0.1, -1.3, () => Math.floor(25 * random())],
      ["sevenths on an offset", 1 / 7, 1e6, () => Math.floor(9 * random())],
      ["two values", 3, 2, () => Number(random() < 0.25)],
      ["counts and one that is far", 1, 0, () => Math.floor(3 * random())],
    ];
    for (const [what, scale, offset, draw] of cases) {
      const whole = Array.from({ length: n }, draw);
      if (what.endsWith("far")) whole[3] = 6000;
      const y = Float64Array.from(whole, (value) => offset + scale * value);
      const weights = scattered(n, [9, 12, 19, 21, 30], random);
      const { greater, lesser, spread } = tailsOf(y, weights);
      for (let i = 0; i < n; i++) {
        const ids = row(weights, i).neighbors;
        if (ids.length === 0) continue;
        const expected = counted(without(whole, i), ids.length, sumOf(whole, ids));
        const off = Math.max(Math.abs(greater[i]! - expected.greater), Math.abs(lesser[i]! - expected.lesser));
        assert.ok(off < 1e-11, `${what}, location ${i}: ${greater[i]} should be ${expected.greater}`);
        assert.equal(spread[i], 0);
      }
    }
  });

  it("is what a slow sum over frequencies gives, for many locations", () => {
    const n = 100_000;
    const random = generator(31);
    const y = Float64Array.from({ length: n }, () => Math.floor(16_384 * random()));
    const weights = scattered(n, [8], random);
    // one in the upper tail and one in the lower
    for (const i of [3, 4]) {
      const order = [...y.keys()].sort((a, b) => (i === 3 ? y[b]! - y[a]! : y[a]! - y[b]!));
      weights.neighbors.set(order.slice(20_000, 20_008), 8 * i);
    }
    const tails = tailsOf(y, weights);
    // more bins than samples
    assert.ok(tails.bins > 2 ** 16);
    for (const i of [3, 4]) {
      const expected = inverted(without(y, i), 8, sumOf(y, row(weights, i).neighbors));
      for (const side of ["greater", "lesser"] as const) {
        const [p, should] = [tails[side][i]!, expected[side]];
        assert.ok(Math.abs(p - should) < 1e-12 + 1e-9 * should, `location ${i}, ${side}: ${p} should be ${should}`);
      }
    }
  });

  it("takes few bins where there are few locations, and more where these leave p open", () => {
    const random = generator(8);
    const weights = scattered(300, [8], random);
    const binsOf = (y: Float64Array): number => tailsOf(y, weights).bins;
    assert.equal(binsOf(Float64Array.from({ length: 300 }, () => normal(random))), 1 << 16);
    assert.ok(binsOf(Float64Array.from({ length: 300 }, () => (1 - random()) ** (-1 / 1.5))) > 1 << 16);
  });

  it("is uniform where there is no autocorrelation", () => {
    const random = generator(12);
    const n = 4000;
    for (const [name, draw] of Object.entries(distributions)) {
      if (!["normal", "lognormal", "Pareto 1.5"].includes(name)) continue;
      const y = Float64Array.from({ length: n }, () => draw(random));
      const p = tailsOf(y, scattered(n, [8], random)).greater.filter((_, i) => i !== 5);
      const apart = [...p].sort((a, b) => a - b).map((value, rank) => Math.abs(value - (rank + 0.5) / p.length));
      const statistic = Math.sqrt(p.length) * Math.max(...apart);
      // the largest distance of Kolmogorov and Smirnov that one in a thousand samples exceeds
      assert.ok(statistic < 1.95, `${name}: ${statistic}`);
    }
  });

  it("gives the same bytes on both builds, and in any order of the rows", () => {
    const random = generator(16);
    for (const [n, ks] of [
      [12, [2, 3]],
      [3000, [4, 9]],
    ] as const) {
      const y = Float64Array.from({ length: n }, () => normal(random));
      const weights = scattered(n, [...ks], random);
      const bytes = (tails: Tails, order: number[]): string =>
        JSON.stringify(order.map((i) => [tails.greater[i], tails.lesser[i], tails.spread[i]]));
      const same = [...y.keys()];
      const first = bytes(tailsOf(y, weights), same);
      const before = process.env.DRIVESHAFT_KERNELS;
      try {
        for (const build of ["checked", "fast"]) {
          process.env.DRIVESHAFT_KERNELS = build;
          assert.equal(bytes(tailsOf(y, weights), same), first);
        }
      } finally {
        if (before === undefined) delete process.env.DRIVESHAFT_KERNELS;
        else process.env.DRIVESHAFT_KERNELS = before;
      }
      // whole numbers are the same however their mean is summed
      const reversed = Float64Array.from(y, (_, i) => Math.round(1e4 * y[n - 1 - i]!));
      const straight = reversed.toReversed();
      const rows = same.map((i) => row(weights, n - 1 - i).neighbors.map((j) => n - 1 - j));
      const offsets = Int32Array.from([0, ...rows.map((ids) => ids.length)]);
      for (let i = 0; i < n; i++) offsets[i + 1]! += offsets[i]!;
      const turned = tailsOf(reversed, { n, offsets, neighbors: Int32Array.from(rows.flat()) });
      assert.equal(bytes(turned, same.toReversed()), bytes(tailsOf(straight, weights), same));
    }
  });
});
