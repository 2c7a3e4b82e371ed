/** The weight of pair q, of a row of so many neighbors; without weights each counts 1 / cardinality. */
// @ts-ignore: decorator
@inline
export function weightAt(weights: Float64Array | null, q: i32, cardinality: i32): f64 {
  return weights == null ? 1.0 / <f64>cardinality : unchecked(weights[q]);
}
