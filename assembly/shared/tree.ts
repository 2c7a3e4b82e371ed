/**
 * A k-d tree over points, reordered in memory so that each leaf is a run. Bentley (1975), doi:10.1145/361002.361007.
 * An instance serves one job, so it holds one tree.
 */
import { dimensions } from "./space";

/** Points of a leaf at most. */
export const LEAF = 16;

/** Points that tell the spread of a subtree. */
const SAMPLE = 64;

/** Coordinates and indices of the points in the order of the tree. */
export let coordinates = new StaticArray<f64>(0);
export let indices = new StaticArray<i32>(0);
/** By subtree, the lowest index in it, the axis and the value that divide it; a subtree stands at its middle. */
export let lowest = new StaticArray<i32>(0);
export let axes = new StaticArray<u8>(0);
export let splits = new StaticArray<f64>(0);

// @ts-ignore: decorator
@inline
export function coordinate<D>(i: i32, axis: i32): f64 {
  return unchecked(coordinates[i * dimensions<D>() + axis]);
}

// @ts-ignore: decorator
@inline
function exchange<D>(i: i32, j: i32): void {
  for (let axis = 0; axis < dimensions<D>(); axis++) {
    const a = i * dimensions<D>() + axis;
    const b = j * dimensions<D>() + axis;
    const value = unchecked(coordinates[a]);
    unchecked((coordinates[a] = coordinates[b]));
    unchecked((coordinates[b] = value));
  }
  const index = unchecked(indices[i]);
  unchecked((indices[i] = indices[j]));
  unchecked((indices[j] = index));
}

/** Puts the point of rank `rank` on `axis` at its place among first .. last: quickselect (Hoare 1961). */
function place<D>(rank: i32, first: i32, last: i32, axis: i32): void {
  while (last > first) {
    const a = coordinate<D>(first, axis);
    const b = coordinate<D>((first + last) >> 1, axis);
    const c = coordinate<D>(last, axis);
    const pivot = max(min(a, b), min(max(a, b), c));
    let i = first;
    let j = last;
    while (i <= j) {
      while (coordinate<D>(i, axis) < pivot) i++;
      while (coordinate<D>(j, axis) > pivot) j--;
      if (i <= j) exchange<D>(i++, j--);
    }
    if (rank <= j) last = j;
    else if (rank >= i) first = i;
    else return;
  }
}

/** The axis along which points first .. last spread most, by a sample of them: it shapes the tree, not the result. */
function widest<D>(first: i32, last: i32): i32 {
  const stride = max(1, (last - first) / SAMPLE);
  let axis = 0;
  let width = -1.0;
  for (let a = 0; a < dimensions<D>(); a++) {
    let low = Infinity;
    let high = -Infinity;
    for (let i = first; i <= last; i += stride) {
      low = min(low, coordinate<D>(i, a));
      high = max(high, coordinate<D>(i, a));
    }
    if (high - low > width) {
      width = high - low;
      axis = a;
    }
  }
  return axis;
}

/** Writes the box of points first .. last: low and high by axis. */
export function boxOf<D>(first: i32, last: i32, low: StaticArray<f64>, high: StaticArray<f64>): void {
  for (let axis = 0; axis < dimensions<D>(); axis++) {
    let least = Infinity;
    let most = -Infinity;
    for (let i = first; i <= last; i++) {
      least = min(least, coordinate<D>(i, axis));
      most = max(most, coordinate<D>(i, axis));
    }
    unchecked((low[axis] = least));
    unchecked((high[axis] = most));
  }
}

/** Builds the subtree of points first .. last and returns the lowest index in it. */
function grow<D>(first: i32, last: i32): i32 {
  const middle = (first + last + 1) >> 1;
  let least = i32.MAX_VALUE;
  if (last - first < LEAF) {
    for (let i = first; i <= last; i++) least = min(least, unchecked(indices[i]));
  } else {
    const axis = widest<D>(first, last);
    place<D>(middle, first, last, axis);
    unchecked((axes[middle] = <u8>axis));
    unchecked((splits[middle] = coordinate<D>(middle, axis)));
    least = min(grow<D>(first, middle - 1), grow<D>(middle, last));
  }
  unchecked((lowest[middle] = least));
  return least;
}

/** Plants the tree over points with finite coordinates. */
export function plant<D>(xs: Float64Array, ys: Float64Array, zs: Float64Array): void {
  const n = xs.length;
  coordinates = new StaticArray<f64>(n * dimensions<D>());
  indices = new StaticArray<i32>(n);
  lowest = new StaticArray<i32>(n + 1);
  splits = new StaticArray<f64>(n + 1);
  axes = new StaticArray<u8>(n + 1);
  for (let i = 0, c = 0; i < n; i++) {
    unchecked((coordinates[c++] = xs[i]));
    unchecked((coordinates[c++] = ys[i]));
    if (dimensions<D>() == 3) unchecked((coordinates[c++] = zs[i]));
    unchecked((indices[i] = i));
  }
  if (n > 0) grow<D>(0, n - 1);
}
