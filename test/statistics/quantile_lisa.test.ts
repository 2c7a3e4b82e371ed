import assert from "node:assert/strict";
import { quantileLisa, type Weights } from "#dist/index.js";

/** Each location's neighbor is the next. */
const ring = (n: number): Weights => ({
  n,
  offsets: Int32Array.from({ length: n + 1 }, (_, i) => i),
  neighbors: Int32Array.from({ length: n }, (_, i) => (i + 1) % n),
});

describe("quantileLisa", () => {
  it("cuts quantiles by exact ranks: a value at a boundary is in the lower one, in decimals too", () => {
    // of 0, 1, ... parts every inner boundary is a value
    for (const parts of [3, 5, 7, 10, 29, 100]) {
      for (const scale of [1, 0.1, 0.07, 1e9 / 3]) {
        const y = Float64Array.from({ length: parts + 1 }, (_, i) => ((i * 71) % (parts + 1)) * scale);
        const order = [...y.keys()].sort((a, b) => y[a]! - y[b]!);
        for (let quantile = 1; quantile <= parts; quantile++) {
          const { inside } = quantileLisa([y], ring(parts + 1), { quantiles: parts, quantile, permutations: 0 });
          const ranks = order.flatMap((i, rank) => (inside[i] === 1 ? [rank] : []));
          assert.deepEqual(ranks, quantile === 1 ? [0, 1] : [quantile], `${quantile} of ${parts}, times ${scale}`);
        }
      }
    }
  });

  it("puts every value into one quantile, equal ones into the same", () => {
    const y = Float64Array.from({ length: 57 }, (_, i) => (i * i) % 11);
    const counts = new Float64Array(57);
    for (let quantile = 1; quantile <= 5; quantile++) {
      const { inside } = quantileLisa([y], ring(57), { quantiles: 5, quantile, permutations: 0 });
      inside.forEach((one, i) => (counts[i]! += one));
      for (const value of new Set(y)) {
        assert.equal(new Set([...inside].filter((_, i) => y[i] === value)).size, 1);
      }
    }
    assert.ok(counts.every((count) => count === 1));
  });
});
