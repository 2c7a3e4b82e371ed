import assert from "node:assert/strict";
import { knn, type Weights } from "#dist/index.js";
import { conditional, pOfCounts, type Conditional, type Draws, type Statistic } from "#dist/statistics/crand.js";
import { standardised } from "#dist/statistics/standardise.js";
import { close } from "../support/assertions.js";
import { generator, uniform } from "../support/random.js";
import { row, uneven, weighted } from "../support/weights.js";

const n = 32;
const random = generator(71);
const y = standardised(Float64Array.from({ length: n }, () => Math.exp(2 * random()))).z;
const x = standardised(uniform(n, random)).z;
const equal = uneven(n, random);
const unequal = weighted(equal, random);
const binary: Weights = { ...equal, weights: new Float64Array(equal.neighbors.length).fill(1) };

const rounding = new Float64Array(n).fill(1e-12);

/** Squared differences as a form, without what is constant. */
function differences(...variables: Float64Array[]): Statistic {
  const squares = new Float64Array(n);
  for (const z of variables) z.forEach((value, i) => (squares[i]! += value * value));
  const coefficients = [...squares.keys()].flatMap((i) => [1, ...variables.map((z) => -2 * z[i]!)]);
  return { attributes: [squares, ...variables], coefficients: Float64Array.from(coefficients), rounding };
}

/** The statistic of location i whose neighbors are `ids`, said plainly. */
function plain(statistic: Statistic, i: number, ids: number[], weights: number[]): number {
  const { attributes, coefficients, product } = statistic;
  if (product) {
    const lag = (a: number): number =>
      ids.reduce((sum, id, j) => sum + weights[j]! * attributes[a]![id]!, coefficients![2 * i + a]!);
    return lag(0) * lag(1);
  }
  let sum = 0;
  ids.forEach((id, j) =>
    attributes.forEach((values, a) => {
      sum += weights[j]! * (coefficients?.[i * attributes.length + a] ?? 1) * values[id]!;
    }),
  );
  return sum;
}

/** The product of two lags, to which locations add something. */
const product: Statistic = { attributes: [y, x], coefficients: uniform(2 * n, random), product: true, rounding };

const cases: [what: string, statistic: Statistic, weights: Weights, draws: Draws][] = [
  ["sums, binary weights", { attributes: [y], rounding }, binary, "shared"],
  ["sums, unequal weights", { attributes: [y], rounding }, unequal, "shared"],
  ["squared differences, equal weights", differences(y), equal, "shared"],
  ["squared differences, unequal weights", differences(y), unequal, "shared"],
  ["squared differences of two variables", differences(y, x), equal, "shared"],
  ["squared differences of two variables, unequal weights", differences(y, x), unequal, "shared"],
  ["sums, independent draws", { attributes: [y], rounding }, equal, "independent"],
  ["sums, unequal weights, independent draws", { attributes: [y], rounding }, unequal, "independent"],
  ["squared differences of two variables, independent draws", differences(y, x), unequal, "independent"],
  ["products of lags, equal weights", product, equal, "shared"],
  ["products of lags, unequal weights", product, unequal, "shared"],
  ["products of lags, independent draws", product, equal, "independent"],
];

