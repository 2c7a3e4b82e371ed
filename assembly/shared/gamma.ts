/**
 * Regularised upper incomplete gamma function Q(a, x), relative error about 1e-13: the series of the lower one below a
 * + 1, the continued fraction above, by Lentz's method. Abramowitz and Stegun (1964), 6.5.29 and 6.5.31.
 */
function upperGamma(a: f64, x: f64): f64 {
  if (x <= 0.0) return 1.0;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1.0) {
    let term = 1.0 / a;
    let sum = term;
    for (let k = 1; term > sum * 1e-17; k++) {
      term *= x / (a + <f64>k);
      sum += term;
    }
    return 1.0 - front * sum;
  }
  const tiny = 1e-300;
  let b = x + 1.0 - a;
  let c = 1.0 / tiny;
  let d = 1.0 / b;
  let h = d;
  for (let k = 1; k < 10000; k++) {
    const an = -(<f64>k) * (<f64>k - a);
    b += 2.0;
    d = an * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + an / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1.0 / d;
    const change = d * c;
    h *= change;
    if (Math.abs(change - 1.0) < 1e-16) break;
  }
  return front * h;
}

/**
 * Logarithm of the gamma function for a > 0: Stirling's series above 10, the recurrence below. Abramowitz and Stegun,
 * 6.1.41.
 */
export function logGamma(a: f64): f64 {
  let shift = 0.0;
  while (a < 10.0) {
    shift += Math.log(a);
    a += 1.0;
  }
  return (a - 0.5) * Math.log(a) - a + 0.5 * Math.log(2.0 * Math.PI) + stirling(a) - shift;
}

/** Logarithm of gamma(a + b) / gamma(a), for a >= b > 0, which does not cancel where a is large. */
export function logGammaRatio(a: f64, b: f64): f64 {
  if (a < 10.0) return logGamma(a + b) - logGamma(a);
  return (a - 0.5) * Math.log1p(b / a) + b * (Math.log(a + b) - 1.0) + stirling(a + b) - stirling(a);
}

/** What Stirling's formula leaves of the logarithm of the gamma function, for a >= 10. */
function stirling(a: f64): f64 {
  const inverse = 1.0 / a;
  const square = inverse * inverse;
  const small = 1.0 / 1680.0 - square * (1.0 / 1188.0 - square * (691.0 / 360360.0));
  return inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square * small)));
}

/** Probability that a chi-squared variable of `df` degrees of freedom exceeds x. */
export function chiSquaredUpper(x: f64, df: f64): f64 {
  return upperGamma(0.5 * df, 0.5 * x);
}
