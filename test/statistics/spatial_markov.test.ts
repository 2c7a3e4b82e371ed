import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import {
  homogeneity,
  knn,
  markovChain,
  rankMobility,
  spatialMarkov,
  type SpatialMarkov,
  type Weights,
} from "driveshaft";
import { allClose, close, failure } from "../support/assertions.js";
import { fixturePath } from "../support/fixtures.js";
import { generator, uniform } from "../support/random.js";
import { row, scattered } from "../support/weights.js";

/** Periods of incomes of the states of the US, 1929 to 2009. */
function incomes(): Float64Array[] {
  const [header, ...lines] = readFileSync(fixturePath("us_income.csv"), "utf8").trim().split(/\r?\n/);
  const rows = lines.map((line) => line.split(",").slice(2).map(Number));
  return Array.from({ length: header!.split(",").length - 2 }, (_, t) => Float64Array.from(rows, (each) => each[t]!));
}

/** A quantile class as numpy's percentiles have it: the first whose interpolated upper edge is not below the value. */
function quantileClass(value: number, values: number[], k: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  for (let q = 1; q < k; q++) {
    const at = (q / k) * (sorted.length - 1);
    const [low, share] = [Math.floor(at + 1e-9), at - Math.floor(at + 1e-9)];
    const edge = sorted[low]! + Math.max(0, share) * ((sorted[low + 1] ?? sorted[low]!) - sorted[low]!);
    if (value <= edge) return q;
  }
  return k;
}

/** All of it by definition: T[lag class][class][next class], and what they say of the last period. */
function twin(periods: Float64Array[], w: Weights, k: number) {
  const lags = periods.map((y) =>
    Array.from(y, (_, i) => {
      const { neighbors, weights } = row(w, i);
      return neighbors.length === 0 ? NaN : neighbors.reduce((sum, j, q) => sum + weights[q]! * y[j]!, 0);
    }),
  );
  const classes = periods.map((y) => Array.from(y, (value) => quantileClass(value, [...y], k)));
  const lagClasses = lags.map((values) => {
    const known = values.filter((value) => !Number.isNaN(value));
    return values.map((value) => (Number.isNaN(value) ? 0 : quantileClass(value, known, k)));
  });
  const counts = Array.from({ length: k }, () => Array.from({ length: k }, () => new Array<number>(k).fill(0)));
  for (let t = 0; t + 1 < periods.length; t++) {
    classes[t]!.forEach((c, i) => {
      const lag = lagClasses[t]![i]!;
      if (lag > 0) counts[lag - 1]![c - 1]![classes[t + 1]![i]! - 1]!++;
    });
  }
  const last = periods.length - 1;
  const outlook = classes[last]!.map((c, i) => {
    const known = counts[lagClasses[last]![i]! - 1]?.[c - 1];
    const total = known?.reduce((sum, count) => sum + count, 0);
    if (!known || !total) return { trend: NaN, up: NaN, down: NaN, volatility: NaN };
    const p = known.map((count) => count / total);
    const up = p.slice(c).reduce((sum, share) => sum + share, 0);
    const down = p.slice(0, c - 1).reduce((sum, share) => sum + share, 0);
    const volatility = Math.sqrt(p.reduce((sum, share) => sum + (share - 1 / k) ** 2, 0) / k);
    return { trend: p[c - 1]! > 0 ? (up - down) / p[c - 1]! : NaN, up, down, volatility };
  });
  return { classes: classes[last]!, lagClasses: lagClasses[last]!, counts, outlook };
}

function isTwin(result: SpatialMarkov, expected: ReturnType<typeof twin>): void {
  assert.deepEqual([...result.classes], expected.classes);
  assert.deepEqual([...result.lagClasses], expected.lagClasses);
  assert.deepEqual(
    result.lagChains.map(({ transitions }) => transitions),
    expected.counts,
  );
  const same = (actual: Float64Array, values: number[]): void =>
    values.forEach((value, i) => {
      if (Number.isNaN(value)) assert.ok(Number.isNaN(actual[i]));
      else assert.ok(Math.abs(actual[i]! - value) < 1e-12, `${actual[i]} should be ${value}`);
    });
  const { outlook } = expected;
  same(
    result.trend,
    outlook.map(({ trend }) => trend),
  );
  same(
    result.trendUp,
    outlook.map(({ up }) => up),
  );
  same(
    result.trendDown,
    outlook.map(({ down }) => down),
  );
  same(
    result.volatility,
    outlook.map(({ volatility }) => volatility),
  );
}

