import { selectRank } from "../shared/sort";

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
  const edges = new StaticArray<f64>(k - 1);
  for (let q = 1, below = 0; q < k; q++) {
    const rank = <i32>((<i64>q * <i64>(n - 1)) / <i64>k);
    unchecked((edges[q - 1] = selectRank(sorted, rank, below, n - 1)));
    // what stands before an edge is not above those that follow
    below = rank;
  }
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
