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
  /** Width of a bin, that of the lattice where there is one; and one over it. */
  step: f64 = 0.0;
  perUnit: f64 = 0.0;
  onLattice: bool = false;
  /** Of the values up to a cap: the largest sum that they tell, from the lowest value; else 0. */
  cap: f64 = 0.0;

  /** The others are so many, from the lowest to the highest. */
  constructor(
    public count: i32,
    public low: f64,
    public high: f64,
  ) {}

  /** Of all values, or all but a few. */
  static of(values: Float64Array, error: f64): Bins {
    const ends = new Ends(values);
    const bins = new Bins(values.length, ends.lowest(0), ends.highest(0));
    if (!bins.findLattice(values, error, FEW_STEPS)) {
      bins.keepApart(ends, error);
      bins.findLattice(values, error, MOST_STEPS);
    }
    return bins;
  }

  /** Of the values up to `cap` above the lowest. */
  upTo(values: Float64Array, cap: f64): Bins {
    let count = 0;
    let high = this.low;
    for (let i = 0; i < values.length; i++) {
      const value = unchecked(values[i]);
      if (value < this.low || value - this.low > cap) continue;
      high = max(high, value);
      count++;
    }
    const bins = new Bins(count, this.low, high);
    bins.cap = cap;
    return bins;
  }

  /** Keeps as many values apart as pays. */
  private keepApart(ends: Ends, error: f64): void {
    const n = this.count;
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

  /** Whether no value apart is below the others. */
  allApartAbove(values: Float64Array): bool {
    for (let at = 0; at < this.apart.length; at++) {
      if (unchecked(values[unchecked(this.apart[at])]) < this.low) return false;
    }
    return true;
  }

  /** The mean of the values from the lowest to the highest. */
  mean(values: Float64Array): f64 {
    let sum = 0.0;
    for (let i = 0; i < values.length; i++) {
      const value = unchecked(values[i]);
      if (value >= this.low && value <= this.high) sum += value;
    }
    return sum / <f64>this.count;
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
