import { countUpTo, sortRange } from "../shared/sort";

/** The levels of tied values of a series, and how many values came of each. */
@final
export class Levels {
  /** The variance of S that the last series had. */
  variance: f64 = 0.0;
  /** The values ascending; then the lowest of each level. */
  sorted: StaticArray<f64>;
  /** A tree of counts by level, from 1 (Fenwick 1994, doi:10.1002/spe.4380240306). */
  tree: StaticArray<i32>;

  constructor(length: i32) {
    this.sorted = new StaticArray<f64>(length);
    this.tree = new StaticArray<i32>(length + 1);
  }

  /** How many came at or below a level. */
  upTo(level: i32): i32 {
    let count = 0;
    for (let at = level; at > 0; at -= at & -at) count += unchecked(this.tree[at]);
    return count;
  }

  add(level: i32, last: i32): void {
    for (let at = level; at <= last; at += at & -at) unchecked((this.tree[at] += 1));
  }
}

/** Kendall's S of a series: pairs of values of which the later is higher, less those of which it is lower. */
export function kendall(series: Float64Array, first: i32, length: i32, apart: f64, levels: Levels): f64 {
  const sorted = levels.sorted;
  let n = 0;
  for (let t = first; t < first + length; t++) {
    const value = unchecked(series[t]);
    if (!isNaN(value)) unchecked((sorted[n++] = value));
  }
  levels.variance = 0.0;
  if (n == 0) return 0.0;
  sortRange(sorted, 0, n - 1);
  let last = 0;
  let ties = 0.0;
  for (let begin = 0, at = 1; at <= n; at++) {
    if (at < n && unchecked(sorted[at]) - unchecked(sorted[at - 1]) <= apart) continue;
    const tied = <f64>(at - begin);
    ties += tied * (tied - 1.0) * (2.0 * tied + 5.0);
    unchecked((sorted[last++] = sorted[begin]));
    begin = at;
  }
  for (let level = 1; level <= last; level++) unchecked((levels.tree[level] = 0));
  let s = 0.0;
  for (let t = first, before = 0; t < first + length; t++) {
    const value = unchecked(series[t]);
    if (isNaN(value)) continue;
    const level = countUpTo(sorted, 0, last, value);
    s += <f64>(levels.upTo(level - 1) - (before - levels.upTo(level)));
    levels.add(level, last);
    before++;
  }
  levels.variance = (<f64>n * <f64>(n - 1) * <f64>(2 * n + 5) - ties) / 18.0;
  return s;
}
