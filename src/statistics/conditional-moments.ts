import { ofSum } from "./rounding.js";

/** The values that neighbors of a location are drawn from, without replacement. */
export interface Pool {
  count: number;
  mean: number;
  /** Population variance, and below what sd it is rounding error. */
  variance: number;
  rounding: number;
}

/** Neighbors of a location: their number, the sum of their weights and of the squares. */
export interface Row {
  k: number;
  sum: number;
  squares: number;
}

/** Neighbors of a location that are drawn from one pool: all of them, or those of a stratum. */
export interface Part {
  row: Row;
  pool: Pool;
}

/**
 * Exact z-scores of sum_j w_ij x_j under conditional permutation, x drawn without replacement from a pool of m:
 * variance s^2 m (sum w^2 - (sum w)^2 / m) / (m - 1), means and variances of several pools adding up. Ord and Getis
 * (1995), doi:10.1111/j.1538-4632.1995.tb00912.x; Sokal, Oden and Thomson (1998),
 * doi:10.1111/j.1538-4632.1998.tb00406.x. NaN where there are no neighbors or every draw has the same sum.
 */
export function conditionalZ(observed: number, parts: readonly Part[]): number {
  let mean = 0;
  let square = 0;
  for (const { row, pool } of parts) {
    const { count, variance, rounding } = pool;
    mean += row.sum * pool.mean;
    const spread = spreadOf(row, count);
    if (spread > 0 && variance > rounding * rounding) square += variance * spread * (count / (count - 1));
  }
  return square > 0 ? (observed - mean) / Math.sqrt(square) : NaN;
}

/** sum over the pool of (w - mean w)^2, those outside the row weighing 0; 0 where all of the pool weigh the same. */
export function spreadOf({ k, sum, squares }: Row, count: number): number {
  const spread = squares - (sum * sum) / count;
  return spread > ofSum(k, squares) ? spread : 0;
}
