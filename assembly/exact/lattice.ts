/**
 * The lattice that values lie on, where they have one: counts, ranks, decimals that were rounded. Euclid's algorithm on
 * their distances from the lowest, which are off by rounding.
 */

/** Rounds of Euclid's algorithm that leave no lattice worth having. */
const ROUNDS = 64;

/**
 * The number of steps from low to high on the coarsest lattice that the values between lie on; 0 where it would be more
 * than `most`.
 * @param error how far a value may be off
 */
export function stepsOf(values: Float64Array, low: f64, high: f64, error: f64, most: f64): f64 {
  const finest = max((high - low) / most, 64.0 * error);
  // a step is as exact as the longest distance that it divides
  const span = high - low;
  let steps = 1.0;
  for (let i = 0; i < values.length; i++) {
    const value = unchecked(values[i]);
    if (value < low || value > high) continue;
    const distance = value - low;
    const step = span / steps;
    const rest = Math.abs(distance - nearest(distance / step) * step);
    if (rest <= 2.0 * error) continue;
    const divisor = commonDivisor(step, rest, finest, error);
    if (divisor == 0.0) return 0.0;
    steps = nearest(span / divisor);
  }
  const step = span / steps;
  for (let i = 0; i < values.length; i++) {
    const value = unchecked(values[i]);
    if (value < low || value > high) continue;
    const distance = value - low;
    if (Math.abs(distance - nearest(distance / step) * step) > 2.0 * error) return 0.0;
  }
  return steps;
}

/** The largest number that divides both but for rounding; 0 where it is below `finest`. */
function commonDivisor(a: f64, b: f64, finest: f64, error: f64): f64 {
  for (let round = 0; round < ROUNDS; round++) {
    if (b < finest) return 0.0;
    const quotient = nearest(a / b);
    const rest = Math.abs(a - quotient * b);
    // what is left of a multiple is the rounding of both
    if (rest < 0.05 * finest + 4.0 * error * (quotient + 1.0)) return b;
    a = b;
    b = rest;
  }
  return 0.0;
}
