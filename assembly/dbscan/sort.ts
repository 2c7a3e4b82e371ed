/** Sorts points along an axis: into buckets of equal width, quicksort of those that hold many, then insertion sort. */
import { dimensions } from "../shared/space";
import { coordinate, exchange } from "../shared/tree";

/** Points that insertion sort takes. */
const FEW = 24;

/** Points of a first bucket, about, where there are many: so few that they stay in a cache while they are sorted. */
const DEALT = 512;
const MANY = 8192;

/** Room to sort in, for as many points as were sorted together so far. */
@final
export class Bench {
  points: StaticArray<f64> = new StaticArray<f64>(0);
  indices: StaticArray<i32> = new StaticArray<i32>(0);
  /** Where buckets begin. */
  begins: StaticArray<i32> = new StaticArray<i32>(0);

  reserve<D>(n: i32): void {
    if (n <= this.indices.length) return;
    const room = max(n, 2 * this.indices.length);
    this.points = new StaticArray<f64>(room * dimensions<D>());
    this.indices = new StaticArray<i32>(room);
    this.begins = new StaticArray<i32>(room + 1);
  }
}

/** Buckets per unit, so many over an extent; 0 for all in one where it is too wide or too narrow to divide by. */
// @ts-ignore: decorator
@inline
function densityOf(buckets: i32, extent: f64): f64 {
  const density = (<f64>buckets - 0.5) / extent;
  return density < Infinity ? density : 0.0;
}

// @ts-ignore: decorator
@inline
function bucketOf(distance: f64, density: f64): i32 {
  return density > 0.0 ? <i32>(distance * density) : 0;
}

/** Puts points from columns into rows, ascending along the first axis. */
export function sortColumns<D>(
  bench: Bench,
  xs: Float64Array,
  ys: Float64Array,
  zs: Float64Array,
  points: StaticArray<f64>,
  indices: StaticArray<i32>,
): void {
  const n = xs.length;
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < n; i++) {
    low = min(low, unchecked(xs[i]));
    high = max(high, unchecked(xs[i]));
  }
  const buckets = n / DEALT + 1;
  const density = densityOf(buckets, high - low);
  const begins = new StaticArray<i32>(buckets + 1);
  for (let i = 0; i < n; i++) {
    const b = bucketOf(unchecked(xs[i]) - low, density);
    unchecked((begins[b + 1] = begins[b + 1] + 1));
  }
  for (let b = 1; b <= buckets; b++) unchecked((begins[b] = begins[b] + begins[b - 1]));
  for (let i = 0; i < n; i++) {
    const b = bucketOf(unchecked(xs[i]) - low, density);
    const to = unchecked(begins[b]);
    unchecked((begins[b] = to + 1));
    const at = to * dimensions<D>();
    unchecked((points[at] = xs[i]));
    unchecked((points[at + 1] = ys[i]));
    if (dimensions<D>() == 3) unchecked((points[at + 2] = zs[i]));
    unchecked((indices[to] = i));
  }
  sortBuckets<D>(bench, points, indices, begins, buckets, 0, 0);
}

/** Sorts points first .. last ascending along `axis`, each taking its index along. */
export function sortAlong<D>(
  bench: Bench,
  points: StaticArray<f64>,
  indices: StaticArray<i32>,
  first: i32,
  last: i32,
  axis: i32,
): void {
  const count = last - first + 1;
  if (count <= FEW) return insert<D>(points, indices, first, last, axis);
  let low = Infinity;
  let high = -Infinity;
  for (let i = first; i <= last; i++) {
    low = min(low, coordinate<D>(points, i, axis));
    high = max(high, coordinate<D>(points, i, axis));
  }
  if (low == high) return;
  bench.reserve<D>(count);
  const isDealt = count > MANY;
  const buckets = isDealt ? count / DEALT + 1 : count;
  // buckets of a bucket are sorted in the same room
  const begins = isDealt ? new StaticArray<i32>(buckets + 1) : bench.begins;
  distribute<D>(bench, points, indices, first, last, axis, low, densityOf(buckets, high - low), begins, buckets);
  if (isDealt) sortBuckets<D>(bench, points, indices, begins, buckets, first, axis);
  else {
    for (let b = 0, begin = first; b < buckets; b++) {
      const end = unchecked(begins[b]);
      if (end - begin > FEW) divide<D>(points, indices, begin, end - 1, axis);
      begin = end;
    }
    insert<D>(points, indices, first, last, axis);
  }
}

