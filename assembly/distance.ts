/** Neighbors by distance: all points within a radius, found in a k-d tree; distances of pairs, and weights that fall with them. */
import { arc, dimensions, Plane, Space } from "./shared/space";
import { sortRange } from "./shared/sort";
import { axes, boxOf, coordinate, coordinates, indices, LEAF, plant, splits } from "./shared/tree";
export { squareOverArc, toUnitSphere } from "./shared/space";
export * from "./shared/host";

/** Plants the tree over points in the plane. Coordinates finite. */
export function buildPlane(xs: Float64Array, ys: Float64Array): void {
  plant<Plane>(xs, ys, ys);
}

/** The same over unit vectors. */
export function buildSpace(xs: Float64Array, ys: Float64Array, zs: Float64Array): void {
  plant<Space>(xs, ys, zs);
}

/** The squared radius of the search at hand. */
let reach = 0.0;
/** The leaf that searches: its box, and by point what was found, or where the next neighbor goes. */
let low = new StaticArray<f64>(3);
let high = new StaticArray<f64>(3);
let places = new StaticArray<i32>(LEAF);
/** Rows of neighbors to fill; without, they are counted. */
let rows: Int32Array | null = null;

/** Offers points first .. last to every point of the leaf from .. to. */
function compare<D>(from: i32, to: i32, first: i32, last: i32): void {
  const points = coordinates;
  const square = reach;
  const row = rows;
  for (let i = from; i <= to; i++) {
    const x = coordinate<D>(i, 0);
    const y = coordinate<D>(i, 1);
    const z = dimensions<D>() == 3 ? coordinate<D>(i, 2) : 0.0;
    let place = unchecked(places[i - from]);
    for (let j = first; j <= last; j++) {
      const at = j * dimensions<D>();
      const dx = unchecked(points[at]) - x;
      const dy = unchecked(points[at + 1]) - y;
      let distance = dx * dx + dy * dy;
      if (dimensions<D>() == 3) {
        const dz = unchecked(points[at + 2]) - z;
        distance += dz * dz;
      }
      if (distance > square || i == j) continue;
      if (row != null) unchecked((row[place] = indices[j]));
      place++;
    }
    unchecked((places[i - from] = place));
  }
}

