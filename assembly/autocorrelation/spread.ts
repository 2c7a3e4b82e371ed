/**
 * Spreads of values that permutations deal out, in forms that do not cancel where a single value is far away from the
 * others.
 */
import { DoubleDouble } from "../shared/double-double";

/** The share of its terms below which a sum in double the precision is rounding error: 2^-90. */
const DUST = 8.0e-28;

/**
 * What the variance of a bilinear form in x and y under randomisation rests on: with q_ab = (x_a y_b + x_b y_a) / 2 the
 * mean of q_ab^2 - 2 q_ab q_ac + q_ab q_cd over all different locations; for y = x it is that of (x_a - x_b)^2 (x_c -
 * x_d)^2 / 4. From sums of powers, in double the precision: a value far away is in one of the factors only, so most of
 * the fourth powers cancels. Needs four values.
 */
export function quadrupleMean(x: Float64Array, y: Float64Array): f64 {
  const size = x.length;
  const n = <f64>size;
  const toMeanX = meanOf(x).by(-1.0);
  const toMeanY = meanOf(y).by(-1.0);
  const xx = new DoubleDouble(0.0);
  const xy = new DoubleDouble(0.0);
  const yy = new DoubleDouble(0.0);
  const xxyy = new DoubleDouble(0.0);
  const u = new DoubleDouble(0.0);
  const v = new DoubleDouble(0.0);
  const product = new DoubleDouble(0.0);
  const power = new DoubleDouble(0.0);
  for (let i = 0; i < size; i++) {
    u.set(unchecked(x[i])).add(toMeanX);
    v.set(unchecked(y[i])).add(toMeanY);
    xx.add(power.setProduct(u, u));
    yy.add(power.setProduct(v, v));
    xy.add(product.setProduct(u, v));
    xxyy.add(power.setProduct(product, product));
  }
  // sums over different locations of q_ab^2, q_ab q_ac and q_ab q_cd
  const crossed = xy.times(xy);
  const all = xx.times(yy);
  const squares = all.by(0.5).add(crossed.by(0.5)).subtract(xxyy);
  const touching = squares.by(-1.0).add(xxyy);
  const apart = squares.by(2.0).add(crossed).subtract(xxyy.by(4.0));
  const sum = squares.by((n - 2.0) * (n - 3.0)).subtract(touching.by(2.0 * (n - 3.0))).add(apart);
  // what is left where all values but one are equal is rounding error
  if (sum.high <= DUST * n * n * all.high) return 0.0;
  return sum.high / (n * (n - 1.0) * (n - 2.0) * (n - 3.0));
}

function meanOf(values: Float64Array): DoubleDouble {
  const sum = new DoubleDouble(0.0);
  const value = new DoubleDouble(0.0);
  for (let i = 0; i < values.length; i++) sum.add(value.set(unchecked(values[i])));
  return sum.by(1.0 / <f64>values.length);
}

/** Locations whose share of the squares is larger have the variance of the others formed anew: at most eight have. */
const SHARE = 0.125;

/** Writes the variance (population) of the values of all others, for each location; of at least two values. */
export function variancesOfOthers(z: Float64Array, variances: Float64Array): void {
  const n = z.length;
  let sum = 0.0;
  for (let i = 0; i < n; i++) sum += unchecked(z[i]);
  const mean = sum / <f64>n;
  let squares = 0.0;
  for (let i = 0; i < n; i++) squares += (unchecked(z[i]) - mean) * (unchecked(z[i]) - mean);
  const others = <f64>(n - 1);
  for (let i = 0; i < n; i++) {
    const own = (unchecked(z[i]) - mean) * (unchecked(z[i]) - mean) * (<f64>n / others);
    unchecked((variances[i] = own > SHARE * squares ? varianceWithout(z, i) : (squares - own) / others));
  }
}

function varianceWithout(z: Float64Array, left: i32): f64 {
  const others = <f64>(z.length - 1);
  let sum = 0.0;
  for (let i = 0; i < z.length; i++) if (i != left) sum += unchecked(z[i]);
  const near = sum / others;
  let rest = 0.0;
  let squares = 0.0;
  for (let i = 0; i < z.length; i++) {
    if (i == left) continue;
    const deviation = unchecked(z[i]) - near;
    rest += deviation;
    squares += deviation * deviation;
  }
  return max(0.0, squares - (rest * rest) / others) / others;
}

/**
 * A variance below this share of the square of the mean is formed anew: of differences from a value far away from most.
 */
const CANCELED = 1.0 / 4096.0;

/**
 * Writes the mean and the variance (population) of (z_i - z_j)^2 over all others j, for each i, of values with mean 0.
 */
export function momentsOfDifferences(z: Float64Array, means: Float64Array, variances: Float64Array): void {
  const n = z.length;
  let second = 0.0;
  let third = 0.0;
  let fourth = 0.0;
  for (let i = 0; i < n; i++) {
    const square = unchecked(z[i]) * unchecked(z[i]);
    second += square;
    third += square * unchecked(z[i]);
    fourth += square * square;
  }
  const others = <f64>(n - 1);
  for (let i = 0; i < n; i++) {
    const own = unchecked(z[i]);
    const square = own * own;
    const mean = (<f64>n * square + second) / others;
    const squares = (<f64>n * square * square + 6.0 * square * second - 4.0 * own * third + fourth) / others;
    const variance = squares - mean * mean;
    unchecked((means[i] = mean));
    unchecked((variances[i] = variance > CANCELED * mean * mean ? variance : varianceOfDifferences(z, i, mean)));
  }
}

function varianceOfDifferences(z: Float64Array, i: i32, mean: f64): f64 {
  const own = unchecked(z[i]);
  let rest = 0.0;
  let squares = 0.0;
  for (let j = 0; j < z.length; j++) {
    if (j == i) continue;
    const difference = own - unchecked(z[j]);
    const deviation = difference * difference - mean;
    rest += deviation;
    squares += deviation * deviation;
  }
  const others = <f64>(z.length - 1);
  return max(0.0, squares - (rest * rest) / others) / others;
}
