/**
 * Complementary error function for x >= 0, relative error below 1e-14: the power series of erf below 2, the continued
 * fraction of erfc above, evaluated from its tail. Abramowitz and Stegun (1964), 7.1.6 and 7.1.14.
 */
function erfc(x: f64): f64 {
  const gauss = Math.exp(-x * x);
  if (x < 2.0) {
    let term = x;
    let sum = x;
    for (let k = 1; term > sum * 1e-18; k++) {
      term *= (2.0 * x * x) / <f64>(2 * k + 1);
      sum += term;
    }
    return 1.0 - (2.0 / Math.sqrt(Math.PI)) * gauss * sum;
  }
  let tail = x;
  for (let k = 120; k > 0; k--) tail = x + (<f64>k * 0.5) / tail;
  return gauss / (Math.sqrt(Math.PI) * tail);
}

/** Probability that a standard normal variable exceeds z. */
export function normalUpper(z: f64): f64 {
  const tail = 0.5 * erfc(Math.abs(z) / Math.SQRT2);
  return z >= 0.0 ? tail : 1.0 - tail;
}
