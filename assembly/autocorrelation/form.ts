/**
 * Statistics of several attributes x of the neighbors, with coefficients c of the location; without weights w is 1.
 *
 *   sum_j w_ij sum_a c_ia x_a(j)
 *
 * A spatial lag is one attribute with c = 1; Geary's squared differences are the attributes z^2 and z with c = (1, -2
 * z_i), z_i^2 being constant. Or the product of the lags of two attributes, c then being what the location adds to
 * each:
 *
 *   (c_i0 + sum_j w_ij x_0(j)) (c_i1 + sum_j w_ij x_1(j))
 */
import { Crand, prepare } from "./crand";

export class Formed extends Crand {
  /** Number of attributes; attributes[a * n + i] and coefficients[i * count + a]. */
  count: i32 = 0;
  attributes!: Float64Array;
  coefficients!: Float64Array;
  weights: Float64Array | null = null;
  /** Whether the statistic is the product of two lags. */
  product: bool = false;
}

/** @param tolerance how far statistics that tie may differ, by location */
export function prepareForm(
  c: Formed,
  attributes: Float64Array,
  coefficients: Float64Array,
  offsets: Int32Array,
  neighbors: Int32Array,
  weights: Float64Array | null,
  tolerance: Float64Array,
  threads: i32,
  product: bool,
): void {
  const n = offsets.length - 1;
  prepare(c, offsets, tolerance, threads);
  c.product = product;
  const count = attributes.length / n;
  c.count = count;
  c.attributes = attributes;
  c.coefficients = coefficients;
  c.weights = weights;
  for (let i = 0; i < n; i++) {
    let sum = 0.0;
    let u = product ? unchecked(coefficients[2 * i]) : 0.0;
    let v = product ? unchecked(coefficients[2 * i + 1]) : 0.0;
    for (let q = unchecked(offsets[i]); q < unchecked(offsets[i + 1]); q++) {
      const weight = weights == null ? 1.0 : unchecked(weights[q]);
      const j = unchecked(neighbors[q]);
      if (product) {
        u += weight * unchecked(attributes[j]);
        v += weight * unchecked(attributes[n + j]);
      } else sum += weight * formOf(attributes, coefficients, count, n, i, j);
    }
    unchecked((c.observed[i] = product ? u * v : sum));
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
