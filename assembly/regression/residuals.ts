import { weightAt } from "../shared/weight-at";

/** Writes the influence of each row, its element on the diagonal of the hat matrix: the squares of a basis' row. */
export function influence(basis: Float64Array, n: i32, k: i32, influences: Float64Array): void {
  for (let m = 0; m < k; m++) {
    const vector = m * n;
    for (let i = 0; i < n; i++) unchecked((influences[i] += basis[vector + i] * basis[vector + i]));
  }
}

/** The largest log-likelihood of normal errors: their variance is then rss / n. */
export function logLikelihood(n: f64, rss: f64): f64 {
  return -0.5 * n * (Math.log(2.0 * Math.PI) + Math.log(rss / n) + 1.0);
}

export function log(value: f64): f64 {
  return Math.log(value);
}

/** Adds (W + W')v to sums, v being a vector of a basis; without `weights` each neighbor counts 1 / cardinality. */
export function addLagsBothWays(
  values: Float64Array,
  vector: i32,
  offsets: Int32Array,
  neighbors: Int32Array,
  weights: Float64Array | null,
  sums: Float64Array,
): void {
  const n = offsets.length - 1;
  const begin = vector * n;
  for (let i = 0; i < n; i++) {
    const end = unchecked(offsets[i + 1]);
    const cardinality = end - unchecked(offsets[i]);
    const own = unchecked(values[begin + i]);
    let lag = 0.0;
    for (let q = end - cardinality; q < end; q++) {
      const weight = weightAt(weights, q, cardinality);
      const j = unchecked(neighbors[q]);
      lag += weight * unchecked(values[begin + j]);
      unchecked((sums[j] += weight * own));
    }
    unchecked((sums[i] += lag));
  }
}
