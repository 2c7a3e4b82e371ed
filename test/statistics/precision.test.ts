import assert from "node:assert/strict";
import {
  geary,
  gearyLocal,
  getisOrd,
  getisOrdLocal,
  joinCounts,
  lee,
  leeLocal,
  losh,
  moran,
  moranLocal,
  transform,
  type Weights,
} from "#dist/index.js";
import { standardised } from "#dist/statistics/standardise.js";
import { centered, mean, moments, Rational, scoreAmong } from "../support/rational.js";
import { arrangements, subsets } from "../support/subsets.js";

const one = Rational.of(1);
const squared = (value: Rational): Rational => value.times(value);
const exact = (values: ArrayLike<number>): Rational[] => Array.from(values, (value) => Rational.of(value));
const root = (value: Rational): number => Math.sqrt(value.toNumber());

/** Equal to 1e-9, of numbers that are below 1 absolutely. */
function same(actual: number, expected: number, what: string): void {
  const error = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
  assert.ok(error <= 1e-9, `${what}: ${actual} should be ${expected}, off by ${error}`);
}

/** Location i has the k locations that follow it, or one less where i is odd. */
function ring(n: number, k: number): Weights {
  const rows = Array.from({ length: n }, (_, i) => Array.from({ length: k - (i % 2) }, (_, q) => (i + 1 + q) % n));
  const offsets = Int32Array.from([0, ...rows.map((_, i) => rows.slice(0, i + 1).flat().length)]);
  const neighbors = Int32Array.from(rows.flat());
  return { n, offsets, neighbors, weights: new Float64Array(neighbors.length).fill(1) };
}

const rowOf = ({ offsets, neighbors }: Weights, i: number): number[] => [
  ...neighbors.subarray(offsets[i], offsets[i + 1]),
];

const usual = [0.37, 1.92, 0.15, 2.81, 1.13, 0.64, 1.77, 2.22, 0.98];
const cases: [what: string, values: number[]][] = [
  ["values around 1", usual],
  ["values of sd 1 on an offset of 1e6", usual.map((value) => 1e6 + value)],
  ["values of sd 1 on an offset of 1e9", usual.map((value) => 1e9 + value)],
  ["a value at 1e6 standard deviations of the others", usual.map((value, i) => (i === 3 ? 1e6 : value))],
  ["two such values", usual.map((value, i) => (i === 3 || i === 5 ? 1e6 + i : value))],
];

