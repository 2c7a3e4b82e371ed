/**
 * The sums of all subsets of a size, sorted: of few values, whose sums may lie closer than any bins. With each number
 * of subsets that reach a sum comes the number of those that leave a location out: of the subsets of j that reach s, as
 * many hold the location as there are subsets of j - 1 of the others that reach s - its value.
 */
import { countBelow, countUpTo } from "../shared/sort";

/** Most subsets that are listed. */
export const MOST_LISTED: f64 = 1250000.0;

/** C(n, k), as far as f64 holds it. */
export function choose(n: i32, k: i32): f64 {
  let ways = 1.0;
  for (let i = 0; i < k; i++) ways = nearest((ways * <f64>(n - i)) / <f64>(i + 1));
  return ways;
}

/**
 * The sums of all subsets of each size up to `largest`, ascending. With each value come its sums with all subsets that
 * were there before, of one value fewer: both lists ascend, and are merged from behind, in place.
 */
export function sumsOfSubsets(values: Float64Array, largest: i32): StaticArray<Float64Array> {
  const n = values.length;
  const lists = new StaticArray<Float64Array>(largest + 1);
  for (let j = 0; j <= largest; j++) unchecked((lists[j] = new Float64Array(<i32>choose(n, j))));
  for (let at = 0; at < n; at++) {
    const value = unchecked(values[at]);
    for (let j = min(largest, at + 1); j > 0; j--) {
      const fewer = unchecked(lists[j - 1]);
      const list = unchecked(lists[j]);
      let own = <i32>choose(at, j - 1) - 1;
      let others = <i32>choose(at, j) - 1;
      for (let last = own + others + 1; own >= 0; last--) {
        const sum = unchecked(fewer[own]) + value;
        const isOther = others >= 0 && unchecked(list[others]) > sum;
        unchecked((list[last] = isOther ? list[others] : sum));
        others -= i32(isOther);
        own -= i32(!isOther);
      }
    }
  }
  return lists;
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
