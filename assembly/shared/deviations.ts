/**
 * Weighted points, their mean, and the axes of their deviational ellipse: Yuill (1971), doi:10.2307/490885.
 *
 * Points are taken relative to the middle of their extent and in a unit near it, a power of two, so that an offset
 * costs no digits and no square leaves the range of f64. The axes come by Jacobi's rotations: a first pass over the points
 * finds the frame in which their deviations are uncorrelated, a second what rounding has left to turn, and a third sums
 * the squares there. So the short axis of a long ellipse does not come out of a difference.
 */

/** The points that have weight. */
export let n: i32 = 0;
export let xs = new StaticArray<f64>(0);
export let ys = new StaticArray<f64>(0);
export let weights = new StaticArray<f64>(0);
export let total: f64 = 0.0;

/** Where their coordinates begin, and their unit. */
export let originX: f64 = 0.0;
export let originY: f64 = 0.0;
export let unit: f64 = 1.0;

/** What rounding may have changed in coordinates before they came in, and the share it may change in a sum over all. */
let error: f64 = 0.0;
export let rounding: f64 = 0.0;

export let meanX: f64 = 0.0;
export let meanY: f64 = 0.0;

/** The frame, by the direction of the long axis; in it the variances and the covariance, and the furthest across. */
export let cosine: f64 = 1.0;
export let sine: f64 = 0.0;
export let along: f64 = 0.0;
export let across: f64 = 0.0;
let covariance: f64 = 0.0;
let furthest: f64 = 0.0;

/** Whether all points lie on a line, as far as their coordinates tell. */
export let onLine: bool = false;

/** Takes points of which at least one has weight. */
export function takePoints(ownXs: Float64Array, ownYs: Float64Array, ownWeights: Float64Array): void {
  const all = ownXs.length;
  let west = Infinity;
  let east = -Infinity;
  let south = Infinity;
  let north = -Infinity;
  let heaviest = 0.0;
  for (let i = 0; i < all; i++) {
    const weight = unchecked(ownWeights[i]);
    if (weight == 0.0) continue;
    west = min(west, unchecked(ownXs[i]));
    east = max(east, unchecked(ownXs[i]));
    south = min(south, unchecked(ownYs[i]));
    north = max(north, unchecked(ownYs[i]));
    heaviest = max(heaviest, weight);
  }
  originX = 0.5 * west + 0.5 * east;
  originY = 0.5 * south + 0.5 * north;
  const extent = max(east - west, north - south);
  unit = extent > 0.0 ? powerOfTwo(extent) : 1.0;

  const weightUnit = powerOfTwo(heaviest);
  xs = new StaticArray<f64>(all);
  ys = new StaticArray<f64>(all);
  weights = new StaticArray<f64>(all);
  n = 0;
  total = 0.0;
  for (let i = 0; i < all; i++) {
    const weight = unchecked(ownWeights[i]) / weightUnit;
    if (weight == 0.0) continue;
    unchecked((xs[n] = (ownXs[i] - originX) / unit));
    unchecked((ys[n] = (ownYs[i] - originY) / unit));
    unchecked((weights[n] = weight));
    total += weight;
    n++;
  }
  error = (f64.EPSILON * max(max(-west, east), max(-south, north))) / unit;
  rounding = 4.0 * f64.EPSILON * Math.sqrt(<f64>n);
}

/** The largest power of two that a positive number reaches. */
function powerOfTwo(value: f64): f64 {
  return reinterpret<f64>(reinterpret<u64>(value) & 0x7ff0000000000000);
}

/** Finds the mean and the axes. */
export function findAxes(): void {
  meanX = 0.0;
  meanY = 0.0;
  addRestOfMean();
  addRestOfMean();
  cosine = 1.0;
  sine = 0.0;
  sumSquares();
  turn();
  sumSquares();
  turn();
  sumSquares();
  onLine = furthest <= 4.0 * error + rounding;
  if (onLine) across = 0.0;
}

/** Adds to the mean what it lacks: rounding, the second time. */
function addRestOfMean(): void {
  let x = 0.0;
  let y = 0.0;
  for (let i = 0; i < n; i++) {
    const weight = unchecked(weights[i]);
    x += weight * (unchecked(xs[i]) - meanX);
    y += weight * (unchecked(ys[i]) - meanY);
  }
  meanX += x / total;
  meanY += y / total;
}

/** Sums the squares and products of the deviations in the frame. */
function sumSquares(): void {
  let uu = 0.0;
  let uv = 0.0;
  let vv = 0.0;
  furthest = 0.0;
  for (let i = 0; i < n; i++) {
    const dx = unchecked(xs[i]) - meanX;
    const dy = unchecked(ys[i]) - meanY;
    const u = cosine * dx + sine * dy;
    const v = cosine * dy - sine * dx;
    const weight = unchecked(weights[i]);
    uu += weight * u * u;
    uv += weight * u * v;
    vv += weight * v * v;
    furthest = max(furthest, Math.abs(v));
  }
  along = uu / total;
  across = vv / total;
  covariance = uv / total;
}

/** Turns the frame to where the deviations in it are uncorrelated, the larger ones along. */
function turn(): void {
  const half = 0.5 * (along - across);
  const root = Math.sqrt(half * half + covariance * covariance);
  const variance = along + across;
  // axes that are equal but for rounding have no direction
  if (root <= rounding * variance + error * Math.sqrt(variance)) return;
  // the eigenvector, in the one of its two forms that is a sum
  const x = half >= 0.0 ? root + half : Math.abs(covariance);
  const y = half >= 0.0 ? covariance : copysign<f64>(root - half, covariance);
  const length = Math.sqrt(x * x + y * y);
  const before = cosine;
  cosine = (before * x - sine * y) / length;
  sine = (sine * x + before * y) / length;
}

/** The angle of the long axis, counter-clockwise from x, in degrees from 0 to below 180. */
export function angle(): f64 {
  const degrees = Math.atan2(sine, cosine) * (180.0 / Math.PI);
  const turned = degrees < 0.0 ? degrees + 180.0 : degrees;
  return turned < 180.0 ? turned : 0.0;
}
