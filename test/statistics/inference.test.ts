import assert from "node:assert/strict";
import { getisOrdLocal, joinCountsLocal, moranLocal, moranLocalBv, quantileLisa, type Weights } from "#dist/index.js";
import { close, failure } from "../support/assertions.js";
import { normal } from "../support/distributions.js";
import { generator } from "../support/random.js";
import { subsets } from "../support/subsets.js";
import { row, scattered, uneven, weighted } from "../support/weights.js";

const without = (values: Iterable<number>, i: number): number[] => [...values].filter((_, j) => j !== i);
const sumOf = (y: ArrayLike<number>, ids: number[]): number => ids.reduce((sum, j) => sum + y[j]!, 0);

describe("inference of local statistics", () => {
  const random = generator(21);
  const n = 200;
  const y = Float64Array.from({ length: n }, () => Math.exp(normal(random)));
  const x = Float64Array.from({ length: n }, () => normal(random));
  const weights = scattered(n, [1, 4, 9], random);
  const binary: Weights = { ...weights, weights: new Float64Array(weights.neighbors.length).fill(1) };
  const high = y.map((value) => Number(value > 1.5));
  const statistics: Record<string, (options: object) => ReturnType<typeof moranLocal | typeof joinCountsLocal>> = {
    moranLocal: (options) => moranLocal(y, weights, options),
    moranLocalBv: (options) => moranLocalBv(x, y, weights, options),
    getisOrdLocal: (options) => getisOrdLocal(y, binary, options) as never,
    "getisOrdLocal, star": (options) => getisOrdLocal(y, binary, { ...options, star: true }) as never,
    joinCountsLocal: (options) => joinCountsLocal(high, binary, options),
    quantileLisa: (options) => quantileLisa([y], weights, { quantiles: 4, quantile: 4, ...options }),
  };
  for (const [name, statistic] of Object.entries(statistics)) {
    it(`of ${name} is the same from the distribution and from draws`, () => {
      for (const alternative of ["two-sided", "greater", "lesser", "directed"] as const) {
        const permutations = 20_000;
        const exact = statistic({ inference: "exact", alternative });
        const drawn = statistic({ inference: "permutation", permutations, alternative });
        assert.equal(exact.used.inference, "exact");
        assert.equal(drawn.used.inference, "permutation");
        for (let i = 0; i < n; i++) {
          const [p, q] = [exact.p[i]!, drawn.p[i]!];
          assert.equal(Number.isNaN(p), Number.isNaN(q), `location ${i}: ${p} and ${q}`);
          const error = Math.sqrt((2 * p * Math.max(0, 1 - p / 2)) / permutations);
          assert.ok(!(Math.abs(p - q) > 4.5 * error + 4 / permutations + 1e-3 * p), `location ${i}: ${q} for ${p}`);
        }
      }
    });
  }

  it("says by how much bins may have changed p: less than a thousandth for a hundred thousand locations", () => {
    const random = generator(14);
    const n = 100_000;
    const y = Float64Array.from({ length: n }, () => normal(random));
    const weights = scattered(n, [8], random);
    const { used, p } = moranLocal(y, weights, { inference: "exact" });
    assert.deepEqual([used.inference, used.floor], ["exact", 2e-12]);
    assert.ok(used.width > 0 && used.width < 1e-3, String(used.width));
    assert.ok(p.every((one, i) => (i === 5 ? Number.isNaN(one) : one >= used.floor && one <= 1)));
  });

  it("says little of bins where many values are zero and the others real", () => {
    const values = Float64Array.from({ length: 3000 }, () => (random() < 0.5 ? 0 : Math.exp(normal(random))));
    const { used } = moranLocal(values, scattered(3000, [8], random), { inference: "exact" });
    assert.ok(used.width > 0 && used.width < 0.05, String(used.width));
  });

  it("takes p down to 1e-12 for a cluster of large values, and no further", () => {
    const random = generator(15);
    const n = 50_000;
    const y = Float64Array.from({ length: n }, (_, i) => normal(random) + (i < 9 ? 4 : 0));
    const weights = scattered(n, [8], random);
    for (let q = 0; q < 8; q++) weights.neighbors[q] = q + 1;
    const { p } = moranLocal(y, weights, { inference: "exact", alternative: "greater" });
    assert.equal(p[0], 1e-12);
  });

  it("is the same on any number of threads and for any seed", () => {
    const one = moranLocal(y, weights, { inference: "exact" });
    assert.deepEqual(moranLocal(y, weights, { inference: "exact", threads: 2, seed: 5 }), one);
  });

  it("of join counts is that of all draws", () => {
    const few = 11;
    const ones = Float64Array.of(1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 1);
    const w = uneven(few, generator(3));
    const { p } = joinCountsLocal(ones, w, { inference: "exact" });
    for (let i = 0; i < few; i++) {
      const ids = row(w, i).neighbors;
      if (ones[i] === 0 || ids.length === 0) continue;
      const draws = [...subsets(without(ones, i), ids.length)].map((drawn) => sumOf(drawn, [...drawn.keys()]));
      close(p[i]!, draws.filter((sum) => sum >= sumOf(ones, ids)).length / draws.length, 1e-13);
    }
  });

  it("is exact with auto where it can be, and drawn where it cannot", () => {
    const unequal = weighted(weights, random);
    const many = scattered(n, [80], random);
    const used = (w: Weights): string => moranLocal(y, w, { inference: "auto", permutations: 99 }).used.inference;
    assert.equal(used(weights), "exact");
    assert.equal(used(unequal), "permutation");
    assert.equal(used(many), "permutation");
    assert.equal(joinCountsLocal(high, many, { inference: "auto" }).used.inference, "exact");
    assert.throws(
      () => moranLocal(y, unequal, { inference: "exact" }),
      failure("INVALID_PARAMETER", /weights differ within a row/),
    );
    assert.throws(
      () => moranLocal(y, many, { inference: "exact" }),
      failure("INVALID_PARAMETER", /more than 64 neighbors/),
    );
  });
});
