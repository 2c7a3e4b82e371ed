/**
 * Conditional permutation: location i keeps its value, and its k neighbors are drawn from the other locations.
 * Anselin (1995), doi:10.1111/j.1538-4632.1995.tb00338.x. What every engine counts, for each location: the draws whose
 * statistic is at least and at most the observed one, ties in both.
 *
 * `crand-sums` serves statistics that rise with the sum of the neighbors' values: one binary search a location.
 * `crand-forms` serves weighted sums of several attributes of the neighbors: a matrix product.
 * `crand-products` serves products of two lags.
 * `crand-independent` gives every location draws of its own.
 * `crand-strata` draws every neighbor from the neighbor's own stratum.
 * The last four can end a location early: `crand-stop`.
 */

/** Where locations end early: crand-stop. */
export class Stop {
  draws: i32 = 0;
  /** By location, the tails that count: 1 at least, 2 at most the observed statistic. */
  tails!: Int32Array;
  /** The draw, from 1, at which a tail had so many; 0 where it has not. */
  greaterAt!: Int32Array;
  lesserAt!: Int32Array;
  /** Statistics of the draws of a location that are looked at, by thread; and room for as many numbers more. */
  values!: Float64Array;
}

export class Crand {
  threads: i32 = 1;
  barrier!: Int32Array;
  /** The neighbors as CSR offsets. */
  offsets!: Int32Array;
  /** The statistic of each location, and how far a draw that ties may differ from it. */
  observed!: Float64Array;
  tolerance!: Float64Array;
  greater!: Int32Array;
  lesser!: Int32Array;
  stop: Stop | null = null;
}

export function prepare(c: Crand, offsets: Int32Array, tolerance: Float64Array, threads: i32): void {
  const n = offsets.length - 1;
  c.threads = threads;
  c.barrier = new Int32Array(2);
  c.offsets = offsets;
  c.observed = new Float64Array(n);
  c.tolerance = tolerance;
  c.greater = new Int32Array(n);
  c.lesser = new Int32Array(n);
}

/** Counts a draw of location i that was counted with `value` as what it should have been. */
// @ts-ignore: decorator
@inline
export function amend(c: Crand, i: i32, low: f64, high: f64, value: f64, corrected: f64): void {
  unchecked((c.greater[i] += i32(corrected >= low) - i32(value >= low)));
  unchecked((c.lesser[i] += i32(corrected <= high) - i32(value <= high)));
}

/** The statistic of each location; islands have 0. */
export function observedOf(c: Crand): Float64Array {
  return c.observed;
}

/** Draws whose statistic is at least the observed one, by location. */
export function greaterOf(c: Crand): Int32Array {
  return c.greater;
}

/** Draws whose statistic is at most the observed one, by location. */
export function lesserOf(c: Crand): Int32Array {
  return c.lesser;
}
