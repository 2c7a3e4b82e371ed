/**
 * Scores of the cells of a space-time cube, and the trends of its places. Place i at step t is cell i * steps + t.
 */
import { Surroundings } from "./cube/surroundings";
import { kendall, Levels } from "./cube/kendall";
export * from "./shared/host";

/** Distance of 1 to the next number, twice the largest relative error of an operation. */
const UNIT: f64 = 2.220446049250313e-16;

/**
 * Writes the z-score of the sum of values around each cell, NaN where it has none, and for each place by how much
 * rounding may put equal scores apart. With `star` a cell is around itself; without, the score is that of its own
 * deviation times the sum, and what it is compared with is without it.
 * @param x standardised, off by at most `error`
 * @param selves what each place weighs for itself
 * @param counts by step: number, mean and population variance of what its cells are compared with
 */
export function scoreCells(
  x: Float64Array,
  offsets: Int32Array,
  neighbors: Int32Array,
  weights: Float64Array | null,
  selves: Float64Array,
  counts: Float64Array,
  means: Float64Array,
  variances: Float64Array,
  error: f64,
  stepsBack: i32,
  star: bool,
  z: Float64Array,
  apart: Float64Array,
): void {
  const n = selves.length;
  const steps = counts.length;
  const around = new Surroundings(x, offsets, neighbors, weights, selves, steps);
  for (let i = 0; i < n; i++) {
    around.sum(i, stepsBack, star);
    let off = 0.0;
    for (let t = 0; t < steps; t++) {
      const cell = i * steps + t;
      const before = min(t, stepsBack);
      const own = star ? before + 1 : before;
      const k = (before + 1) * around.k + own;
      const sum = <f64>(before + 1) * around.weight + <f64>own * around.self;
      const squares = <f64>(before + 1) * around.squares + <f64>own * around.self * around.self;
      let count = unchecked(counts[t]);
      let mean = unchecked(means[t]);
      let variance = unchecked(variances[t]);
      let sign = 1.0;
      if (!star) {
        const deviation = unchecked(x[cell]) - mean;
        sign = deviation > error ? 1.0 : deviation < -error ? -1.0 : NaN;
        const rest = count - 1.0;
        const left = (count * variance - (deviation * deviation * count) / rest) / rest;
        // where one cell has all of the variance, what is left is rounding
        variance = left > 8.0 * UNIT * variance ? left : 0.0;
        mean -= deviation / rest;
        count = rest;
      }
      // the variance of such a sum of values drawn without replacement, from a pool in which the others weigh 0
      const spread = squares - (sum * sum) / count;
      const varies = spread > <f64>(k + 4) * UNIT * squares && variance > error * error;
      const sd = varies ? Math.sqrt(variance * spread * (count / (count - 1.0))) : NaN;
      const score = (sign * (unchecked(around.sums[t]) - sum * mean)) / sd;
      unchecked((z[cell] = score));
      off = max(off, varies ? (<f64>(k + 4) * UNIT * sum * around.largest) / sd + 8.0 * UNIT * Math.abs(score) : 0.0);
    }
    unchecked((apart[i] = off));
  }
}

/**
 * Writes Kendall's S of the scores of each place over time and its variance with ties, NaN being left out. Scores that
 * are no farther apart than rounding puts equal ones are tied.
 */
export function trends(z: Float64Array, apart: Float64Array, s: Float64Array, variance: Float64Array): void {
  const steps = z.length / apart.length;
  const levels = new Levels(steps);
  for (let i = 0; i < apart.length; i++) {
    unchecked((s[i] = kendall(z, i * steps, steps, unchecked(apart[i]), levels)));
    unchecked((variance[i] = levels.variance));
  }
}