/** Offers the subtree of points first .. last to the leaf; (ox, oy, oz) is the gap by axis between its box and the subtree's cell. */
function visit<D>(from: i32, to: i32, first: i32, last: i32, ox: f64, oy: f64, oz: f64): void {
  let gap = ox * ox + oy * oy;
  if (dimensions<D>() == 3) gap += oz * oz;
  if (gap > reach) return;
  if (last - first < LEAF) {
    compare<D>(from, to, first, last);
    return;
  }
  const middle = (first + last + 1) >> 1;
  const axis = <i32>unchecked(axes[middle]);
  const split = unchecked(splits[middle]);
  visitSide<D>(from, to, first, middle - 1, ox, oy, oz, axis, max(0.0, unchecked(low[axis]) - split));
  visitSide<D>(from, to, middle, last, ox, oy, oz, axis, max(0.0, split - unchecked(high[axis])));
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

/** Searches for the points of a leaf together, and enters what they found at the offsets. Returns how many neighbors. */
function searchLeaf<D>(from: i32, to: i32, offsets: Int32Array): i64 {
  boxOf<D>(from, to, low, high);
  for (let i = from; i <= to; i++) unchecked((places[i - from] = rows == null ? 0 : offsets[indices[i]]));
  visit<D>(from, to, 0, indices.length - 1, 0.0, 0.0, 0.0);
  let total: i64 = 0;
  for (let i = from; i <= to; i++) {
    const place = unchecked(places[i - from]);
    const index = unchecked(indices[i]);
    if (rows != null) sortRange(rows!, unchecked(offsets[index]), place - 1);
    else {
      unchecked((offsets[index + 1] = place));
      total += place;
    }
  }
  return total;
}

/** Goes through the leaves under first .. last that begin at a position in begin .. end - 1. */
function searchRange<D>(begin: i32, end: i32, first: i32, last: i32, offsets: Int32Array): i64 {
  if (first >= end || last < begin) return 0;
  if (last - first < LEAF) return first >= begin ? searchLeaf<D>(first, last, offsets) : 0;
  const middle = (first + last + 1) >> 1;
  return searchRange<D>(begin, end, first, middle - 1, offsets) + searchRange<D>(begin, end, middle, last, offsets);
}

function within<D>(square: f64, begin: i32, end: i32, offsets: Int32Array, neighbors: Int32Array | null): f64 {
  reach = square;
  rows = neighbors;
  low = new StaticArray<f64>(3);
  high = new StaticArray<f64>(3);
  places = new StaticArray<i32>(LEAF);
  return <f64>searchRange<D>(begin, end, 0, indices.length - 1, offsets);
}

/**
 * For the points in the leaves that begin at tree positions begin .. end - 1: without `neighbors` counts those within the square
 * root of `square`, in offsets[index + 1], and returns their sum; with them writes each row, ascending, at its offset. Ranges that
 * cover 0 .. n cover every point.
 */
export function withinPlane(square: f64, begin: i32, end: i32, offsets: Int32Array, neighbors: Int32Array | null): f64 {
  return within<Plane>(square, begin, end, offsets, neighbors);
}

/** The same in space. */
export function withinSpace(square: f64, begin: i32, end: i32, offsets: Int32Array, neighbors: Int32Array | null): f64 {
  return within<Space>(square, begin, end, offsets, neighbors);
}

/** Writes the distances of pairs in the plane. */
export function pairsPlane(xs: Float64Array, ys: Float64Array, offsets: Int32Array, neighbors: Int32Array, distances: Float64Array): void {
  for (let i = 0; i < offsets.length - 1; i++) {
    for (let q = unchecked(offsets[i]); q < unchecked(offsets[i + 1]); q++) {
      const j = unchecked(neighbors[q]);
      const dx = unchecked(xs[j]) - unchecked(xs[i]);
      const dy = unchecked(ys[j]) - unchecked(ys[i]);
      unchecked((distances[q] = Math.sqrt(dx * dx + dy * dy)));
    }
  }
}

/** Writes the distances of pairs of unit vectors, in radians. */
export function pairsSpace(
  xs: Float64Array,
  ys: Float64Array,
  zs: Float64Array,
  offsets: Int32Array,
  neighbors: Int32Array,
  distances: Float64Array,
): void {
  for (let i = 0; i < offsets.length - 1; i++) {
    for (let q = unchecked(offsets[i]); q < unchecked(offsets[i + 1]); q++) {
      const j = unchecked(neighbors[q]);
      const dx = unchecked(xs[j]) - unchecked(xs[i]);
      const dy = unchecked(ys[j]) - unchecked(ys[i]);
      const dz = unchecked(zs[j]) - unchecked(zs[i]);
      unchecked((distances[q] = arc(Math.sqrt(dx * dx + dy * dy + dz * dz))));
    }
  }
}

/** How a weight falls with distance. */
const INVERSE = 0;
const UNIFORM = 1;
const TRIANGULAR = 2;
const EPANECHNIKOV = 3;
const QUARTIC = 4;

/** The weight at `u`: a distance with the power for inverse distance, a share of the bandwidth for kernels. */
function weightAt(kind: i32, u: f64, power: f64): f64 {
  if (kind == INVERSE) return power == 1.0 ? 1.0 / u : Math.pow(u, -power);
  if (u > 1.0) return 0.0;
  if (kind == UNIFORM) return 0.5;
  if (kind == TRIANGULAR) return 1.0 - u;
  if (kind == EPANECHNIKOV) return 0.75 * (1.0 - u * u);
  if (kind == QUARTIC) return (15.0 / 16.0) * (1.0 - u * u) * (1.0 - u * u);
  return Math.exp(-0.5 * u * u) / Math.sqrt(2.0 * Math.PI);
}

/** Replaces distances by weights. bandwidths[i] is that of row i. */
export function weigh(kind: i32, power: f64, offsets: Int32Array, bandwidths: Float64Array, values: Float64Array): void {
  for (let i = 0; i < offsets.length - 1; i++) {
    const bandwidth = unchecked(bandwidths[i]);
    for (let q = unchecked(offsets[i]); q < unchecked(offsets[i + 1]); q++) {
      const distance = unchecked(values[q]);
      unchecked((values[q] = weightAt(kind, kind == INVERSE ? distance : bandwidth > 0.0 ? distance / bandwidth : 0.0, power)));
    }
  }
}

/** The weight of a location for itself under a kernel. */
export function weightOfSelf(kind: i32): f64 {
  return weightAt(kind, 0.0, 1.0);
}
