/**
 * k nearest neighbors with a k-d tree: points reordered in memory so that each leaf is a run, and the points of a leaf
 * searching together, from the nearer side first.
 * Friedman, Bentley, Finkel (1977), doi:10.1145/355744.355745.
 *
 * Neighbors are ordered by (squared distance, index), so ties at the k-th distance have one answer whatever the shape of
 * the tree. Every node knows the lowest index below it: among coincident points a subtree that can only offer higher
 * indices is skipped, which keeps heaps of identical points from costing a full scan each.
 */
import { dimensions, Plane, Space } from "./shared/space";
import { axes, boxOf, coordinate, coordinates, indices, LEAF, lowest, plant, splits } from "./shared/tree";
export { toUnitSphere } from "./shared/space";
export * from "./shared/host";

/** The best neighbors so far of the points of one leaf: k ascending distances and indices each. */
let wanted = 0;
let bestDistances = new StaticArray<f64>(0);
let bestIndices = new StaticArray<i32>(0);
/** By point of the leaf: its number of neighbors so far, and the distance and index that the next must beat. */
let found = new StaticArray<i32>(0);
let worst = new StaticArray<f64>(0);
let worstIndex = new StaticArray<i32>(0);
/** The worst of the whole leaf. */
let reach = Infinity;
let reachIndex = i32.MAX_VALUE;
/** The box of the leaf: low and high by axis. */
let low = new StaticArray<f64>(3);
let high = new StaticArray<f64>(3);

function prepare<D>(xs: Float64Array, ys: Float64Array, zs: Float64Array, k: i32): void {
  plant<D>(xs, ys, zs);
  wanted = k;
  bestDistances = new StaticArray<f64>(LEAF * k);
  bestIndices = new StaticArray<i32>(LEAF * k);
  found = new StaticArray<i32>(LEAF);
  worst = new StaticArray<f64>(LEAF);
  worstIndex = new StaticArray<i32>(LEAF);
  low = new StaticArray<f64>(3);
  high = new StaticArray<f64>(3);
}

/** Builds the tree over points in the plane, for searches of k neighbors. Coordinates finite, 1 <= k < n. */
export function buildPlane(xs: Float64Array, ys: Float64Array, k: i32): void {
  prepare<Plane>(xs, ys, ys, k);
}

/** The same in space. */
export function buildSpace(xs: Float64Array, ys: Float64Array, zs: Float64Array, k: i32): void {
  prepare<Space>(xs, ys, zs, k);
}

/** Takes a point among the best of point p of the leaf. */
function insert(p: i32, distance: f64, index: i32): void {
  if (distance == unchecked(worst[p]) && index > unchecked(worstIndex[p])) return;
  // locals, because the compiler reads a global anew at every use
  const distances = bestDistances;
  const best = bestIndices;
  const k = wanted;
  const row = p * k;
  const count = unchecked(found[p]);
  let at = row + min(count, k - 1);
  while (at > row) {
    const previous = unchecked(distances[at - 1]);
    if (previous < distance || (previous == distance && unchecked(best[at - 1]) < index)) break;
    unchecked((distances[at] = previous));
    unchecked((best[at] = best[at - 1]));
    at--;
  }
  unchecked((distances[at] = distance));
  unchecked((best[at] = index));
  if (count < k) unchecked((found[p] = count + 1));
  if (count >= k - 1) {
    unchecked((worst[p] = distances[row + k - 1]));
    unchecked((worstIndex[p] = best[row + k - 1]));
  }
}

/** Offers points first .. last to every point of the leaf from .. to. */
function compare<D>(from: i32, to: i32, first: i32, last: i32): void {
  const points = coordinates;
  const limits = worst;
  for (let i = from; i <= to; i++) {
    const p = i - from;
    const x = coordinate<D>(i, 0);
    const y = coordinate<D>(i, 1);
    const z = dimensions<D>() == 3 ? coordinate<D>(i, 2) : 0.0;
    let limit = unchecked(limits[p]);
    for (let j = first; j <= last; j++) {
      const at = j * dimensions<D>();
      const dx = unchecked(points[at]) - x;
      const dy = unchecked(points[at + 1]) - y;
      let distance = dx * dx + dy * dy;
      if (dimensions<D>() == 3) {
        const dz = unchecked(points[at + 2]) - z;
        distance += dz * dz;
      }
      if (distance <= limit && i != j) {
        insert(p, distance, unchecked(indices[j]));
        limit = unchecked(limits[p]);
      }
    }
  }
  reach = 0.0;
  reachIndex = -1;
  for (let p = 0; p <= to - from; p++) {
    const distance = unchecked(worst[p]);
    const index = unchecked(worstIndex[p]);
    if (distance > reach || (distance == reach && index > reachIndex)) {
      reach = distance;
      reachIndex = index;
    }
  }
}

