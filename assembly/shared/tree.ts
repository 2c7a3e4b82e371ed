/**
 * A k-d tree over points, reordered in memory so that each leaf is a run. Bentley (1975), doi:10.1145/361002.361007.
 */
import { dimensions, Plane, Space } from "./space";

/** Points of a leaf at most. */
export const LEAF = 16;

/** Points that tell the spread of a subtree. */
const SAMPLE = 64;

@final
export class Tree {
  /** Coordinates and indices of the points in the order of the tree. */
  coordinates!: StaticArray<f64>;
  indices!: StaticArray<i32>;
  /** By subtree, the lowest index in it, the axis and the value that divide it; a subtree stands at its middle. */
  lowest!: StaticArray<i32>;
  axes!: StaticArray<u8>;
  splits!: StaticArray<f64>;
}

// @ts-ignore: decorator
@inline
export function coordinate<D>(points: StaticArray<f64>, i: i32, axis: i32): f64 {
  return unchecked(points[i * dimensions<D>() + axis]);
}

/** The squared distance between two points. */
// @ts-ignore: decorator
@inline
export function squareBetween<D>(points: StaticArray<f64>, i: i32, j: i32): f64 {
  const dx = coordinate<D>(points, j, 0) - coordinate<D>(points, i, 0);
  const dy = coordinate<D>(points, j, 1) - coordinate<D>(points, i, 1);
  let square = dx * dx + dy * dy;
  if (dimensions<D>() == 3) {
    const dz = coordinate<D>(points, j, 2) - coordinate<D>(points, i, 2);
    square += dz * dz;
  }
  return square;
}

// @ts-ignore: decorator
@inline
export function exchange<D>(points: StaticArray<f64>, indices: StaticArray<i32>, i: i32, j: i32): void {
  for (let axis = 0; axis < dimensions<D>(); axis++) {
    const a = i * dimensions<D>() + axis;
    const b = j * dimensions<D>() + axis;
    const value = unchecked(points[a]);
    unchecked((points[a] = points[b]));
    unchecked((points[b] = value));
  }
  const index = unchecked(indices[i]);
  unchecked((indices[i] = indices[j]));
  unchecked((indices[j] = index));
}

/** Puts the point of rank `rank` on `axis` at its place among first .. last: quickselect (Hoare 1961). */
function place<D>(tree: Tree, rank: i32, first: i32, last: i32, axis: i32): void {
  const points = tree.coordinates;
  const indices = tree.indices;
  while (last > first) {
    const a = coordinate<D>(points, first, axis);
    const b = coordinate<D>(points, (first + last) >> 1, axis);
    const c = coordinate<D>(points, last, axis);
    const pivot = max(min(a, b), min(max(a, b), c));
    let i = first;
    let j = last;
    while (i <= j) {
      while (coordinate<D>(points, i, axis) < pivot) i++;
      while (coordinate<D>(points, j, axis) > pivot) j--;
      if (i <= j) exchange<D>(points, indices, i++, j--);
    }
    if (rank <= j) last = j;
    else if (rank >= i) first = i;
    else return;
  }
}

/** The axis along which points first .. last spread most, by a sample of them: it shapes the tree, not the result. */
function widest<D>(points: StaticArray<f64>, first: i32, last: i32): i32 {
  const stride = max(1, (last - first) / SAMPLE);
  let axis = 0;
  let width = -1.0;
  for (let a = 0; a < dimensions<D>(); a++) {
    let low = Infinity;
    let high = -Infinity;
    for (let i = first; i <= last; i += stride) {
      low = min(low, coordinate<D>(points, i, a));
      high = max(high, coordinate<D>(points, i, a));
    }
    if (high - low > width) {
      width = high - low;
      axis = a;
    }
  }
  return axis;
}

/** Writes the box of points first .. last: low and high by axis. */
export function boxOf<D>(
  points: StaticArray<f64>,
  first: i32,
  last: i32,
  low: StaticArray<f64>,
  high: StaticArray<f64>,
): void {
  for (let axis = 0; axis < dimensions<D>(); axis++) {
    let least = Infinity;
    let most = -Infinity;
    for (let i = first; i <= last; i++) {
      least = min(least, coordinate<D>(points, i, axis));
      most = max(most, coordinate<D>(points, i, axis));
    }
    unchecked((low[axis] = least));
    unchecked((high[axis] = most));
  }
}

/** Builds the subtree of points first .. last and returns the lowest index in it. */
export function grow<D>(tree: Tree, first: i32, last: i32): i32 {
  const middle = (first + last + 1) >> 1;
  let least = i32.MAX_VALUE;
  if (last - first < LEAF) {
    for (let i = first; i <= last; i++) least = min(least, unchecked(tree.indices[i]));
  } else {
    const axis = widest<D>(tree.coordinates, first, last);
    place<D>(tree, middle, first, last, axis);
    unchecked((tree.axes[middle] = <u8>axis));
    unchecked((tree.splits[middle] = coordinate<D>(tree.coordinates, middle, axis)));
    least = min(grow<D>(tree, first, middle - 1), grow<D>(tree, middle, last));
  }
  unchecked((tree.lowest[middle] = least));
  return least;
}

/** A tree over points in the plane. Coordinates finite. */
export function plantPlane(xs: Float64Array, ys: Float64Array): Tree {
  return plant<Plane>(xs, ys, ys);
}

/** The same of unit vectors. */
export function plantSpace(xs: Float64Array, ys: Float64Array, zs: Float64Array): Tree {
  return plant<Space>(xs, ys, zs);
}

function plant<D>(xs: Float64Array, ys: Float64Array, zs: Float64Array): Tree {
  const n = xs.length;
  const tree = new Tree();
  const points = new StaticArray<f64>(n * dimensions<D>());
  const indices = new StaticArray<i32>(n);
  tree.coordinates = points;
  tree.indices = indices;
  tree.lowest = new StaticArray<i32>(n + 1);
  tree.splits = new StaticArray<f64>(n + 1);
  tree.axes = new StaticArray<u8>(n + 1);
  for (let i = 0, c = 0; i < n; i++) {
    unchecked((points[c++] = xs[i]));
    unchecked((points[c++] = ys[i]));
    if (dimensions<D>() == 3) unchecked((points[c++] = zs[i]));
    unchecked((indices[i] = i));
  }
  if (n > 0) grow<D>(tree, 0, n - 1);
  return tree;
}
