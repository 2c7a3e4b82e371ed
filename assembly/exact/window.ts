/**
 * Where the sums of k values drawn without replacement lie, but for a chance of 1e-14 on either side. Chernoff's bound
 * holds without replacement as well: Hoeffding (1963), doi:10.1080/01621459.1963.10500830, theorem 4.
 */

/** Cells of the histogram that the bound rests on; each counts at the end that makes the bound larger. */
const CELLS = 512;
/** -log of the chance outside. */
const OUTSIDE = 32.2361913;
const STEPS = 40;

@final
export class Window {
  /** Values are relative to the lowest; their range. */
  range: f64;
  /**
   * Where the bound is best for the largest k: the tilt, which is also how fast tails fall there, and what it gains.
   */
  tiltUp: f64;
  tiltDown: f64;
  gainUp: f64;
  gainDown: f64;

  /** Of the values from low to high, which are not all equal, as sums of k. */
  constructor(values: Float64Array, low: f64, high: f64, k: i32) {
    const range = high - low;
    this.range = range;
    const counts = new StaticArray<f64>(CELLS);
    const scale = <f64>CELLS / range;
    let count = 0.0;
    for (let i = 0; i < values.length; i++) {
      const value = unchecked(values[i]);
      if (value < low || value > high) continue;
      const cell = min(CELLS - 1, <i32>((value - low) * scale));
      unchecked((counts[cell] += 1.0));
      count += 1.0;
    }
    this.tiltUp = bestTilt(counts, count, range, 1.0, k);
    this.gainUp = gain(counts, count, range, 1.0, this.tiltUp);
    this.tiltDown = bestTilt(counts, count, range, -1.0, k);
    this.gainDown = gain(counts, count, range, -1.0, this.tiltDown);
  }

  /** The largest sum of j values. */
  highest(j: i32): f64 {
    return min(<f64>j * this.range, (<f64>j * this.gainUp + OUTSIDE) / this.tiltUp);
  }

  /** The smallest sum of j values. */
  lowest(j: i32): f64 {
    return max(0.0, (-<f64>j * this.gainDown - OUTSIDE) / this.tiltDown);
  }
}

/**
 * The logarithm of the mean of exp(tilt x), or of exp(-tilt x), x counted at the end of its cell where that is larger.
 */
function gain(counts: StaticArray<f64>, count: f64, range: f64, side: f64, tilt: f64): f64 {
  const width = range / <f64>CELLS;
  // relative to the largest term, so that none leaves the range of f64
  const largest = side > 0.0 ? range : 0.0;
  let sum = 0.0;
  for (let cell = 0; cell < CELLS; cell++) {
    const some = unchecked(counts[cell]);
    if (some == 0.0) continue;
    const end = side > 0.0 ? width * <f64>(cell + 1) : width * <f64>cell;
    sum += some * Math.exp(side * tilt * (end - largest));
  }
  return Math.log(sum / count) + side * tilt * largest;
}

/** The tilt at which the bound on sums of k values is tightest, by golden sections of its logarithm. */
function bestTilt(counts: StaticArray<f64>, count: f64, range: f64, side: f64, k: i32): f64 {
  const golden = 0.6180339887498949;
  // below, the bound is past the largest sum; above, cells are too wide for it
  let left = Math.log(OUTSIDE / (<f64>k * range));
  let right = Math.log((<f64>CELLS * OUTSIDE) / range);
  let a = right - golden * (right - left);
  let b = left + golden * (right - left);
  let atA = bound(counts, count, range, side, Math.exp(a), k);
  let atB = bound(counts, count, range, side, Math.exp(b), k);
  for (let step = 0; step < STEPS; step++) {
    if (atA <= atB) {
      right = b;
      b = a;
      atB = atA;
      a = right - golden * (right - left);
      atA = bound(counts, count, range, side, Math.exp(a), k);
    } else {
      left = a;
      a = b;
      atA = atB;
      b = left + golden * (right - left);
      atB = bound(counts, count, range, side, Math.exp(b), k);
    }
  }
  return Math.exp(0.5 * (left + right));
}

function bound(counts: StaticArray<f64>, count: f64, range: f64, side: f64, tilt: f64, k: i32): f64 {
  return (<f64>k * gain(counts, count, range, side, tilt) + OUTSIDE) / tilt;
}