describe("markovChain", () => {
  it("has the steady state and the mean first passage times of the incomes of the US", () => {
    const periods = incomes();
    const none = { n: 48, offsets: new Int32Array(49), neighbors: new Int32Array(0) };
    const { chain } = spatialMarkov(periods, none, { k: 5 });
    assert.deepEqual(chain.transitions, [
      [729, 71, 1, 0, 0],
      [72, 567, 80, 3, 0],
      [0, 81, 631, 86, 2],
      [0, 3, 86, 573, 56],
      [0, 0, 1, 57, 741],
    ]);
    allClose(chain.steadyState!, [0.20774716, 0.18725774, 0.20740537, 0.18821787, 0.20937187], 1e-8);
    // rounded; the next test holds such times to the equations that define them
    const known = [
      [4.81354357, 11.50292712, 29.60921231, 53.38594954, 103.59816743],
      [42.04774505, 5.34023324, 18.74455332, 42.50023268, 92.71316899],
      [69.25849753, 27.21075248, 4.82147603, 25.27184624, 75.43305672],
      [84.90689329, 42.85914824, 17.18082642, 5.31299186, 51.60953369],
      [98.41295543, 56.36521038, 30.66046735, 14.21158356, 4.77619083],
    ];
    chain.firstMeanPassageTimes!.forEach((times, i) => allClose(times, known[i]!, 1e-8));
    const stayed = 729 / 801 + 567 / 722 + 631 / 800 + 573 / 718 + 741 / 799;
    close(chain.shorrocks, (5 - stayed) / 4);
  });

  it("solves the equations of steady states and passage times, also where probabilities are very unequal", () => {
    const random = generator(7);
    for (const k of [2, 3, 7, 20]) {
      const counts = Array.from({ length: k }, (_, i) =>
        Array.from({ length: k }, (_, j) => (i === j ? 1e9 : Math.ceil(10 ** (6 * random())))),
      );
      const { probabilities: p, steadyState, firstMeanPassageTimes: m } = markovChain(counts);
      close(
        steadyState!.reduce((sum, share) => sum + share, 0),
        1,
        1e-14,
      );
      for (let j = 0; j < k; j++) {
        const entered = p.reduce((sum, row, i) => sum + steadyState![i]! * row[j]!, 0);
        close(entered, steadyState![j]!, 1e-13);
        close(m![j]![j]!, 1 / steadyState![j]!, 1e-11);
        for (let i = 0; i < k; i++) {
          const next = p[i]!.reduce((sum, share, l) => sum + (l === j ? 0 : share * m![l]![j]!), 1);
          close(m![i]![j]!, next, 1e-12);
        }
      }
    }
  });

  it("has no steady state where the end depends on the start, and no passage times where a class is not entered again", () => {
    const two = markovChain([
      [3, 0],
      [0, 5],
    ]);
    assert.equal(two.steadyState, undefined);
    assert.equal(two.firstMeanPassageTimes, undefined);
    assert.equal(two.shorrocks, 0);
    const absorbing = markovChain([
      [1, 1, 0],
      [0, 2, 2],
      [0, 0, 4],
    ]);
    assert.deepEqual(absorbing.steadyState, [0, 0, 1]);
    assert.equal(absorbing.firstMeanPassageTimes, undefined);
    const unseen = markovChain([
      [1, 1, 0],
      [1, 3, 0],
      [0, 0, 0],
    ]);
    allClose(unseen.steadyState!, [1 / 3, 2 / 3, 0]);
    assert.ok(Number.isNaN(unseen.shorrocks) && Number.isNaN(unseen.probabilities[2]![2]!));
    const onward = markovChain([
      [1, 1],
      [0, 0],
    ]);
    assert.equal(onward.steadyState, undefined);
    assert.equal(
      markovChain([
        [0, 0],
        [0, 0],
      ]).steadyState,
      undefined,
    );
  });

  it("refuses what are no counts", () => {
    const wrong = failure("INVALID_PARAMETER", /k rows of k counts/);
    assert.throws(() => markovChain([[1]]), wrong);
    assert.throws(() => markovChain([[1, 2], [3]]), wrong);
    assert.throws(
      () =>
        markovChain([
          [1, 2],
          [3, -1],
        ]),
      wrong,
    );
    assert.throws(
      () =>
        markovChain([
          [1, 2],
          [3, NaN],
        ]),
      wrong,
    );
  });
});