describe("conditional permutation", () => {
  for (const [what, statistic, weights, draws] of cases) {
    it(`counts extreme draws as fresh draws for every location do (${what})`, () => {
      const [permutations, seeds, trials] = [499, 100, 20_000];
      const first = conditional(statistic, weights, { permutations, draws, seed: 1 });
      const counts = { greater: new Float64Array(n), lesser: new Float64Array(n) };
      for (let seed = 1; seed <= seeds; seed++) {
        const drawn = conditional(statistic, weights, { permutations, draws, seed });
        for (let i = 0; i < n; i++) {
          counts.greater[i]! += drawn.greater[i]! / permutations / seeds;
          counts.lesser[i]! += drawn.lesser[i]! / permutations / seeds;
        }
      }
      let squares = 0;
      let compared = 0;
      for (let i = 0; i < n; i++) {
        const { neighbors, weights: weight } = row(weights, i);
        if (neighbors.length === 0) continue;
        const observed = plain(statistic, i, neighbors, weight);
        close(first.observed[i]!, observed, 1e-9 * Math.max(1, 1 / Math.abs(observed)));
        const pool = [...Array(n).keys()].filter((j) => j !== i);
        let [greater, lesser] = [0, 0];
        for (let trial = 0; trial < trials; trial++) {
          for (let j = 0; j < neighbors.length; j++) {
            const other = j + Math.floor(random() * (pool.length - j));
            [pool[j], pool[other]] = [pool[other]!, pool[j]!];
          }
          const value = plain(statistic, i, pool.slice(0, neighbors.length), weight);
          if (value >= observed - 1e-9) greater++;
          if (value <= observed + 1e-9) lesser++;
        }
        for (const [mean, q] of [
          [counts.greater[i]!, greater / trials],
          [counts.lesser[i]!, lesser / trials],
        ] as const) {
          if (q < 0.002 || q > 0.998) continue;
          const score = (mean - q) / Math.sqrt(q * (1 - q) * (1 / (seeds * permutations) + 1 / trials));
          assert.ok(Math.abs(score) < 4.5, `location ${i}: ${mean} should be ${q}, ${score} standard errors off`);
          squares += score * score;
          compared++;
        }
      }
      assert.ok(squares / compared < 1.8, `mean squared score ${squares / compared} over ${compared}`);
    });

    it(`gives the same bytes on one thread and on three (${what})`, () => {
      for (const stop of [0, 30]) {
        const drawn = (more: object): Conditional =>
          conditional(statistic, weights, { permutations: 40_001, draws, seed: 3, stop, ...more });
        assert.deepEqual(drawn({ threads: 3 }), drawn({}));
        assert.notDeepEqual(drawn({ seed: 4 }), drawn({}));
      }
    });

    it(`ends a location at the draw with which each tail that counts is full (${what})`, () => {
      const [permutations, stop] = [3000, 7];
      const after = (number: number): Conditional =>
        conditional(statistic, weights, { permutations: number, draws, seed: 5 });
      const all = after(permutations);
      for (const alternative of ["greater", "lesser", "two-sided"] as const) {
        const { greater, lesser, ...ended } = conditional(statistic, weights, {
          permutations,
          draws,
          seed: 5,
          stop,
          alternative,
        });
        const { greaterAt, lesserAt } = ended.stop!;
        for (let i = 0; i < n; i++) {
          if (weights.offsets[i] === weights.offsets[i + 1]) continue;
          for (const [tail, at, count] of [
            ["greater", greaterAt[i]!, greater[i]!],
            ["lesser", lesserAt[i]!, lesser[i]!],
          ] as const) {
            if (at > 0) {
              assert.deepEqual([after(at)[tail][i], after(at - 1)[tail][i]], [stop, stop - 1], `${tail} of ${i}`);
            } else if (alternative === tail || alternative === "two-sided") {
              assert.ok(count < stop);
              assert.equal(count, all[tail][i]);
            }
          }
        }
      }
    });
  }

  it("has the draws that it asks for, whatever the job before left", () => {
    const sums = { attributes: [y], rounding };
    const few = knn(x, y, { k: 3 });
    const asked = [
      [binary, 1, 199],
      [binary, 2, 199],
      [few, 2, 199],
      [few, 2, 99],
      [binary, 1, 199],
    ] as const;
    const drawn = asked.map(([weights, seed, permutations]) => conditional(sums, weights, { seed, permutations }));
    assert.deepEqual(drawn[4], drawn[0]);
    // threads share a memory of their own, in which nothing is kept
    for (const [i, [weights, seed, permutations]] of asked.entries()) {
      assert.deepEqual(conditional(sums, weights, { seed, permutations, threads: 2 }), drawn[i]);
    }
  });

  it("does not count draws for islands", () => {
    const { greater, lesser, observed } = conditional({ attributes: [y], rounding }, unequal, { permutations: 99 });
    assert.deepEqual([greater[4], lesser[4], observed[4]], [0, 0, 0]);
  });

  it("has p of the number of draws that it ended after, uniform where nothing is clustered", () => {
    const trials = 150;
    const ps: number[] = [];
    let drawn = 0;
    for (let trial = 0; trial < trials; trial++) {
      const z = standardised(uniform(n, random)).z;
      const weights = weighted(uneven(n, random), random);
      const options = { permutations: 999, draws: "independent", seed: trial, stop: 10 } as const;
      for (const alternative of ["greater", "two-sided"] as const) {
        const inferred = conditional({ attributes: [z], rounding }, weights, { ...options, alternative });
        const p = pOfCounts(inferred, weights, alternative);
        const { greaterAt, lesserAt } = inferred.stop!;
        p.forEach((value, i) => {
          if (Number.isNaN(value)) return;
          const tail = (at: number, count: number): number => (at > 0 ? 10 / at : (count + 1) / 1000);
          const [above, below] = [tail(greaterAt[i]!, inferred.greater[i]!), tail(lesserAt[i]!, inferred.lesser[i]!)];
          assert.equal(value, alternative === "greater" ? above : Math.min(1, 2 * Math.min(above, below)));
          if (alternative === "two-sided") return;
          ps.push(value);
          drawn += greaterAt[i]! || 999;
        });
      }
    }
    // the attained levels are those of Besag and Clifford: 10 / l, and less than 10 of a thousand
    for (const level of [0.01, 0.05, 0.1, 0.25, 0.5]) {
      const share = ps.filter((p) => p <= level).length / ps.length;
      const error = Math.sqrt((level * (1 - level)) / ps.length);
      assert.ok(Math.abs(share - level) < 4 * error + 0.01 * level, `${share} of p are at most ${level}`);
    }
    assert.ok(drawn / ps.length < 100, `${drawn / ps.length} draws a location`);
  });
});
