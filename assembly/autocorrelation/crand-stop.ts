/**
 * Conditional permutation that ends early: a location is done with when `stop` draws are in each tail that counts. Its p
 * in a tail is then `stop` over the draws it took: Besag and Clifford (1991), doi:10.1093/biomet/78.2.301. What is
 * drawn does not depend on it, so that the draws of a location are the first of those it would have without.
 */
import { Crand, Stop } from "./crand";

/** Draws that a location is given at once: few, since most locations need few, then half as many as it had. */
const FIRST_DRAWS = 64;
const MOST_DRAWS = 2048;

/** Ends locations after so many draws in each of their tails. */
export function endAfter(c: Crand, draws: i32, tails: Int32Array): void {
  const n = tails.length;
  const stop = new Stop();
  stop.draws = draws;
  stop.tails = tails;
  stop.greaterAt = new Int32Array(n);
  stop.lesserAt = new Int32Array(n);
  stop.values = new Float64Array(2 * MOST_DRAWS * c.threads);
  c.stop = stop;
}

export function greaterAtOf(c: Crand): Int32Array {
  return c.stop!.greaterAt;
}

export function lesserAtOf(c: Crand): Int32Array {
  return c.stop!.lesserAt;
}

/** Whether location i needs no more draws. */
// @ts-ignore: decorator
@inline
export function isDone(stop: Stop, i: i32): bool {
  const tails = unchecked(stop.tails[i]);
  return ((tails & 1) == 0 || unchecked(stop.greaterAt[i]) > 0) && ((tails & 2) == 0 || unchecked(stop.lesserAt[i]) > 0);
}

/** Where the values of a thread begin, and the room beside them. */
// @ts-ignore: decorator
@inline
export function valuesOf(thread: i32): i32 {
  return 2 * thread * MOST_DRAWS;
}
// @ts-ignore: decorator
@inline
export function roomOf(thread: i32): i32 {
  return (2 * thread + 1) * MOST_DRAWS;
}

/** How many draws a location is given after `had` of this block. */
// @ts-ignore: decorator
@inline
export function next(had: i32): i32 {
  return min(MOST_DRAWS, max(FIRST_DRAWS, had >> 1));
}

/** Counts draws of location i, numbered from `first`, whose statistics are `values` from `begin` on, until it is done. */
export function countUntilDone(c: Crand, stop: Stop, i: i32, first: i32, values: Float64Array, begin: i32, count: i32): void {
  const low = unchecked(c.observed[i]) - unchecked(c.tolerance[i]);
  const high = unchecked(c.observed[i]) + unchecked(c.tolerance[i]);
  const draws = stop.draws;
  let greater = unchecked(c.greater[i]);
  let lesser = unchecked(c.lesser[i]);
  for (let at = 0; at < count; at++) {
    const value = unchecked(values[begin + at]);
    const isGreater = value >= low;
    const isLesser = value <= high;
    greater += i32(isGreater);
    lesser += i32(isLesser);
    const isFullAbove = isGreater && greater == draws;
    const isFullBelow = isLesser && lesser == draws;
    if (isFullAbove) unchecked((stop.greaterAt[i] = first + at + 1));
    if (isFullBelow) unchecked((stop.lesserAt[i] = first + at + 1));
    if ((isFullAbove || isFullBelow) && isDone(stop, i)) break;
  }
  unchecked((c.greater[i] = greater));
  unchecked((c.lesser[i] = lesser));
}
