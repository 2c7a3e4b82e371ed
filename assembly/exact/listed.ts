/**
 * The sums of all subsets of a size, sorted: of few values, whose sums may lie closer than any bins. With each number
 * of subsets that reach a sum comes the number of those that leave a location out: of the subsets of j that reach s, as
 * many hold the location as there are subsets of j - 1 of the others that reach s - its value.
 */
import { countBelow, countUpTo, sortRange } from "../shared/sort";

/** Most subsets that are listed. */
export const MOST_LISTED: f64 = 262144.0;

/** C(n, k), as far as f64 holds it. */
export function choose(n: i32, k: i32): f64 {
  let ways = 1.0;
  for (let i = 0; i < k; i++) ways = nearest((ways * <f64>(n - i)) / <f64>(i + 1));
  return ways;
}

/** The sums of all subsets of `size` values, ascending. */
export function sumsOfSubsets(values: Float64Array, size: i32): Float64Array {
  const n = values.length;
  const sums = new Float64Array(<i32>choose(n, size));
  const ids = new Int32Array(size);
  const partial = new Float64Array(size + 1);
  let first = 0;
  for (let at = 0; at < sums.length; at++) {
    for (let j = first; j < size; j++) {
      if (j > first) unchecked((ids[j] = unchecked(ids[j - 1]) + 1));
      unchecked((partial[j + 1] = unchecked(partial[j]) + unchecked(values[unchecked(ids[j])])));
    }
    unchecked((sums[at] = unchecked(partial[size])));
    // the last id that can move on does; those after it follow it
    first = size - 1;
    while (first > 0 && unchecked(ids[first]) == n - size + first) first--;
    unchecked((ids[first] += 1));
  }
  sortRange(sums, 0, sums.length - 1);
  return sums;
}

/** Of the subsets of k that leave out a location whose value is `own`, those whose sum is at least `sum`. */
export function subsetsAtLeast(lists: StaticArray<Float64Array>, k: i32, own: f64, sum: f64): f64 {
  let count = <f64>i32(<f64>k * own >= sum);
  for (let j = 1; j <= k; j++) {
    const list = unchecked(lists[j]);
    const below = countBelow(list, 0, list.length, sum - <f64>(k - j) * own);
    count = <f64>(list.length - below) - count;
  }
  return count;
}

/** The same of those whose sum is at most `sum`. */
export function subsetsAtMost(lists: StaticArray<Float64Array>, k: i32, own: f64, sum: f64): f64 {
  let count = <f64>i32(<f64>k * own <= sum);
  for (let j = 1; j <= k; j++) {
    const list = unchecked(lists[j]);
    count = <f64>countUpTo(list, 0, list.length, sum - <f64>(k - j) * own) - count;
  }
  return count;
}
