/**
 * Weighted points, their mean, and the axes of their deviational ellipse: Yuill (1971), doi:10.2307/490885.
 *
 * Points are taken relative to the middle of their extent and in a unit near it, a power of two, so that an offset
 * costs no digits and no square leaves the range of f64. The axes come by Jacobi's rotations: a first pass over the
 * points finds the frame in which their deviations are uncorrelated, a second what rounding has left to turn, and a
 * third sums the squares there. So the short axis of a long ellipse does not come out of a difference.
 */

@final
export class Deviations {
  /** The points that have weight. */
  n: i32 = 0;
  xs: StaticArray<f64>;
  ys: StaticArray<f64>;
  weights: StaticArray<f64>;
  total: f64 = 0.0;
  /** Where their coordinates begin, and their unit. */
  originX: f64;
  originY: f64;
  unit: f64;
  /** What rounding may have changed in coordinates before they came in, and the share it may change in a sum of all. */
  error: f64;
  rounding: f64;
  meanX: f64 = 0.0;
  meanY: f64 = 0.0;
  /** The frame, by the direction of the long axis; in it the variances and the covariance, and the furthest across. */
  cosine: f64 = 1.0;
  sine: f64 = 0.0;
  along: f64 = 0.0;
  across: f64 = 0.0;
  covariance: f64 = 0.0;
  furthest: f64 = 0.0;
  /** Whether all points lie on a line, as far as their coordinates tell. */
  onLine: bool = false;

  /** Takes points of which at least one has weight. */
  constructor(xs: Float64Array, ys: Float64Array, weights: Float64Array) {
    const all = xs.length;
    let west = Infinity;
    let east = -Infinity;
    let south = Infinity;
    let north = -Infinity;
    let heaviest = 0.0;
    for (let i = 0; i < all; i++) {
      const weight = unchecked(weights[i]);
      if (weight == 0.0) continue;
      west = min(west, unchecked(xs[i]));
      east = max(east, unchecked(xs[i]));
      south = min(south, unchecked(ys[i]));
      north = max(north, unchecked(ys[i]));
      heaviest = max(heaviest, weight);
    }
    const originX = 0.5 * west + 0.5 * east;
    const originY = 0.5 * south + 0.5 * north;
    const extent = max(east - west, north - south);
    const unit = extent > 0.0 ? powerOfTwo(extent) : 1.0;
    const weightUnit = powerOfTwo(heaviest);
    this.xs = new StaticArray<f64>(all);
    this.ys = new StaticArray<f64>(all);
    this.weights = new StaticArray<f64>(all);
    for (let i = 0; i < all; i++) {
      const weight = unchecked(weights[i]) / weightUnit;
      if (weight == 0.0) continue;
      unchecked((this.xs[this.n] = (xs[i] - originX) / unit));
      unchecked((this.ys[this.n] = (ys[i] - originY) / unit));
      unchecked((this.weights[this.n] = weight));
      this.total += weight;
      this.n++;
    }
    this.originX = originX;
    this.originY = originY;
    this.unit = unit;
    this.error = (f64.EPSILON * max(max(-west, east), max(-south, north))) / unit;
    this.rounding = 4.0 * f64.EPSILON * Math.sqrt(<f64>this.n);
  }
}

/** The largest power of two that a positive number reaches. */
function powerOfTwo(value: f64): f64 {
  return reinterpret<f64>(reinterpret<u64>(value) & 0x7ff0000000000000);
}

/** Finds the mean and the axes. */
export function findAxes(d: Deviations): void {
  addRestOfMean(d);
  addRestOfMean(d);
  sumSquares(d);
  turn(d);
  sumSquares(d);
  turn(d);
  sumSquares(d);
  d.onLine = d.furthest <= 4.0 * d.error + d.rounding;
  if (d.onLine) d.across = 0.0;
}

/** Adds to the mean what it lacks: rounding, the second time. */
function addRestOfMean(d: Deviations): void {
  // locals, because the compiler reads a field anew at every use
  const xs = d.xs;
  const ys = d.ys;
  const weights = d.weights;
  const meanX = d.meanX;
  const meanY = d.meanY;
  let x = 0.0;
  let y = 0.0;
  for (let i = 0; i < d.n; i++) {
    const weight = unchecked(weights[i]);
    x += weight * (unchecked(xs[i]) - meanX);
    y += weight * (unchecked(ys[i]) - meanY);
  }
  d.meanX += x / d.total;
  d.meanY += y / d.total;
}

/** Sums the squares and products of the deviations in the frame. */
function sumSquares(d: Deviations): void {
  // locals, because the compiler reads a field anew at every use
  const xs = d.xs;
  const ys = d.ys;
  const weights = d.weights;
  const meanX = d.meanX;
  const meanY = d.meanY;
  const cosine = d.cosine;
  const sine = d.sine;
  let uu = 0.0;
  let uv = 0.0;
  let vv = 0.0;
  let furthest = 0.0;
  for (let i = 0; i < d.n; i++) {
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
  d.along = uu / d.total;
  d.across = vv / d.total;
  d.covariance = uv / d.total;
  d.furthest = furthest;
}

/** Turns the frame to where the deviations in it are uncorrelated, the larger ones along. */
function turn(d: Deviations): void {
  const half = 0.5 * (d.along - d.across);
  const root = Math.sqrt(half * half + d.covariance * d.covariance);
  const variance = d.along + d.across;
  // axes that are equal but for rounding have no direction
  if (root <= d.rounding * variance + d.error * Math.sqrt(variance)) return;
  // the eigenvector, in the one of its two forms that is a sum
  const x = half >= 0.0 ? root + half : Math.abs(d.covariance);
  const y = half >= 0.0 ? d.covariance : copysign<f64>(root - half, d.covariance);
  const length = Math.sqrt(x * x + y * y);
  const before = d.cosine;
  d.cosine = (before * x - d.sine * y) / length;
  d.sine = (d.sine * x + before * y) / length;
}

/** The angle of the long axis, counter-clockwise from x, in degrees from 0 to below 180. */
export function angle(d: Deviations): f64 {
  const degrees = Math.atan2(d.sine, d.cosine) * (180.0 / Math.PI);
  const turned = degrees < 0.0 ? degrees + 180.0 : degrees;
  return turned < 180.0 ? turned : 0.0;
}
