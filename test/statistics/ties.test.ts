import assert from "node:assert/strict";
import {
  ebStandardized,
  geary,
  gearyLocal,
  gearyLocalMv,
  getisOrd,
  getisOrdLocal,
  joinCounts,
  joinCountsLocal,
  lee,
  leeLocal,
  moran,
  moranBv,
  moranLocal,
  moranLocalBv,
  type Inference,
  type SumInference,
  type Weights,
} from "#dist/index.js";
import { centered, Rational } from "../support/rational.js";
import { arrangements, subsets } from "../support/subsets.js";

const PERMUTATIONS = 20_000;
const zero = Rational.of(0);

/** Each location's k neighbors are those that follow it. */
function ring(n: number, k: number, weights?: (place: number) => number): Weights {
  const offsets = Int32Array.from({ length: n + 1 }, (_, i) => i * k);
  const neighbors = Int32Array.from({ length: n * k }, (_, q) => (Math.floor(q / k) + 1 + (q % k)) % n);
  return { n, offsets, neighbors, ...(weights && { weights: Float64Array.from(neighbors, (_, q) => weights(q % k)) }) };
}

/** Values that made rounding decide, by what is hard in them. The neighbors of a ring are next to each other. */
const hard: [what: string, values: number[]][] = [
  ["tiny counts", [1, 1, 2, 1, 2, 1, 1, 1, 2]],
  ["zeros and ones", [0, 0, 1, 0, 0, 1, 0, 0, 1]],
  ["decimals whose sums tie", [0.1, 0.2, 0.3, 0.3, 0.6, 0.1, 0.7, 0.2, 0.4]],
  ["the same on a large offset", [0.25, 0.5, 0.75, 0.75, 1.5, 0.25, 1.75, 0.5, 1].map((value) => 1e7 + value)],
  ["one value of 1e5 standard deviations", [0.3, -0.7, 1.1, 0.2, 1e5, -1.3, 0.8, 0.1, -0.4]],
  ["one value of 1e6 standard deviations among counts", [1, 0, 2, 1, 1e6, 0, 2, 3, 1]],
  ["two values of 1e6 standard deviations that cancel", [1, -1e6, 2, 1, 1e6, 0, 2, 3, 1]],
];

/**
 * Of all values that are equally likely, the share at least and at most the observed one; they tie where they are
 * equal.
 */
function shares(observed: Rational, values: Rational[]): { greater: number; lesser: number } {
  const signs = values.map((value) => value.minus(observed).sign());
  return {
    greater: signs.filter((sign) => sign >= 0).length / values.length,
    lesser: signs.filter((sign) => sign <= 0).length / values.length,
  };
}

const agree = (actual: number, share: number, what: string): void => {
  const error = Math.sqrt((share * (1 - share)) / PERMUTATIONS);
  assert.ok(Math.abs(actual - share) <= 5 * error + 1.5 / PERMUTATIONS, `${what}: p ${actual} should be ${share}`);
};

type Local = (options: SumInference) => { p: Float64Array };

/** Compares p-values of every location with those of every draw of its neighbors, in exact arithmetic. */
function enumerate(w: Weights, statistic: (i: number, ids: number[]) => Rational | undefined, ours: Local): void {
  for (const inference of [
    { inference: "permutation", draws: "shared" },
    { inference: "permutation", draws: "independent" },
    { inference: "auto" },
  ] as const) {
    const [greater, lesser] = (["greater", "lesser"] as const).map(
      (alternative) => ours({ ...inference, permutations: PERMUTATIONS, seed: 7, alternative }).p,
    );
    for (let i = 0; i < w.n; i++) {
      const ids = [...w.neighbors.subarray(w.offsets[i], w.offsets[i + 1])];
      const others = [...Array(w.n).keys()].filter((j) => j !== i);
      const observed = statistic(i, ids);
      if (!observed) continue;
      const draw = w.weights ? arrangements : subsets;
      const all = [...draw(others, ids.length)].map((chosen) => statistic(i, chosen)!);
      const expected = shares(observed, all);
      const how = Object.values(inference).join();
      agree(greater![i]!, expected.greater, `location ${i}, greater, ${how}`);
      agree(lesser![i]!, expected.lesser, `location ${i}, lesser, ${how}`);
    }
  }
}