describe("homogeneity", () => {
  it("is the chi-squared and likelihood ratio statistic of a table, worked out for two chains of two classes", () => {
    // row 1: 10 of 20 and 5 of 20 stay, 15 of 40 pooled; row 2 is seen in the first chain only
    const { q, likelihoodRatio } = homogeneity([
      [
        [10, 10],
        [4, 6],
      ],
      [
        [5, 15],
        [0, 0],
      ],
    ]);
    close(q.statistic, (2 * 2.5 ** 2) / 7.5 + (2 * 2.5 ** 2) / 12.5);
    assert.equal(q.df, 1);
    const ratio =
      2 * (10 * Math.log(10 / 7.5) + 10 * Math.log(10 / 12.5) + 5 * Math.log(5 / 7.5) + 15 * Math.log(15 / 12.5));
    close(likelihoodRatio.statistic, ratio);
    assert.equal(likelihoodRatio.df, 1);
    // the upper tail of chi-squared on one degree of freedom at 8 / 3
    close(q.p, 0.10247043485974927, 1e-9);
  });

  it("leaves cells that nobody came to out of the degrees of freedom, and is NaN without any", () => {
    const chain = [
      [3, 4, 0],
      [2, 2, 0],
      [0, 0, 0],
    ];
    assert.equal(homogeneity([chain, chain, chain]).q.df, 4);
    close(homogeneity([chain, chain]).q.p, 1);
    const alone = homogeneity([chain]);
    assert.deepEqual([alone.q.df, alone.q.statistic, alone.likelihoodRatio.p], [0, NaN, NaN]);
  });
});

describe("rankMobility", () => {
  const none = (n: number): Weights => ({ n, offsets: new Int32Array(n + 1), neighbors: new Int32Array(0) });

  it("is Kendall's tau-b with ties, as giddy and scipy document it", () => {
    const tau = (x: number[], y: number[]): number =>
      rankMobility(Float64Array.from(x), Float64Array.from(y), none(x.length)).tau;
    close(tau([12, 2, 1, 12, 2], [1, 4, 7, 1, 0]), -0.47140452079103173);
    const x = [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1];
    const y = [1, 4, 7, 1, 1, 3, 1, 6, 7, 7, 3, 6, 2, 7, 2, 8];
    close(tau(x, y), 0.15494494670022804);
    close(tau(y, x), 0.15494494670022804);
    assert.ok(Number.isNaN(tau([1, 1, 1], [1, 2, 3])));
    assert.ok(Number.isNaN(rankMobility(Float64Array.of(1, 2), Float64Array.of(1, 2), none(2)).tauSpatial));
  });

  it("is what all pairs say, or all pairs of a location and a neighbor", () => {
    const random = generator(12);
    for (const steps of [3, 40, 1e9]) {
      const n = 150;
      const [x, y] = [0, 1].map(() => uniform(n, random).map((value) => Math.floor(value * steps)));
      const w = scattered(n, [1, 3], random);
      const all = Array.from({ length: n }, (_, i) => Array.from({ length: i }, (_, j) => [i, j] as const)).flat();
      const near = Array.from({ length: n }, (_, i) => Array.from(row(w, i).neighbors, (j) => [i, j] as const)).flat();
      const tauOf = (pairs: (readonly [number, number])[]): number => {
        const signs = pairs.map(([i, j]) => [Math.sign(x![i]! - x![j]!), Math.sign(y![i]! - y![j]!)] as const);
        const count = (of: (dx: number, dy: number) => number): number =>
          signs.reduce((sum, [dx, dy]) => sum + of(dx, dy), 0);
        return count((dx, dy) => dx * dy) / Math.sqrt(count((dx) => dx * dx) * count((_, dy) => dy * dy));
      };
      const { tau, tauSpatial } = rankMobility(x!, y!, w);
      close(tau, tauOf(all), 1e-14);
      close(tauSpatial, tauOf(near), 1e-14);
    }
  });

  it("refuses values of others, and what is no number", () => {
    const two = Float64Array.of(1, 2);
    assert.throws(() => rankMobility(two, two, none(3)), failure("INVALID_WEIGHTS", /3 locations, .* 2 values/));
    assert.throws(() => rankMobility(two, Float64Array.of(1, NaN), none(2)), failure("INVALID_PARAMETER", /NaN/));
  });
});

