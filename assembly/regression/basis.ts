/**
 * An orthonormal basis of the columns of a matrix, by Gram and Schmidt's process in its modified form, each column
 * twice: after the second time it is orthogonal to working precision, whatever the condition: Giraud, Langou and
 * Rozložník (2005), doi:10.1016/j.camwa.2005.08.009. Matrices are in columns, one after the other.
 */
import { addTimes, sumOfProducts } from "../shared/vector";

/**
 * Turns k columns of n values into a basis, in their place, and writes the coordinates of column j on vector m to
 * coordinates[m k + j]. A column of which no more than `share` of what the first vector leaves of it, or no more than
 * rounding, is not in the space of those before gets a vector of zeros, and a zero on the diagonal.
 */
export function orthonormalise(columns: Float64Array, n: i32, k: i32, share: f64, coordinates: Float64Array): void {
  for (let j = 0; j < k; j++) {
    const own = j * n;
    const before = length(columns, own, n);
    let varying = before;
    for (let pass = 0; pass < 2; pass++) {
      for (let m = 0; m < j; m++) {
        unchecked((coordinates[m * k + j] += takeAway(columns, m * n, columns, own, n)));
        if (pass + m == 0) varying = length(columns, own, n);
      }
      // what rounding leaves of nothing must not be orthogonalised to a vector
      const left = length(columns, own, n);
      if (j > 0 && left <= max(share * varying, 8.0 * f64.EPSILON * before)) {
        for (let i = 0; i < n; i++) unchecked((columns[own + i] = 0.0));
        break;
      }
    }
    const left = length(columns, own, n);
    unchecked((coordinates[j * k + j] = left));
    if (left > 0.0) for (let i = 0; i < n; i++) unchecked((columns[own + i] /= left));
  }
}

/** Leaves of values what is orthogonal to a basis, and writes their coordinates on it. */
export function project(basis: Float64Array, n: i32, k: i32, values: Float64Array, coordinates: Float64Array): void {
  for (let m = 0; m < k; m++) unchecked((coordinates[m] = 0.0));
  for (let pass = 0; pass < 2; pass++) {
    for (let m = 0; m < k; m++) unchecked((coordinates[m] += takeAway(basis, m * n, values, 0, n)));
  }
}

/** Takes the part along a unit vector away from values, and returns its length. */
export function takeAway(vectors: Float64Array, vector: i32, values: Float64Array, begin: i32, n: i32): f64 {
  const along = sumOfProducts(vectors, vector, values, begin, n);
  addTimes(values, begin, -along, vectors, vector, n);
  return along;
}

export function length(values: Float64Array, begin: i32, n: i32): f64 {
  return Math.sqrt(sumOfProducts(values, begin, values, begin, n));
}
