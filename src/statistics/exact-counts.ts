import { equalWeights } from "../weights/transform.js";
import type { Weights } from "../weights/weights.js";
import { hypergeometricTails, type HypergeometricTails } from "./hypergeometric.js";
import type { InferredSums } from "./infer-sums.js";
import { lagOf } from "./lag.js";
import { pOfTails, type Alternative } from "./pseudo-p.js";

/**
 * Exact conditional inference for how many neighbors are 1: of k values drawn from all but the location's own, a
 * hypergeometric number.
 * @param ones f64 of shape (n,), 0 or 1
 * @param weights equal within each row
 * @param sign by location, 1, or NaN where there is no statistic
 */
export function exactCounts(
  ones: Float64Array,
  weights: Weights,
  alternative: Alternative,
  sign: Float64Array,
): InferredSums {
  const { n, offsets, neighbors } = weights;
  const equal = equalWeights(weights)!;
  const all = ones.reduce((sum, value) => sum + value, 0);
  // by whether the location is one of them, and by the number of neighbors
  const tails = [new Map<number, HypergeometricTails>(), new Map<number, HypergeometricTails>()] as const;
  function tailsOf(own: 0 | 1, k: number): HypergeometricTails {
    const known = tails[own].get(k);
    if (known) return known;
    const made = hypergeometricTails(n - 1, all - own, k);
    tails[own].set(k, made);
    return made;
  }
  const observed = lagOf({ n, offsets, neighbors }, ones);
  const p = new Float64Array(n).fill(NaN);
  for (let i = 0; i < n; i++) {
    const k = offsets[i + 1]! - offsets[i]!;
    const count = Math.round(observed[i]! * k);
    observed[i] = equal[i]! * count;
    if (k === 0 || Number.isNaN(sign[i])) continue;
    const { atLeast, atMost } = tailsOf(ones[i] === 1 ? 1 : 0, k);
    p[i] = pOfTails(atLeast[count]!, atMost[count]!, alternative);
  }
  return { observed, p, used: { inference: "exact", floor: 0, width: 0 } };
}
