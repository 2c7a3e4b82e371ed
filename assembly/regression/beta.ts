import { logGammaRatio, logGamma } from "../shared/gamma";

/**
 * Probability that an F variable of `between` and `within` degrees of freedom exceeds f. With one degree between, that
 * Student's t of `within` degrees is further from 0 than the root of f.
 */
export function fUpper(f: f64, between: f64, within: f64): f64 {
  if (isNaN(f)) return NaN;
  if (f <= 0.0) return 1.0;
  if (f == Infinity) return 0.0;
  const a = 0.5 * within;
  const b = 0.5 * between;
  // x = 1 / (1 + odds), with the logarithms of x and of 1 - x, which lose nothing where the other is near 1
  const odds = (f * between) / within;
  const logX = -Math.log1p(odds);
  const logY = -Math.log1p(1.0 / odds);
  const larger = max(a, b);
  const smaller = min(a, b);
  const logBeta = logGamma(smaller) - logGammaRatio(larger, smaller);
  const front = Math.exp(a * logX + b * logY - logBeta);
  const x = 1.0 / (1.0 + odds);
  const y = odds / (1.0 + odds);
  return x < (a + 1.0) / (a + b + 2.0) ? (front * fraction(a, b, x)) / a : 1.0 - (front * fraction(b, a, y)) / b;
}

/**
 * The continued fraction of the incomplete beta function, by Lentz's method: Didonato and Morris (1992), doi:
 * 10.1145/131766.131776; it comes to its end after about the root of the larger parameter.
 */
function fraction(a: f64, b: f64, x: f64): f64 {
  const tiny = 1e-300;
  let c = 1.0;
  let d = 1.0 - ((a + b) * x) / (a + 1.0);
  if (Math.abs(d) < tiny) d = tiny;
  d = 1.0 / d;
  let h = d;
  for (let m = 1.0; m < 100_000.0; m += 1.0) {
    const even = (m * (b - m) * x) / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
    d = 1.0 + even * d;
    if (Math.abs(d) < tiny) d = tiny;
    c = 1.0 + even / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1.0 / d;
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
    d = 1.0 + odd * d;
    if (Math.abs(d) < tiny) d = tiny;
    c = 1.0 + odd / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1.0 / d;
    const change = d * c;
    h *= change;
    if (Math.abs(change - 1.0) < 2.0 * f64.EPSILON) break;
  }
  return h;
}
