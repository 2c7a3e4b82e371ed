/**
 * Turns the columns of a square matrix, two at a time, until all are orthogonal: Hestenes (1958), doi:10.1137/0106005.
 * Their lengths are the singular values, the small ones to as many digits as the large.
 */
export function orthogonalise(columns: Float64Array, k: i32): void {
  for (let turned = true, sweep = 0; turned && sweep < 60; sweep++) {
    turned = false;
    for (let a = 0; a < k; a++) {
      for (let b = a + 1; b < k; b++) turned = turn(columns, a * k, b * k, k) || turned;
    }
  }
}

/** The largest over the smallest singular value of a square matrix in columns, which it turns. */
export function conditionNumber(columns: Float64Array, k: i32): f64 {
  orthogonalise(columns, k);
  let least = Infinity;
  let most = 0.0;
  for (let a = 0; a < k; a++) {
    const squares = product(columns, a * k, a * k, k);
    least = min(least, squares);
    most = max(most, squares);
  }
  return Math.sqrt(most / least);
}

/** Turns two columns to where they are orthogonal; false where they are so. */
function turn(columns: Float64Array, a: i32, b: i32, k: i32): bool {
  const aa = product(columns, a, a, k);
  const bb = product(columns, b, b, k);
  const ab = product(columns, a, b, k);
  if (Math.abs(ab) <= 4.0 * f64.EPSILON * Math.sqrt(aa * bb)) return false;
  const half = (bb - aa) / (2.0 * ab);
  const tangent = copysign<f64>(1.0, half) / (Math.abs(half) + Math.sqrt(1.0 + half * half));
  const cosine = 1.0 / Math.sqrt(1.0 + tangent * tangent);
  const sine = cosine * tangent;
  for (let i = 0; i < k; i++) {
    const one = unchecked(columns[a + i]);
    const other = unchecked(columns[b + i]);
    unchecked((columns[a + i] = cosine * one - sine * other));
    unchecked((columns[b + i] = sine * one + cosine * other));
  }
  return true;
}

function product(columns: Float64Array, a: i32, b: i32, k: i32): f64 {
  let sum = 0.0;
  for (let i = 0; i < k; i++) sum += unchecked(columns[a + i]) * unchecked(columns[b + i]);
  return sum;
}
