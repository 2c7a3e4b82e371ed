/**
 * Values as whole numbers, multiples of a step from the lowest. Where they lie on a lattice its step is taken, so that
 * sums tie where they do; else each is rounded to a bin, and off by half of one at most.
 *
 * A few values far from all others would make every bin wide, so they are kept apart: whether each is among the
 * neighbors is gone through case by case, and the bins are those of the others.
 */
import { stepsOf } from "./lattice";

/** Most values apart: there are two to this power cases. */
const MOST_APART = 3;
/** Most steps of a lattice. */
const MOST_STEPS: f64 = 262144.0;
/** Of a lattice with fewer, no value need be apart. */
const FEW_STEPS: f64 = 4096.0;

@final
export class Bins {
  /** The values apart, by id. */
  apart: Int32Array = new Int32Array(0);
  /** The others: how many, the lowest and the highest. */
  count: i32;
  low: f64 = 0.0;
  high: f64 = 0.0;
  /** Width of a bin, that of the lattice where there is one; and one over it. */
  step: f64 = 0.0;
  perUnit: f64 = 0.0;
  onLattice: bool = false;

  /** @param error how far a value may be off by rounding */
  constructor(values: Float64Array, error: f64) {
    const n = values.length;
    const ends = new Ends(values);
    this.count = n;
    this.low = ends.lowest(0);
    this.high = ends.highest(0);
    if (!this.findLattice(values, error, FEW_STEPS)) {
      this.keepApart(ends, n, error);
      this.findLattice(values, error, MOST_STEPS);
    }
  }

  /** Keeps as many values apart as pays. */
  private keepApart(ends: Ends, n: i32, error: f64): void {
    let best = this.high - this.low;
    let above = 0;
    let below = 0;
    for (let apart = 1; apart <= min(MOST_APART, n - 3); apart++) {
      for (let up = 0; up <= apart; up++) {
        const range = ends.highest(up) - ends.lowest(apart - up);
        // each value apart must halve the bins, since it doubles the cases
        if (range * <f64>(1 << apart) >= best * <f64>(1 << (above + below)) || range <= 1024.0 * error) continue;
        best = range;
        above = up;
        below = apart - up;
      }
    }
    this.apart = new Int32Array(above + below);
    for (let at = 0; at < above; at++) unchecked((this.apart[at] = unchecked(ends.high[at])));
    for (let at = 0; at < below; at++) unchecked((this.apart[above + at] = unchecked(ends.low[at])));
    this.count = n - above - below;
    this.low = ends.lowest(below);
    this.high = ends.highest(above);
  }

  private findLattice(values: Float64Array, error: f64, most: f64): bool {
    const steps = stepsOf(values, this.low, this.high, error, most);
    if (steps == 0.0) return false;
    this.divide((this.high - this.low) / steps, true);
    return true;
  }

  /** Makes bins of this width. */
  divide(step: f64, onLattice: bool): void {
    this.step = step;
    this.perUnit = 1.0 / step;
    this.onLattice = onLattice;
  }

  /** Which bin a value is in, a whole number. */
  // @ts-ignore: decorator
  @inline
  binOf(value: f64): f64 {
    return nearest((value - this.low) * this.perUnit);
  }

  /** How far values may be from their bins. */
  residual(values: Float64Array): f64 {
    if (!this.onLattice) return 0.5;
    // those apart need not be on the lattice of the others
    let largest = 0.0;
    for (let at = 0; at < this.apart.length; at++) {
      const place = (unchecked(values[unchecked(this.apart[at])]) - this.low) / this.step;
      largest = max(largest, Math.abs(place - nearest(place)));
    }
    return largest > 1e-6 ? largest : 0.0;
  }
}

/** The ids of the highest and the lowest values, outermost first, one more of each than can be apart. */
@final
class Ends {
  high: Int32Array;
  low: Int32Array;

  constructor(private values: Float64Array) {
    const size = min(MOST_APART + 1, values.length);
    this.high = new Int32Array(size);
    this.low = new Int32Array(size);
    for (let i = 0; i < values.length; i++) {
      const value = unchecked(values[i]);
      if (i < size || value > this.highest(size - 1)) this.insert(this.high, i, min(i, size - 1), 1.0);
      if (i < size || value < this.lowest(size - 1)) this.insert(this.low, i, min(i, size - 1), -1.0);
    }
  }

  highest(rank: i32): f64 {
    return unchecked(this.values[unchecked(this.high[rank])]);
  }

  lowest(rank: i32): f64 {
    return unchecked(this.values[unchecked(this.low[rank])]);
  }

  /** Puts i in its place among those up to `last`, which leaves. */
  private insert(ids: Int32Array, i: i32, last: i32, side: f64): void {
    const value = side * unchecked(this.values[i]);
    let at = last;
    for (; at > 0 && side * unchecked(this.values[unchecked(ids[at - 1])]) < value; at--) {
      unchecked((ids[at] = unchecked(ids[at - 1])));
    }
    unchecked((ids[at] = i));
  }
}
