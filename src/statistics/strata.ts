import { DriveshaftError } from "../errors.js";
import type { Weights } from "../weights/weights.js";
import type { Rounded } from "./rounding.js";

/** Locations by the level of a column, within which values are drawn: restricted randomisation. */
export interface Strata {
  count: number;
  /** The stratum of each location, from 0 in the order in which they come. i32 of shape (n,), as the next two. */
  of: Int32Array;
  /** The locations, stratum by stratum, and the place of each among those of its own. */
  members: Int32Array;
  place: Int32Array;
  /** Where each stratum begins in them, and where the last ends. */
  begins: Int32Array;
}

/** Strata as they are told of. */
export interface StrataUsed {
  count: number;
  /** How many hold a single location or constant values, so that nothing varies there. */
  constant: number;
  /** How many locations have fewer than 20 draws. */
  few: number;
}

/**
 * The strata that labels make; undefined where there is one only, which restricts nothing.
 * @param labels whole numbers from 0
 * @throws INVALID_PARAMETER
 */
export function strataOf(labels: Int32Array | undefined, n: number): Strata | undefined {
  if (!labels) return undefined;
  if (labels.length !== n) {
    throw new DriveshaftError("INVALID_PARAMETER", `strata has ${labels.length} labels, expected n = ${n}`);
  }
  if (!known.has(labels)) known.set(labels, gather(labels));
  return known.get(labels);
}

/** Found once for each array, since several ask. */
const known = new WeakMap<Int32Array, Strata | undefined>();

function gather(labels: Int32Array): Strata | undefined {
  const n = labels.length;
  const numbers = new Map<number, number>();
  const of = labels.map((label, i) => {
    if (label < 0) {
      throw new DriveshaftError("INVALID_PARAMETER", `strata[${i}] is ${label}, expected a whole number of at least 0`);
    }
    const stratum = numbers.get(label) ?? numbers.size;
    numbers.set(label, stratum);
    return stratum;
  });
  const count = numbers.size;
  if (count < 2) return undefined;
  const begins = new Int32Array(count + 1);
  for (const stratum of of) begins[stratum + 1]!++;
  for (let s = 0; s < count; s++) begins[s + 1]! += begins[s]!;
  const filled = new Int32Array(count);
  const members = new Int32Array(n);
  const place = of.map((stratum, i) => {
    const at = filled[stratum]!++;
    members[begins[stratum]! + at] = i;
    return at;
  });
  return { count, of, members, place, begins };
}

export const sizeOf = ({ begins }: Strata, stratum: number): number => begins[stratum + 1]! - begins[stratum]!;

export const membersOf = ({ begins, members }: Strata, stratum: number): Int32Array =>
  members.subarray(begins[stratum], begins[stratum + 1]);

/** What the members of each stratum have. */
export const byStratum = (values: Float64Array, strata: Strata): Float64Array[] =>
  Array.from({ length: strata.count }, (_, s) => Float64Array.from(membersOf(strata, s), (i) => values[i]!));

/** Whether values are equal but for their rounding. */
export function isConstant(values: Float64Array, error: number): boolean {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high - low <= 2 * error;
}

/** How many neighbors location i has in each stratum in which it has some. */
export function neighborsWithin({ offsets, neighbors }: Weights, { of }: Strata, i: number): Map<number, number> {
  const counts = new Map<number, number>();
  for (let q = offsets[i]!; q < offsets[i + 1]!; q++) {
    const stratum = of[neighbors[q]!]!;
    counts.set(stratum, (counts.get(stratum) ?? 0) + 1);
  }
  return counts;
}

/** Fewer equally likely draws than these leave no p below 0.05. */
const ENOUGH_DRAWS = 20;

/** What is to be said of strata. */
export function describeStrata(
  values: Float64Array,
  { error }: Rounded,
  weights: Weights,
  strata: Strata | undefined,
): StrataUsed | undefined {
  if (!strata) return undefined;
  const { n, offsets } = weights;
  const constant = byStratum(values, strata).filter((own) => isConstant(own, error)).length;
  let few = 0;
  for (let i = 0; i < n; i++) {
    if (offsets[i] === offsets[i + 1]) continue;
    let draws = 1;
    for (const [stratum, k] of neighborsWithin(weights, strata, i)) {
      const others = sizeOf(strata, stratum) - Number(stratum === strata.of[i]);
      for (let j = 1; j <= Math.min(k, others - k) && draws < ENOUGH_DRAWS; j++) draws *= (others - j + 1) / j;
    }
    // quotients are rounded
    if (Math.round(draws) < ENOUGH_DRAWS) few++;
  }
  return { count: strata.count, constant, few };
}
