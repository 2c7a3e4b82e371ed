/**
 * Kendall's S: pairs that are in the same order by two variables, less those that are in the opposite one; and how many
 * pairs either variable tells apart. Knight (1966), doi:10.1080/01621459.1966.10480879.
 */
import { sortPairs, sortRange } from "../shared/sort";

/** Writes S of all pairs, and how many pairs differ in x, and in y, to sums. */
export function allPairs(x: Float64Array, y: Float64Array, sums: Float64Array): void {
  const n = x.length;
  const keys = new StaticArray<f64>(n);
  const order = new StaticArray<i32>(n);
  const ys = new StaticArray<f64>(n);
  for (let i = 0; i < n; i++) {
    unchecked((keys[i] = x[i]));
    unchecked((order[i] = i));
  }
  sortPairs(keys, order, 0, n - 1);
  for (let i = 0; i < n; i++) unchecked((ys[i] = y[order[i]]));
  // y in the order of x, and where that ties in its own
  let both = 0.0;
  for (let begin = 0, end = 0; begin < n; begin = end) {
    while (end < n && unchecked(keys[end]) == unchecked(keys[begin])) end++;
    sortRange(ys, begin, end - 1);
    both += tiedPairs(ys, begin, end);
  }
  const tiedX = tiedPairs(keys, 0, n);
  const opposite = countInversions(ys, keys);
  const tiedY = tiedPairs(ys, 0, n);
  const all = (<f64>n * <f64>(n - 1)) / 2.0;
  unchecked((sums[0] = all - tiedX - tiedY + both - 2.0 * opposite));
  unchecked((sums[1] = all - tiedX));
  unchecked((sums[2] = all - tiedY));
}

/** The same of pairs of a row and a neighbor of it. */
export function neighborPairs(
  x: Float64Array,
  y: Float64Array,
  offsets: Int32Array,
  neighbors: Int32Array,
  sums: Float64Array,
): void {
  let s = 0.0;
  let apartX = 0.0;
  let apartY = 0.0;
  for (let i = 0; i < x.length; i++) {
    const ownX = unchecked(x[i]);
    const ownY = unchecked(y[i]);
    for (let q = unchecked(offsets[i]); q < unchecked(offsets[i + 1]); q++) {
      const j = unchecked(neighbors[q]);
      const byX = sign(unchecked(x[j]), ownX);
      const byY = sign(unchecked(y[j]), ownY);
      s += <f64>(byX * byY);
      apartX += <f64>(byX * byX);
      apartY += <f64>(byY * byY);
    }
  }
  unchecked((sums[0] = s));
  unchecked((sums[1] = apartX));
  unchecked((sums[2] = apartY));
}

// @ts-ignore: decorator
@inline
function sign(a: f64, b: f64): i32 {
  return i32(a > b) - i32(a < b);
}

/** Pairs of equal values among ascending ones. */
function tiedPairs(sorted: StaticArray<f64>, begin: i32, end: i32): f64 {
  let pairs = 0.0;
  for (let i = begin, run = 0; i < end; i++) {
    run = i > begin && unchecked(sorted[i]) == unchecked(sorted[i - 1]) ? run + 1 : 0;
    pairs += <f64>run;
  }
  return pairs;
}

/** Sorts values by merging, and returns how many pairs were in the opposite order; `room` is for as many. */
function countInversions(values: StaticArray<f64>, room: StaticArray<f64>): f64 {
  const n = values.length;
  let from = values;
  let to = room;
  let inversions = 0.0;
  for (let width = 1; width < n; width *= 2) {
    for (let begin = 0; begin < n; begin += 2 * width) {
      const middle = min(begin + width, n);
      const end = min(begin + 2 * width, n);
      let left = begin;
      let right = middle;
      for (let at = begin; at < end; at++) {
        if (right == end || (left < middle && unchecked(from[left]) <= unchecked(from[right]))) {
          unchecked((to[at] = from[left++]));
        } else {
          inversions += <f64>(middle - left);
          unchecked((to[at] = from[right++]));
        }
      }
    }
    const swap = from;
    from = to;
    to = swap;
  }
  if (from !== values) for (let i = 0; i < n; i++) unchecked((values[i] = from[i]));
  return inversions;
}
