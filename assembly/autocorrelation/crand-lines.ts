/**
 * Counts the draws on one side of a line, for locations with equal weights and the form Q + c P, c the location's:
 * Geary's squared differences. In the plane of the columns P and Q a location's threshold is a line of slope c.
 *
 * Locations go in order of c, some hundred together. The draws are sorted once for the middle one of them; for the
 * others a draw's value is off by at most the difference in c times the largest |P|, so that only draws within this
 * slack of the threshold are looked at, the rest is a binary search. Counts are those of comparing every draw.
 */
import { countBelow, sortPairs } from "../shared/sort";

/** Rounding of sums that are compared across slopes, relative to their size. */
const ROUNDING = 1e-14;

/**
 * Locations that share a sorting, where there are `locations` of one cardinality: sorting costs about what slack does.
 */
export function linesGroup(locations: i32): i32 {
  return max(16, <i32>(5.0 * Math.sqrt(<f64>locations)));
}

/**
 * Writes the ids of the locations with neighbors to `order`, by cardinality and then by the second coefficient of each,
 * and where each cardinality begins to `begin`. The first 32 bits of a coefficient tell enough: a radix sort.
 */
export function orderLines(offsets: Int32Array, row: Int32Array, coefficients: Float64Array, order: Int32Array, begin: Int32Array): void {
  const n = offsets.length - 1;
  let ids = new StaticArray<i32>(n);
  let keys = new StaticArray<u32>(n);
  let count = 0;
  for (let i = 0; i < n; i++) {
    if (unchecked(offsets[i + 1]) == unchecked(offsets[i])) continue;
    const bits = <u32>(reinterpret<u64>(unchecked(coefficients[2 * i + 1])) >> 32);
    // ascending as a whole number: negative ones with all bits turned, others with the sign
    unchecked((keys[count] = bits >> 31 ? ~bits : bits | 0x80000000));
    unchecked((ids[count++] = i));
  }
  let nextIds = new StaticArray<i32>(n);
  let nextKeys = new StaticArray<u32>(n);
  const places = new StaticArray<i32>(2049);
  for (let shift = 0; shift < 32; shift += 11) {
    memory.fill(changetype<usize>(places), 0, 2049 << 2);
    for (let at = 0; at < count; at++) {
      const digit = ((unchecked(keys[at]) >> shift) & 2047) + 1;
      unchecked((places[digit] = places[digit] + 1));
    }
    for (let digit = 0; digit < 2048; digit++) unchecked((places[digit + 1] = places[digit + 1] + places[digit]));
    for (let at = 0; at < count; at++) {
      const digit = (unchecked(keys[at]) >> shift) & 2047;
      const place = unchecked(places[digit]);
      unchecked((places[digit] = place + 1));
      unchecked((nextKeys[place] = keys[at]));
      unchecked((nextIds[place] = ids[at]));
    }
    const otherKeys = keys;
    keys = nextKeys;
    nextKeys = otherKeys;
    const otherIds = ids;
    ids = nextIds;
    nextIds = otherIds;
  }
  // stable, so each cardinality keeps the order of the coefficients
  begin.fill(0);
  for (let at = 0; at < count; at++) {
    const i = unchecked(ids[at]);
    const group = unchecked(row[unchecked(offsets[i + 1]) - unchecked(offsets[i])]) + 1;
    unchecked((begin[group] = begin[group] + 1));
  }
  for (let r = 1; r < begin.length; r++) unchecked((begin[r] += begin[r - 1]));
  const next = new StaticArray<i32>(begin.length);
  for (let r = 0; r < begin.length; r++) unchecked((next[r] = begin[r]));
  for (let at = 0; at < count; at++) {
    const i = unchecked(ids[at]);
    const group = unchecked(row[unchecked(offsets[i + 1]) - unchecked(offsets[i])]);
    const place = unchecked(next[group]);
    unchecked((next[group] = place + 1));
    unchecked((order[place] = i));
  }
}

/**
 * Counts for the locations order[from .. to - 1], of one cardinality, the draws whose value is at least and at most the
 * observed one. Columns q and p begin at these places of `columns`; keys and draws are scratch from `base` on.
 */
export function countLines(
  columns: Float64Array,
  q: i32,
  p: i32,
  size: i32,
  order: Int32Array,
  from: i32,
  to: i32,
  coefficients: Float64Array,
  observed: Float64Array,
  tolerance: Float64Array,
  greater: Int32Array,
  lesser: Int32Array,
  keys: StaticArray<f64>,
  draws: StaticArray<i32>,
  base: i32,
): void {
  const middle = unchecked(coefficients[2 * unchecked(order[(from + to) >> 1]) + 1]);
  let largestP = 0.0;
  let largestQ = 0.0;
  for (let d = 0; d < size; d++) {
    const x = unchecked(columns[p + d]);
    const y = unchecked(columns[q + d]);
    largestP = max(largestP, Math.abs(x));
    largestQ = max(largestQ, Math.abs(y));
    unchecked((keys[base + d] = y + middle * x));
    unchecked((draws[base + d] = d));
  }
  sortPairs(keys, draws, base, base + size - 1);
  for (let at = from; at < to; at++) {
    const i = unchecked(order[at]);
    const slope = unchecked(coefficients[2 * i + 1]);
    const low = unchecked(observed[i]) - unchecked(tolerance[i]);
    const high = unchecked(observed[i]) + unchecked(tolerance[i]);
    const slack = Math.abs(slope - middle) * largestP + ROUNDING * (largestQ + (Math.abs(slope) + Math.abs(middle)) * largestP);
    let under = countBelow(keys, base, size, low - slack);
    let d = base + under;
    const limit = high + slack;
    let over = 0;
    for (; d < base + size && unchecked(keys[d]) <= limit; d++) {
      const draw = unchecked(draws[d]);
      const value = unchecked(columns[q + draw]) + slope * unchecked(columns[p + draw]);
      under += i32(value < low);
      over += i32(value > high);
    }
    over += base + size - d;
    unchecked((greater[i] += size - under));
    unchecked((lesser[i] += size - over));
  }
}