describe("ties", () => {
  for (const [what, values] of hard) {
    const y = Float64Array.from(values);
    const other = Float64Array.from(values, (_, i) => values[(i * 4) % values.length]!);
    // decimals are what they are written as
    const exact = (all: Float64Array): Rational[] =>
      centered(all.map((value) => Math.round(value * 100))).map((value) => value.over(Rational.of(100)));
    const [d, e] = [exact(y), exact(other)];
    const n = values.length;
    const kinds: [string, Weights][] = [
      ["equal weights", ring(n, 3)],
      ["unequal weights", ring(n, 3, (place) => [1, 2, 1][place]!)],
    ];
    for (const [kind, w] of kinds) {
      const lag = (z: Rational[], ids: number[]): Rational =>
        Rational.sum(ids.map((j, q) => z[j]!.times(Rational.of(w.weights?.[q] ?? 1))));
      const difference = (z: Rational[], i: number, j: number): Rational =>
        z[i]!.minus(z[j]!).times(z[i]!.minus(z[j]!));

      it(`of local statistics are those of exact arithmetic (${what}, ${kind})`, () => {
        enumerate(
          w,
          (i, ids) => d[i]!.times(lag(d, ids)),
          (options) => moranLocal(y, w, options),
        );
        enumerate(
          w,
          (i, ids) => d[i]!.times(lag(e, ids)),
          (options) => moranLocalBv(y, other, w, options),
        );
        enumerate(
          w,
          (i, ids) =>
            lag(
              d.map((_, j) => difference(d, i, j)),
              ids,
            ),
          (options) => gearyLocal(y, w, options),
        );
        enumerate(
          w,
          (_, ids) => lag(d, ids).times(lag(e, ids)),
          (options) => leeLocal(y, other, w, options),
        );
        if (values.every((value) => value >= 0)) {
          enumerate(
            w,
            (_, ids) => lag(d, ids),
            (options) => getisOrdLocal(y, w, { ...options, star: true }),
          );
        }
        const high = y.map((value) => Number(value > values[0]!));
        if (high.includes(1)) {
          const ones = Array.from(high, (value) => Rational.of(value));
          enumerate(
            w,
            (i, ids) => (high[i] === 1 ? lag(ones, ids) : undefined),
            (options) => joinCountsLocal(high, w, options),
          );
        }
      });
    }

    it(`of several variables and of global statistics are those of exact arithmetic (${what})`, () => {
      const [first, second] = [y.subarray(0, 7), Float64Array.of(3, 1, 2, 2, 5, 1, 4)];
      const [a, b] = [exact(first), exact(second)];
      const w = ring(7, 2);
      const square = (z: Rational[], i: number, j: number): Rational => z[i]!.minus(z[j]!).times(z[i]!.minus(z[j]!));
      const [varA, varB] = [a, b].map((z) => Rational.sum(z.map((value) => value.times(value))));
      enumerate(
        w,
        (i, ids) =>
          Rational.sum(
            ids.map((j) =>
              square(a, i, j)
                .over(varA!)
                .plus(square(b, i, j).over(varB!)),
            ),
          ),
        (options) => gearyLocalMv([first, second], w, options),
      );
      const orders = [...arrangements([0, 1, 2, 3, 4, 5, 6], 7)];
      const pairs = Array.from({ length: 7 }, (_, i) => [1, 2].map((step) => [i, (i + step) % 7] as const)).flat();
      const over = (
        products: (i: number, j: number, order: number[]) => Rational,
        ours: (o: Inference) => { pSim: number },
      ): void => {
        const of = (order: number[]): Rational => pairs.reduce((sum, [i, j]) => sum.plus(products(i, j, order)), zero);
        const expected = shares(of([0, 1, 2, 3, 4, 5, 6]), orders.map(of));
        for (const alternative of ["greater", "lesser"] as const) {
          const { pSim } = ours({ permutations: PERMUTATIONS, seed: 7, alternative });
          agree(pSim, expected[alternative], alternative);
        }
      };
      over(
        (i, j, order) => a[order[i]!]!.times(a[order[j]!]!),
        (options) => moran(first, w, options),
      );
      over(
        (i, j, order) => square(a, order[i]!, order[j]!),
        (options) => geary(first, w, options),
      );
      over(
        (i, j, order) => a[i]!.times(b[order[j]!]!),
        (options) => moranBv(first, second, w, options),
      );
      const lags = (order: number[]): Rational => {
        const lag = (z: Rational[], i: number): Rational => z[order[(i + 1) % 7]!]!.plus(z[order[(i + 2) % 7]!]!);
        return order.reduce((sum, _, i) => sum.plus(lag(a, i).times(lag(b, i))), zero);
      };
      const expected = shares(lags([0, 1, 2, 3, 4, 5, 6]), orders.map(lags));
      for (const alternative of ["greater", "lesser"] as const) {
        const { pSim } = lee(first, second, w, { permutations: PERMUTATIONS, seed: 7, alternative });
        agree(pSim, expected[alternative], `lee, ${alternative}`);
      }
      if (first.every((value) => value >= 0)) {
        const raw = Array.from(first, (value) => Rational.of(Math.round(value * 100)));
        over(
          (i, j, order) => raw[order[i]!]!.times(raw[order[j]!]!),
          (options) => getisOrd(first, w, options),
        );
      }
      const high = first.map((value) => Number(value > values[0]!));
      if (high.includes(1)) {
        over(
          (i, j, order) => Rational.of(high[order[i]!]! * high[order[j]!]!),
          (options) => joinCounts(high, w, options).bb,
        );
      }
    });
  }

  it("are none of draws that differ by little where a value is far away from all", () => {
    // 1e6 standard deviations of the others: without the outlier itself, no two draws have the same statistic
    const y = Float64Array.of(0.3141, -0.7265, 1.1329, 0.2473, 1e6, -1.3587, 0.8614, 0.1701, -0.4896);
    const w = ring(9, 3);
    for (const statistic of [moranLocal, gearyLocal]) {
      const [greater, lesser] = (["greater", "lesser"] as const).map(
        (alternative) => statistic(y, w, { inference: "permutation", permutations: PERMUTATIONS, alternative }).p,
      );
      // of 56 draws only the observed set itself ties
      for (let i = 0; i < 9; i++) agree(greater![i]! + lesser![i]! - 1, 1 / 56, `location ${i}`);
    }
  });
});

