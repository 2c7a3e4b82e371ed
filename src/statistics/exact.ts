import { exactKernel } from "../kernels/generated/exact.js";
import { withKernel } from "../kernels/load.js";
import { equalWeights } from "../weights/transform.js";
import type { Weights } from "../weights/weights.js";
import type { Rounded } from "./rounding.js";

/** Most values that a location draws: beyond it tables would take longer than draws. */
export const MOST_DRAWN = 64;

/** The smallest chance that transforms tell from their rounding; one from a list of all draws is exact. */
export const FLOOR = 1e-12;

/** Most bins of tables; and of those that are tried first where locations are few, in a seventh of the time. */
const MOST_BINS = 1 << 21;
const FEW_BINS = 1 << 16;
const FEW = 4096;
/** They do where rounding to bins may have changed no chance that counts by more than this share. */
const WIDE = 0.02;
/** Smaller chances do not count. */
export const LEAST = 1e-9;

/** Locations of a part, and their neighbors, unless one location has more. */
const LOCATIONS = 1 << 16;
const PAIRS = 1 << 19;

/**
 * What comes of a location: the chance of a sum that is at least, and of one that is at most the observed, ties in
 * both; and by how much rounding to bins may have changed either, upwards or downwards. Islands come with 1, 1 and 0.
 */
export type Visit = (i: number, greater: number, lesser: number, spread: number) => void;

export interface ExactSums {
  /** The sum of the neighbors' values times their weight, f64 of shape (n,); islands have 0. */
  observed: Float64Array;
  /** The number of bins; 0 where all draws were listed. */
  bins: number;
}

/** How many values are drawn for k neighbors: those that are not neighbors where they are fewer. */
const drawn = (k: number, n: number): number => Math.min(k, n - 1 - k);

/** Whether k of n locations are few enough to be neighbors of one of them, or those are that are not. */
export const isFew = (k: number, n: number): boolean => drawn(k, n) <= MOST_DRAWN;

/** Whether no location has more neighbors than that. */
export function drawsFew({ n, offsets }: Weights): boolean {
  for (let i = 0; i < n; i++) if (!isFew(offsets[i + 1]! - offsets[i]!, n)) return false;
  return true;
}

/**
 * Exact conditional inference for the sum of the neighbors' values: a location keeps its value, and all sets of as many
 * others are equally likely to be its neighbors. assembly/exact.ts says how.
 * @param values f64 of shape (n,), not all equal
 * @param rounded what is known of their rounding
 * @param weights equal within each row, that drawsFew
 * @param rounding how far apart rounding may put two lags that tie, by location
 * @param visit is given each location in turn
 */
export function exactSums(
  values: Float64Array,
  rounded: Rounded,
  weights: Weights,
  rounding: Float64Array,
  visit: Visit,
): ExactSums {
  if (weights.n <= FEW) {
    const found: Parameters<Visit>[] = [];
    let width = 0;
    const sums = inferSums(values, rounded, weights, rounding, FEW_BINS, (i, greater, lesser, spread) => {
      found.push([i, greater, lesser, spread]);
      const smaller = Math.min(greater, lesser);
      if (smaller > LEAST) width = Math.max(width, spread / smaller);
    });
    if (width <= WIDE) {
      found.forEach((each) => visit(...each));
      return sums;
    }
  }
  return inferSums(values, rounded, weights, rounding, MOST_BINS, visit);
}

/** exactSums by tables of so many bins at most. */
function inferSums(
  values: Float64Array,
  rounded: Rounded,
  weights: Weights,
  rounding: Float64Array,
  mostBins: number,
  visit: Visit,
): ExactSums {
  const { n, offsets, neighbors } = weights;
  const equal = equalWeights(weights)!;
  const numbers = new Set<number>();
  let most = 0;
  for (let i = 0; i < n; i++) {
    const k = offsets[i + 1]! - offsets[i]!;
    most = Math.max(most, k);
    if (k > 0 && k < n - 1) numbers.add(drawn(k, n));
  }
  return withKernel(exactKernel, ({ call, float64, int32, viewFloat64, viewInt32 }) => {
    const plan = call.createExact(float64(values), int32(Int32Array.from(numbers)), rounded.error, mostBins);
    const part = call.createPart(Math.min(n, LOCATIONS), Math.min(neighbors.length, Math.max(PAIRS, most)));
    // nothing is allocated from here on, so views stay
    const [offset, neighbor] = [viewInt32(call.offsetsOf(part)), viewInt32(call.neighborsOf(part))];
    const tolerance = viewFloat64(call.toleranceOf(part));
    const [sum, greater, lesser, spread] = [
      viewFloat64(call.observedOf(part)),
      viewFloat64(call.greaterOf(part)),
      viewFloat64(call.lesserOf(part)),
      viewFloat64(call.spreadOf(part)),
    ];
    const observed = new Float64Array(n);
    for (let first = 0, end = 0; first < n; first = end) {
      do end++;
      while (end < n && end - first < LOCATIONS && offsets[end + 1]! - offsets[first]! <= neighbor.length);
      offset.set(offsets.subarray(first, end + 1));
      neighbor.set(neighbors.subarray(offsets[first], offsets[end]));
      // sums are of weights of 1
      for (let i = first; i < end; i++) tolerance[i - first] = equal[i] === 0 ? 0 : rounding[i]! / equal[i]!;
      call.infer(plan, part, first, end - first);
      for (let i = first, at = 0; i < end; i++, at++) {
        observed[i] = equal[i]! * sum[at]!;
        visit(i, greater[at]!, lesser[at]!, spread[at]!);
      }
    }
    return { observed, bins: call.binsOf(plan) };
  });
}
