import { equalWeights } from "../weights/transform.js";
import type { Weights } from "../weights/weights.js";
import { chancesOfSums, hypergeometricChances, tailsOf, type Tails } from "./hypergeometric.js";
import type { InferredSums } from "./infer-sums.js";
import { lagOf } from "./lag.js";
import { countOnes } from "./pools.js";
import { pOfTails, type Alternative } from "./pseudo-p.js";
import { exact } from "./rounding.js";
import { describeStrata, neighborsWithin, type Strata } from "./strata.js";

/**
 * Exact conditional inference for how many neighbors are 1: of k values drawn from all but the location's own, a
 * hypergeometric number; within strata, a sum of such.
 * @param ones f64 of shape (n,), 0 or 1
 * @param weights equal within each row
 * @param sign by location, 1, or NaN where there is no statistic
 */
export function exactCounts(
  ones: Float64Array,
  weights: Weights,
  strata: Strata | undefined,
  alternative: Alternative,
  sign: Float64Array,
): InferredSums {
  const { n, offsets, neighbors } = weights;
  const equal = equalWeights(weights)!;
  const counts = countOnes(ones, strata);
  // where all neighbors are of one stratum: by it, whether the location is in it and is 1, and their number
  const known = counts.map(() => [new Map<number, Tails>(), new Map<number, Tails>(), new Map<number, Tails>()]);
  const chancesOf = (i: number, stratum: number, k: number): Float64Array => {
    const { size, ones: all } = counts[stratum]!;
    const isOwn = !strata || strata.of[i] === stratum;
    return hypergeometricChances(size - Number(isOwn), isOwn ? all - ones[i]! : all, k);
  };
  function tailsAt(i: number): Tails {
    const parts = strata ? [...neighborsWithin(weights, strata, i)] : [];
    if (parts.length > 1) {
      return tailsOf(parts.map(([stratum, k]) => chancesOf(i, stratum, k)).reduce(chancesOfSums));
    }
    const [stratum, k] = parts[0] ?? [0, offsets[i + 1]! - offsets[i]!];
    const tails = known[stratum]![strata && strata.of[i] !== stratum ? 2 : ones[i]!]!;
    let found = tails.get(k);
    if (!found) tails.set(k, (found = tailsOf(chancesOf(i, stratum, k))));
    return found;
  }
  const observed = lagOf({ n, offsets, neighbors }, ones);
  const p = new Float64Array(n).fill(NaN);
  for (let i = 0; i < n; i++) {
    const k = offsets[i + 1]! - offsets[i]!;
    const count = Math.round(observed[i]! * k);
    observed[i] = equal[i]! * count;
    if (k === 0 || Number.isNaN(sign[i])) continue;
    const { atLeast, atMost } = tailsAt(i);
    p[i] = pOfTails(atLeast[count]!, atMost[count]!, alternative);
  }
  const said = describeStrata(ones, exact, weights, strata);
  return { observed, p, used: { inference: "exact", floor: 0, width: 0, ...(said && { strata: said }) } };
}
