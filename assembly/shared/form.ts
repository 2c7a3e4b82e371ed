/**
 * Statistics that are weighted sums of several attributes of the neighbors:
 *
 *   statistic_i = sum_j w_ij sum_a c_ia x_a(j)
 *
 * with coefficients c of the location and attributes x of the neighbor. A spatial lag is one attribute with c = 1; Geary's
 * squared differences are the attributes z^2 and z with c = (1, -2 z_i), z_i^2 being constant. Without weights w is 1.
 */
import { Crand, prepare } from "./crand";

export class Formed extends Crand {
  /** Number of attributes; attributes[a * n + i] and coefficients[i * count + a]. */
  count: i32 = 0;
  attributes!: Float64Array;
  coefficients!: Float64Array;
  weights: Float64Array | null = null;
}

/** @param tolerance how far statistics that tie may differ, for a weight of 1 */
export function prepareForm(
  c: Formed,
  attributes: Float64Array,
  coefficients: Float64Array,
  offsets: Int32Array,
  neighbors: Int32Array,
  weights: Float64Array | null,
  tolerance: f64,
  threads: i32,
): void {
  const n = offsets.length - 1;
  prepare(c, offsets, threads);
  const count = attributes.length / n;
  c.count = count;
  c.attributes = attributes;
  c.coefficients = coefficients;
  c.weights = weights;
  for (let i = 0; i < n; i++) {
    let sum = 0.0;
    let heaviest = weights == null ? 1.0 : 0.0;
    for (let q = unchecked(offsets[i]); q < unchecked(offsets[i + 1]); q++) {
      const weight = weights == null ? 1.0 : unchecked(weights[q]);
      sum += weight * formOf(attributes, coefficients, count, n, i, unchecked(neighbors[q]));
      heaviest = max(heaviest, weight);
    }
    unchecked((c.observed[i] = sum));
    unchecked((c.tolerance[i] = tolerance * heaviest));
  }
}

/** sum_a c_ia x_a(j). The arrays are arguments, because the compiler reads a field anew at every use. */
// @ts-ignore: decorator
@inline
export function formOf(attributes: Float64Array, coefficients: Float64Array, count: i32, n: i32, i: i32, j: i32): f64 {
  let sum = unchecked(coefficients[i * count]) * unchecked(attributes[j]);
  for (let a = 1; a < count; a++) sum += unchecked(coefficients[i * count + a]) * unchecked(attributes[a * n + j]);
  return sum;
}