describe("values and lags that equal the mean", () => {
  it("are Low, in decimals too, for Moran, Geary and Lee", () => {
    for (const counts of [
      [1, 1, 2],
      [0, 0, 1],
      [0.1, 0.1, 0.2],
      [1e7 + 0.25, 1e7 + 0.25, 1e7 + 0.5],
    ]) {
      for (const size of [27, 129]) {
        const y = Float64Array.from({ length: size }, (_, i) => counts[i % 3]!);
        const w = ring(size, 3);
        const { highLag } = moranLocal(y, w, { permutations: 0 });
        assert.ok(
          highLag.every((high) => high === 0),
          `${counts.join()} of ${size}: a lag is High`,
        );
        assert.ok(gearyLocal(y, w, { permutations: 0 }).highLag[0]!.every((high) => high === 0));
        const lagged = leeLocal(y, y.toReversed(), w, { permutations: 0 });
        assert.ok([...lagged.highX, ...lagged.highY].every((high) => high === 0));
      }
    }
    // rates of equal bases are counts, and a rate equal to that of all is Low
    const events = Float64Array.from({ length: 27 }, (_, i) => [7, 7, 8][i % 3]!);
    const base = new Float64Array(27).fill(1000);
    const { high: above, highLag } = moranLocal(ebStandardized(events, base), ring(27, 3), { permutations: 0 });
    assert.deepEqual([...highLag], [...events].fill(0));
    assert.deepEqual(
      [...above],
      Array.from(events, (count) => Number(count === 8)),
    );
    const { high, p, zScore } = moranLocal(Float64Array.of(0.1, 0.2, 0.3, 0.2), ring(4, 2), { permutations: 99 });
    assert.deepEqual([...high], [0, 0, 1, 0]);
    // the statistic is 0 whatever is drawn
    assert.deepEqual([p[1], zScore[1]], [1, NaN]);
  });

  it("do not make those High or Low that are barely beside it", () => {
    const y = Float64Array.of(-1, 1, 1e-9, -1e-9);
    assert.deepEqual([...moranLocal(y, ring(4, 2), { permutations: 0 }).high], [0, 1, 1, 0]);
  });
});