describe("spatialMarkov", () => {
  it("is what the definition says, with islands, ties and weights of many sizes", () => {
    for (const [seed, n, k, whole] of [
      [1, 60, 3, false],
      [2, 75, 5, true],
      [3, 40, 7, false],
      [4, 200, 20, true],
    ] as const) {
      const random = generator(seed);
      const w = scattered(n, [1, 2, 4], random);
      const periods = Array.from({ length: 6 }, () =>
        uniform(n, random).map((value) => (whole ? Math.floor(value * 50) : value)),
      );
      isTwin(spatialMarkov(periods, w, { k }), twin(periods, w, k));
    }
  });

  it("counts all moves in the chain of all, and those with a lag in the chains by lag", () => {
    const random = generator(5);
    const w = scattered(50, [3], random);
    const { chain, lagChains } = spatialMarkov([uniform(50, random), uniform(50, random)], w, { k: 4 });
    const total = (counts: number[][]): number => counts.flat().reduce((sum, count) => sum + count, 0);
    assert.equal(total(chain.transitions), 50);
    assert.equal(
      lagChains.reduce((sum, { transitions }) => sum + total(transitions), 0),
      49,
    );
  });

  it("takes lags that differ by rounding only as equal", () => {
    // the same three values, whose sum depends on the order in the last bit
    const y = Float64Array.of(0.1, 0.2, 0.3, 0.1, 0.2, 0.3);
    const offsets = Int32Array.of(0, 3, 6, 9, 12, 15, 18);
    const neighbors = Int32Array.of(3, 4, 5, 5, 4, 3, 4, 3, 5, 0, 1, 2, 2, 1, 0, 1, 0, 2);
    const { lagClasses } = spatialMarkov([y, y], { n: 6, offsets, neighbors }, { k: 2 });
    assert.deepEqual([...lagClasses], [1, 1, 1, 1, 1, 1]);
  });

  it("says in how many periods equal values leave classes empty", () => {
    const constant = new Float64Array(20).fill(3);
    const rising = Float64Array.from(constant.keys());
    const w = knn(rising, constant, { k: 2 });
    const { classes, chain, periodsWithEmpty } = spatialMarkov([constant, rising], w, { k: 4 });
    assert.deepEqual(periodsWithEmpty, { classes: 1, lagClasses: 1 });
    assert.deepEqual(chain.transitions[0], [5, 5, 5, 5]);
    assert.deepEqual([...classes.subarray(0, 6)], [1, 1, 1, 1, 1, 2]);
  });

  it("permutes with its rows", () => {
    const random = generator(6);
    const [xs, ys] = [uniform(90, random), uniform(90, random)];
    const periods = Array.from({ length: 4 }, () => uniform(90, random));
    const order = Array.from({ length: 90 }, (_, i) => (i * 37) % 90);
    const permuted = (values: Float64Array): Float64Array => Float64Array.from(order, (i) => values[i]!);
    const first = spatialMarkov(periods, knn(xs, ys, { k: 4 }));
    const second = spatialMarkov(periods.map(permuted), knn(permuted(xs), permuted(ys), { k: 4 }));
    assert.deepEqual(second.chain, first.chain);
    assert.deepEqual(second.trend, permuted(first.trend));
  });

  it("refuses one period, periods of other lengths, numbers that are none, fewer places than classes, and other k", () => {
    const y = Float64Array.of(1, 2, 3, 4, 5);
    const w = knn(y, y, { k: 2 });
    assert.throws(() => spatialMarkov([y], w), failure("INVALID_PARAMETER", /1 periods, at least 2/));
    assert.throws(() => spatialMarkov([y, y.subarray(1)], w), failure("INVALID_WEIGHTS", /periods\[1\] has 4 values/));
    assert.throws(
      () => spatialMarkov([y, Float64Array.of(1, 2, NaN, 4, 5)], w),
      failure("INVALID_PARAMETER", /periods\[1\]\[2\] is NaN/),
    );
    assert.throws(() => spatialMarkov([y, y], w, { k: 6 }), failure("TOO_FEW_ROWS", /5 locations, fewer than the 6/));
    for (const k of [1, 21, 2.5])
      assert.throws(() => spatialMarkov([y, y], w, { k }), failure("INVALID_PARAMETER", /from 2 to 20/));
  });
});
