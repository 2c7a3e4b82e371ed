/**
 * Exact inference for local statistics that rise with the sum of the neighbors' values. A plan holds what all locations
 * share; they are inferred in parts, so that the memory of a part serves the next.
 */
import { Exact, Part } from "./exact/locations";
export { infer } from "./exact/locations";
export * from "./shared/host";

/**
 * Plans for all values, which are not all equal.
 * @param drawn how many values locations draw, each once: their neighbors, or where they are fewer, those that are not
 * @param error how far a value may be off by rounding
 * @param mostBins how many bins there may be, a power of two from 65,536
 */
export function createExact(values: Float64Array, drawn: Int32Array, error: f64, mostBins: i32): Exact {
  return new Exact(values, drawn, error, mostBins);
}

/** Room for so many locations and neighbors of theirs. */
export function createPart(locations: i32, pairs: i32): Part {
  return new Part(locations, pairs);
}

/** Where a part has what is known of its locations. */
export function offsetsOf(part: Part): Int32Array {
  return part.offsets;
}

export function neighborsOf(part: Part): Int32Array {
  return part.neighbors;
}

/** How far sums that tie may differ, by location. */
export function toleranceOf(part: Part): Float64Array {
  return part.tolerance;
}

/** The sum of the neighbors' values; islands have 0. */
export function observedOf(part: Part): Float64Array {
  return part.observed;
}

/** P(sum >= observed), ties with it. */
export function greaterOf(part: Part): Float64Array {
  return part.greater;
}

/** P(sum <= observed), ties with it. */
export function lesserOf(part: Part): Float64Array {
  return part.lesser;
}

/** By how much rounding of values to bins may have changed both. */
export function spreadOf(part: Part): Float64Array {
  return part.spread;
}

/** The number of bins, 0 where none were needed. */
export function binsOf(c: Exact): i32 {
  return c.scales.length == 0 ? 0 : unchecked(c.scales[0]).tables.size;
}
