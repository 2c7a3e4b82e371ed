import { sortRange } from "../shared/sort";

/**
 * Writes the quantile class of each value, from 1: the lowest whose upper edge is not below it; 0 of NaN. Edge q of k is
 * the percentile q / k, linearly interpolated (definition 7 of Hyndman and Fan 1996, doi:10.1080/00031305.1996.10473566).
 * No value lies between the two that it is interpolated from, so the lower of them stands for it.
 * @param apart by how much rounding may put a value above one that it equals
 * @param sorted room for the values, which are partly sorted there
 * @param sizes what the classes have, of shape (k,)
 */
export function classify(
  values: Float64Array,
  apart: Float64Array,
  sorted: Float64Array,
  classes: Int32Array,
  sizes: Int32Array,
): void {
  const k = sizes.length;
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    const value = unchecked(values[i]);
    if (value == value) unchecked((sorted[n++] = value));
  }
  sizes.fill(0);
  if (n == 0) {
    classes.fill(0);
    return;
  }
  const ranks = new StaticArray<i32>(k - 1);
  for (let q = 1; q < k; q++) unchecked((ranks[q - 1] = <i32>((<i64>q * <i64>(n - 1)) / <i64>k)));
  settle(sorted, 0, n - 1, ranks, 0, k - 1);
  const edges = new StaticArray<f64>(k - 1);
  for (let q = 1; q < k; q++) unchecked((edges[q - 1] = sorted[ranks[q - 1]]));
  for (let i = 0; i < values.length; i++) {
    const value = unchecked(values[i]);
    let q = 0;
    if (value == value) {
      q = 1;
      while (q < k && unchecked(edges[q - 1]) + unchecked(apart[i]) < value) q++;
      unchecked(sizes[q - 1]++);
    }
    unchecked((classes[i] = q));
  }
}

/**
 * Puts the values of ranks[from .. to) in their places in values[first .. last], those below before and those above
 * after them: quicksort of the parts that have a rank.
 */
function settle(values: Float64Array, first: i32, last: i32, ranks: StaticArray<i32>, from: i32, to: i32): void {
  if (from >= to) return;
  if (last - first < 32) return sortRange(values, first, last);
  const a = unchecked(values[first]);
  const b = unchecked(values[(first + last) >> 1]);
  const c = unchecked(values[last]);
  const pivot = max(min(a, b), min(max(a, b), c));
  let i = first;
  let j = last;
  while (i <= j) {
    while (unchecked(values[i]) < pivot) i++;
    while (unchecked(values[j]) > pivot) j--;
    if (i > j) break;
    const swap = unchecked(values[i]);
    unchecked((values[i++] = values[j]));
    unchecked((values[j--] = swap));
  }
  let low = from;
  while (low < to && unchecked(ranks[low]) <= j) low++;
  let high = low;
  while (high < to && unchecked(ranks[high]) < i) high++;
  settle(values, first, j, ranks, from, low);
  settle(values, i, last, ranks, high, to);
}

/**
 * Adds a step of all locations to counts by lag class, class, and next class; of shape (k + 1, k, k), first those
 * without a lag.
 */
export function countTransitions(
  lagClasses: Int32Array,
  classes: Int32Array,
  next: Int32Array,
  k: i32,
  counts: Float64Array,
): void {
  for (let i = 0; i < classes.length; i++) {
    const from = (unchecked(lagClasses[i]) * k + unchecked(classes[i]) - 1) * k;
    unchecked((counts[from + unchecked(next[i]) - 1] += 1.0));
  }
}
