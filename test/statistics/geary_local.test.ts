import assert from "node:assert/strict";
import { gearyLocalMv, knn } from "#dist/index.js";
import { close } from "../support/assertions.js";
import { generator } from "../support/random.js";
import { subsets } from "../support/subsets.js";

describe("local Geary's c of several variables", () => {
  const n = 9;
  const random = generator(5);
  const column = (): Float64Array => Float64Array.from({ length: n }, random);
  const weights = knn(column(), column(), { k: 3 });
  const far = column().map((value, i) => (i === 4 ? 1e4 : value));

  for (const [title, variables] of [
    ["two", [column(), column()]],
    ["three", [column(), column(), column()]],
    ["one value far away, in which the sums of powers cancel", [far, column()]],
  ] as const) {
    it(`has the z-score of all sets of neighbors there can be, of ${title}`, () => {
      const { z, localC, zScore } = gearyLocalMv([...variables], weights, { permutations: 0 });
      for (let i = 0; i < n; i++) {
        const others = Array.from({ length: n }, (_, j) => j).filter((j) => j !== i);
        const all = Array.from(subsets(others, 3), (drawn) => {
          let c = 0;
          for (const j of drawn) for (const x of z) c += (x[i]! - x[j]!) ** 2 / (3 * z.length);
          return c;
        });
        const mean = all.reduce((sum, c) => sum + c, 0) / all.length;
        const variance = all.reduce((sum, c) => sum + (c - mean) ** 2, 0) / all.length;
        close(zScore[i]!, (localC[i]! - mean) / Math.sqrt(variance), 1e-9);
      }
      assert.equal(zScore.length, n);
    });
  }
});
