import { ofSum } from "./rounding.js";

/** The values that the neighbors of a location are drawn from, without replacement. */
export interface Pool {
  count: number;
  mean: number;
  /** Population variance, and below what sd it is rounding error. */
  variance: number;
  rounding: number;
}

/** A row of the weights: the number of neighbors, the sum of their weights and of the squares. */
export interface Row {
  k: number;
  sum: number;
  squares: number;
}

/**
 * Exact z-scores of sum_j w_ij x_j under conditional permutation, x drawn without replacement from a pool of m:
 * variance s^2 m (sum w^2 - (sum w)^2 / m) / (m - 1). Ord and Getis (1995), doi:10.1111/j.1538-4632.1995.tb00912.x;
 * Sokal, Oden and Thomson (1998), doi:10.1111/j.1538-4632.1998.tb00406.x. NaN where there are no neighbors or every
 * draw has the same sum.
 */
export function conditionalZ(observed: number, { count, mean, variance, rounding }: Pool, row: Row): number {
  const spread = spreadOf(row, count);
  if (spread === 0 || !(variance > rounding * rounding)) return NaN;
  return (observed - row.sum * mean) / Math.sqrt(variance * spread * (count / (count - 1)));
}

/** sum over the pool of (w - mean w)^2, those outside the row weighing 0; 0 where all of the pool weigh the same. */
export function spreadOf({ k, sum, squares }: Row, count: number): number {
  const spread = squares - (sum * sum) / count;
  return spread > ofSum(k, squares) ? spread : 0;
}