/** Sorts the points of each bucket; `ends` says where it ends, and the first begins at `first`. */
function sortBuckets<D>(
  bench: Bench,
  points: StaticArray<f64>,
  indices: StaticArray<i32>,
  ends: StaticArray<i32>,
  buckets: i32,
  first: i32,
  axis: i32,
): void {
  const count = unchecked(ends[buckets - 1]) - first;
  for (let b = 0, begin = first; b < buckets; b++) {
    const end = unchecked(ends[b]);
    // where one has nearly all, buckets lead nowhere
    if (end - begin > MANY && 2 * (end - begin) > count) {
      divide<D>(points, indices, begin, end - 1, axis);
      insert<D>(points, indices, begin, end - 1, axis);
    } else sortAlong<D>(bench, points, indices, begin, end - 1, axis);
    begin = end;
  }
}

// @ts-ignore: decorator
@inline
function move<D>(from: StaticArray<f64>, i: i32, to: StaticArray<f64>, j: i32): void {
  for (let axis = 0; axis < dimensions<D>(); axis++) {
    unchecked((to[j * dimensions<D>() + axis] = from[i * dimensions<D>() + axis]));
  }
}

/** Puts points into buckets, and leaves in `begins` where each of these ends. */
function distribute<D>(
  bench: Bench,
  points: StaticArray<f64>,
  indices: StaticArray<i32>,
  first: i32,
  last: i32,
  axis: i32,
  low: f64,
  density: f64,
  begins: StaticArray<i32>,
  buckets: i32,
): void {
  const before = bench.points;
  const indicesBefore = bench.indices;
  for (let b = 0; b <= buckets; b++) unchecked((begins[b] = 0));
  for (let i = first; i <= last; i++) {
    move<D>(points, i, before, i - first);
    unchecked((indicesBefore[i - first] = indices[i]));
    const b = bucketOf(coordinate<D>(points, i, axis) - low, density);
    unchecked((begins[b + 1] = begins[b + 1] + 1));
  }
  unchecked((begins[0] = first));
  for (let b = 1; b <= buckets; b++) unchecked((begins[b] = begins[b] + begins[b - 1]));
  for (let i = 0; i <= last - first; i++) {
    const b = bucketOf(coordinate<D>(before, i, axis) - low, density);
    const to = unchecked(begins[b]);
    unchecked((begins[b] = to + 1));
    move<D>(before, i, points, to);
    unchecked((indices[to] = indicesBefore[i]));
  }
}

/** Quicksort down to runs that insertion sort takes. */
function divide<D>(points: StaticArray<f64>, indices: StaticArray<i32>, first: i32, last: i32, axis: i32): void {
  while (last - first >= FEW) {
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
    // recurse into the smaller half, so that the stack stays logarithmic
    if (j - first < last - i) {
      divide<D>(points, indices, first, j, axis);
      first = i;
    } else {
      divide<D>(points, indices, i, last, axis);
      last = j;
    }
  }
}

function insert<D>(points: StaticArray<f64>, indices: StaticArray<i32>, first: i32, last: i32, axis: i32): void {
  for (let i = first + 1; i <= last; i++) {
    const value = coordinate<D>(points, i, axis);
    if (coordinate<D>(points, i - 1, axis) <= value) continue;
    const x = coordinate<D>(points, i, 0);
    const y = coordinate<D>(points, i, 1);
    const z = dimensions<D>() == 3 ? coordinate<D>(points, i, 2) : 0.0;
    const index = unchecked(indices[i]);
    let j = i;
    do {
      move<D>(points, j - 1, points, j);
      unchecked((indices[j] = indices[j - 1]));
      j--;
    } while (j > first && coordinate<D>(points, j - 1, axis) > value);
    const at = j * dimensions<D>();
    unchecked((points[at] = x));
    unchecked((points[at + 1] = y));
    if (dimensions<D>() == 3) unchecked((points[at + 2] = z));
    unchecked((indices[j] = index));
  }
}