describe("closed forms keep nine digits", () => {
  for (const [what, values] of cases) {
    const y = Float64Array.from(values);
    const other = Float64Array.from(values, (_, i) => values[(i * 5 + 2) % values.length]!);

    it(`in standardised values (${what})`, () => {
      const d = centered(values);
      const sd = root(moments(d).variance);
      const { z } = standardised(y);
      d.forEach((value, i) => same(z[i]!, value.toNumber() / sd, `z of ${i}`));
    });

    it(`in local statistics and their z (${what})`, () => {
      const w = ring(9, 3);
      const [d, e] = [centered(y), centered(other)];
      const [varD, varE] = [d, e].map((values) => mean(values.map(squared))) as [Rational, Rational];
      const [i, g, star, c, l] = [
        moranLocal(y, w, { permutations: 0 }),
        getisOrdLocal(y, w, { permutations: 0 }),
        getisOrdLocal(y, w, { permutations: 0, star: true }),
        gearyLocal(y, w, { permutations: 0 }),
        leeLocal(y, other, w, { permutations: 0 }),
      ];
      for (let at = 0; at < 9; at++) {
        const ids = rowOf(w, at);
        const others = [...Array(9).keys()].filter((j) => j !== at);
        const draws = [...subsets(others, ids.length)];
        const lag = (z: Rational[], chosen: number[]): Rational => Rational.sum(chosen.map((j) => z[j]!));
        const apart = (chosen: number[]): Rational => Rational.sum(chosen.map((j) => squared(d[at]!.minus(d[j]!))));
        const both = (chosen: number[]): Rational => lag(d, chosen).times(lag(e, chosen));
        const check = (name: string, actual: number, of: (chosen: number[]) => Rational, sign = 1): void =>
          same(actual, sign * scoreAmong(of(ids), draws.map(of)), `${name} of ${at}`);
        check("z of I", i.zScore[at]!, (chosen) => lag(d, chosen), d[at]!.sign());
        check("z of G", g.zScore[at]!, (chosen) => lag(d, chosen));
        check("z of c", c.zScore[at]!, apart);
        check("z of L", l.zScore[at]!, both);
        same(i.localI[at]!, d[at]!.times(lag(d, ids)).over(varD).toNumber() * (8 / 9), `I of ${at}`);
        same(c.localC[at]!, apart(ids).over(varD).toNumber(), `c of ${at}`);
        const scale = Rational.sum(Array.from({ length: 9 }, (_, j) => Rational.of(rowOf(w, j).length ** 2)));
        const products = both(ids).times(Rational.of(9)).over(scale);
        same(l.localL[at]!, products.toNumber() / root(varD.times(varE)), `L of ${at}`);
        const around = [at, ...ids];
        const raw = exact(y);
        same(star.localG[at]!, lag(raw, around).over(Rational.sum(raw)).toNumber(), `G* of ${at}`);
        const all = subsets([...Array(9).keys()], around.length);
        same(
          star.zScore[at]!,
          scoreAmong(
            lag(d, around),
            [...all].map((chosen) => lag(d, chosen)),
          ),
          `z of G* of ${at}`,
        );
      }
    });

    it(`in global statistics and their z (${what})`, () => {
      const n = 6;
      const w = ring(n, 2);
      const [first, second] = [y.subarray(0, n), other.subarray(0, n)];
      const [d, e, raw] = [centered(first), centered(second), exact(first)];
      const pairs = Array.from({ length: n }, (_, i) => rowOf(w, i).map((j) => [i, j] as const)).flat();
      const orders = [...arrangements([...Array(n).keys()], n)];
      const sum = (term: (i: number, j: number) => Rational, order: number[]): Rational =>
        Rational.sum(pairs.map(([i, j]) => term(order[i]!, order[j]!)));
      const check = (name: string, actual: number, of: (order: number[]) => Rational): void =>
        same(actual, scoreAmong(of(orders[0]!), orders.map(of)), `z of ${name}`);
      const none = { permutations: 0 };
      const [i, c, g] = [moran(first, w, none), geary(first, w, none), getisOrd(first, w, none)];
      check("I", i.zRandom, (order) => sum((a, b) => d[a]!.times(d[b]!), order));
      check("C", c.zRandom, (order) => sum((a, b) => squared(d[a]!.minus(d[b]!)), order));
      check("G", g.zRandom, (order) => sum((a, b) => raw[a]!.times(raw[b]!), order));
      const variance = mean(d.map(squared));
      const s0 = Rational.of(pairs.length);
      const self = orders[0]!;
      same(
        i.i,
        sum((a, b) => d[a]!.times(d[b]!), self)
          .over(variance.times(s0))
          .toNumber(),
        "I",
      );
      const ofI = moments(orders.map((order) => sum((a, b) => d[a]!.times(d[b]!), order).over(variance.times(s0))));
      assert.ok(Math.abs(i.varianceRandom / ofI.variance.toNumber() - 1) <= 1e-9, "variance of I");
      const total = Rational.sum(raw.flatMap((a, p) => raw.filter((_, q) => q !== p).map((b) => a.times(b))));
      same(
        g.g,
        sum((a, b) => raw[a]!.times(raw[b]!), self)
          .over(total)
          .toNumber(),
        "G",
      );
      const lags = (order: number[]): Rational =>
        Rational.sum(
          Array.from({ length: n }, (_, at) => {
            const lag = (z: Rational[]): Rational => Rational.sum(rowOf(w, at).map((j) => z[order[j]!]!));
            return lag(d).times(lag(e));
          }),
        );
      check("L", lee(first, second, w, none).zRandom, lags);
      const high = first.map((value) => Number(value > 1.5));
      if (high.includes(0)) {
        const x = exact(high);
        const { bb, bw, ww } = joinCounts(high, w, none);
        check("BB", bb.z, (order) => sum((a, b) => x[a]!.times(x[b]!), order));
        check("BW", bw.z, (order) => sum((a, b) => squared(x[a]!.minus(x[b]!)), order));
        check("WW", ww.z, (order) => sum((a, b) => one.minus(x[a]!).times(one.minus(x[b]!)), order));
      }
    });

    it(`in local spatial heteroscedasticity (${what})`, () => {
      const w = transform(ring(9, 3), "R");
      const raw = exact(y);
      const residuals = raw.map((value, at) => squared(value.minus(mean(rowOf(w, at).map((j) => raw[j]!)))));
      const { h } = losh(y, w);
      residuals.forEach((_, at) => {
        const around = mean(rowOf(w, at).map((j) => residuals[j]!));
        same(h[at]!, around.over(mean(residuals)).toNumber(), `H of ${at}`);
      });
    });
  }
});

describe("where every draw has the same statistic", () => {
  /** Every location has all others, weighing the same. */
  const complete = (n: number): Weights => {
    const neighbors = Int32Array.from({ length: n * (n - 1) }, (_, q) => {
      const [i, j] = [Math.floor(q / (n - 1)), q % (n - 1)];
      return j < i ? j : j + 1;
    });
    return { n, offsets: Int32Array.from({ length: n + 1 }, (_, i) => i * (n - 1)), neighbors };
  };

  it("z is null, p is 1 and variances are 0, whatever the values, the number of locations and the weights", () => {
    for (let n = 4; n <= 40; n += 3) {
      const [x, y] = [2.3, 5.7].map((step) => Float64Array.from({ length: n }, (_, i) => ((i * step) % 7) + 0.1));
      for (const to of ["R", "B", "D", "V"] as const) {
        const w = transform(complete(n), to);
        const options = { permutations: 99 };
        const nothing = (z: Float64Array, what: string): void =>
          assert.ok(z.every(Number.isNaN), `${what}, ${n}, ${to}: ${z.join()}`);
        for (const draws of ["shared", "independent"] as const) {
          for (const local of [
            moranLocal(x!, w, { ...options, draws }),
            gearyLocal(x!, w, { ...options, draws }),
            getisOrdLocal(x!, w, { ...options, draws }),
            getisOrdLocal(x!, w, { ...options, draws, star: true }),
            leeLocal(x!, y!, w, { ...options, draws }),
          ]) {
            nothing(local.zScore, "z");
            assert.ok(local.p.every((p) => p === 1));
          }
        }
        const high = x!.map((value) => Number(value > 3));
        const { bb, bw, ww } = joinCounts(high, w, options);
        for (const { z, zSim, pSim, variance } of [bb, bw, ww])
          assert.deepEqual([z, zSim, pSim, variance], [NaN, NaN, 1, 0]);
        for (const { zRandom, varianceRandom, zSim, pSim } of [
          moran(x!, w, options),
          geary(x!, w, options),
          getisOrd(x!, w, options),
          lee(x!, y!, w, options),
        ]) {
          assert.deepEqual([zRandom, varianceRandom, zSim, pSim], [NaN, 0, NaN, 1]);
        }
        assert.deepEqual([moran(x!, w, options).varianceNormal, geary(x!, w, options).varianceNormal], [0, 0]);
      }
    }
  });
});
