import assert from "node:assert/strict";
import { hypergeometricChances, tailsOf } from "#dist/statistics/hypergeometric.js";
import { close } from "../support/assertions.js";
import { subsets } from "../support/subsets.js";

/** Ways to choose `count` of `size`. */
function ways(size: number, count: number): bigint {
  let product = 1n;
  for (let i = 0; i < count; i++) product = (product * BigInt(size - i)) / BigInt(i + 1);
  return count <= size ? product : 0n;
}

/** The quotient of two whole numbers of any size, to 16 digits however small it is. */
function quotient(part: bigint, whole: bigint): number {
  if (part === 0n) return 0;
  const digits = whole.toString().length - part.toString().length + 17;
  return Number(`${(part * 10n ** BigInt(digits)) / whole}e-${digits}`);
}

describe("hypergeometric tails", () => {
  it("are the shares of all draws", () => {
    for (const [population, draws] of [
      [1, 1],
      [6, 3],
      [9, 4],
      [11, 9],
    ] as const) {
      for (let ones = 0; ones <= population; ones++) {
        const items = Array.from({ length: population }, (_, i) => Number(i < ones));
        const counts = [...subsets(items, draws)].map((drawn) => drawn.reduce((sum, one) => sum + one, 0));
        const { atLeast, atMost } = tailsOf(hypergeometricChances(population, ones, draws));
        for (let x = 0; x <= draws; x++) {
          close(atLeast[x]!, counts.filter((count) => count >= x).length / counts.length, 1e-13);
          close(atMost[x]!, counts.filter((count) => count <= x).length / counts.length, 1e-13);
        }
      }
    }
  });

  it("keep 12 digits far out, at a million locations as well", () => {
    for (const [population, ones, draws] of [
      [999_999, 300_000, 64],
      [999_999, 12, 8],
      [999_999, 999_990, 40],
      [5000, 40, 700],
      [70, 35, 35],
    ] as const) {
      const all = ways(population, draws);
      const { atLeast, atMost } = tailsOf(hypergeometricChances(population, ones, draws));
      const chances = Array.from({ length: draws + 1 }, (_, x) => ways(ones, x) * ways(population - ones, draws - x));
      let sum = 0n;
      for (let x = draws; x >= 0; x--) {
        const expected = quotient((sum += chances[x]!), all);
        if (expected > 1e-290) close(atLeast[x]!, expected, 1e-12);
      }
      sum = 0n;
      for (let x = 0; x <= draws; x++) {
        const expected = quotient((sum += chances[x]!), all);
        if (expected > 1e-290) close(atMost[x]!, expected, 1e-12);
      }
    }
  });

  it("have one value where nothing can vary", () => {
    assert.deepEqual([...tailsOf(hypergeometricChances(5, 5, 3)).atLeast], [1, 1, 1, 1]);
    assert.deepEqual([...tailsOf(hypergeometricChances(5, 0, 3)).atMost], [1, 1, 1, 1]);
    assert.deepEqual([...tailsOf(hypergeometricChances(5, 0, 3)).atLeast], [1, 0, 0, 0]);
  });
});
