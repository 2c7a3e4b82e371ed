import { equalWeights } from "../weights/transform.js";
import type { Weights } from "../weights/weights.js";

/** Sums of the weights of a row and of their squares. */
export function rowSums(w: Weights): { sum: Float64Array; squares: Float64Array } {
  const { n, offsets, weights } = w;
  const equal = equalWeights(w);
  const sum = new Float64Array(n);
  const squares = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const k = offsets[i + 1]! - offsets[i]!;
    if (equal) {
      sum[i] = weights ? k * equal[i]! : Number(k > 0);
      squares[i] = sum[i]! * equal[i]!;
      continue;
    }
    for (let q = offsets[i]!; q < offsets[i + 1]!; q++) {
      sum[i]! += weights![q]!;
      squares[i]! += weights![q]! * weights![q]!;
    }
  }
  return { sum, squares };
}

/**
 * Exact z-scores of sum_j w_ij x_j under conditional permutation, x drawn without replacement from `pool` values with the
 * given mean and mean square: variance s^2 (pool sum w^2 - (sum w)^2) / (pool - 1). Ord and Getis (1995),
 * doi:10.1111/j.1538-4632.1995.tb00912.x; Sokal, Oden and Thomson (1998), doi:10.1111/j.1538-4632.1998.tb00406.x.
 * NaN where there are no neighbors or no variance.
 */
export function conditionalZ(
  observed: number,
  pool: number,
  mean: number,
  meanSquare: number,
  sum: number,
  squares: number,
): number {
  const variance = (meanSquare - mean * mean) * ((pool * squares - sum * sum) / (pool - 1));
  // what is left where all of the pool are neighbors, or equal, is rounding error
  return variance > 1e-14 * meanSquare * squares ? (observed - sum * mean) / Math.sqrt(variance) : NaN;
}