/** The lowest index among points first .. last of a subtree. */
// @ts-ignore: decorator
@inline
function lowestIn(first: i32, last: i32): i32 {
  return unchecked(lowest[(first + last + 1) >> 1]);
}

/**
 * Offers the subtree of points first .. last to the leaf from .. to. (ox, oy, oz) is the gap, by axis, between the box of
 * the leaf and the cell of the subtree. Rounding is monotone, so a gap never exceeds a computed distance.
 */
function visit<D>(from: i32, to: i32, first: i32, last: i32, ox: f64, oy: f64, oz: f64): void {
  let gap = ox * ox + oy * oy;
  if (dimensions<D>() == 3) gap += oz * oz;
  if (gap > reach) return;
  const middle = (first + last + 1) >> 1;
  if (gap == reach && lowestIn(first, last) > reachIndex) return;
  if (last - first < LEAF) {
    if (first != from) compare<D>(from, to, first, last);
    return;
  }
  const axis = <i32>unchecked(axes[middle]);
  const split = unchecked(splits[middle]);
  const left = max(0.0, unchecked(low[axis]) - split);
  const right = max(0.0, split - unchecked(high[axis]));
  if (left < right || (left == right && lowestIn(first, middle - 1) < lowestIn(middle, last))) {
    visitSide<D>(from, to, first, middle - 1, ox, oy, oz, axis, left);
    visitSide<D>(from, to, middle, last, ox, oy, oz, axis, right);
  } else {
    visitSide<D>(from, to, middle, last, ox, oy, oz, axis, right);
    visitSide<D>(from, to, first, middle - 1, ox, oy, oz, axis, left);
  }
}

// @ts-ignore: decorator
@inline
function visitSide<D>(from: i32, to: i32, first: i32, last: i32, ox: f64, oy: f64, oz: f64, axis: i32, gap: f64): void {
  visit<D>(
    from,
    to,
    first,
    last,
    axis == 0 ? max(ox, gap) : ox,
    axis == 1 ? max(oy, gap) : oy,
    dimensions<D>() == 3 && axis == 2 ? max(oz, gap) : oz,
  );
}

/** Finds the neighbors of the points of one leaf together: they share the way through the tree. */
function searchLeaf<D>(from: i32, to: i32, neighbors: Int32Array): void {
  for (let p = 0; p <= to - from; p++) {
    unchecked((found[p] = 0));
    unchecked((worst[p] = Infinity));
    unchecked((worstIndex[p] = i32.MAX_VALUE));
  }
  boxOf<D>(from, to, low, high);
  compare<D>(from, to, from, to);
  visit<D>(from, to, 0, indices.length - 1, 0.0, 0.0, 0.0);
  for (let i = from; i <= to; i++) {
    const row = unchecked(indices[i]) * wanted;
    const best = (i - from) * wanted;
    for (let j = 0; j < wanted; j++) unchecked((neighbors[row + j] = bestIndices[best + j]));
  }
}

/** Goes through the leaves under first .. last that begin at a position in begin .. end - 1. */
function searchRange<D>(begin: i32, end: i32, first: i32, last: i32, neighbors: Int32Array): void {
  if (first >= end || last < begin) return;
  if (last - first < LEAF) {
    if (first >= begin) searchLeaf<D>(first, last, neighbors);
    return;
  }
  const middle = (first + last + 1) >> 1;
  searchRange<D>(begin, end, first, middle - 1, neighbors);
  searchRange<D>(begin, end, middle, last, neighbors);
}

/**
 * Writes the k nearest other points of every point in the leaves that begin at tree positions begin .. end - 1 to rows of
 * `neighbors`, nearest first; a row's place is the point's index. Ranges that cover 0 .. n cover every point.
 */
export function searchPlane(begin: i32, end: i32, neighbors: Int32Array): void {
  searchRange<Plane>(begin, end, 0, indices.length - 1, neighbors);
}

/** The same in space. */
export function searchSpace(begin: i32, end: i32, neighbors: Int32Array): void {
  searchRange<Space>(begin, end, 0, indices.length - 1, neighbors);
}
