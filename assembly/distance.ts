/**
 * Neighbors by distance: all points within a radius, and which edges of a graph have no other point too near, found in a k-d
 * tree; distances of pairs, and weights that fall with them.
 */
import { arc, dimensions, Plane, Space } from "./shared/space";
import { axes, coordinates, indices, LEAF, plant, splits } from "./shared/tree";
export { toUnitSphere } from "./shared/space";
export * from "./shared/host";

/** What a walk through the tree does with a point at a squared distance of at most the square of the radius. */
const COUNT = 0;
const FILL = 1;
const WITNESS_CIRCLE = 2;
const WITNESS_LUNE = 3;

/** The walk at hand: its center, squared radius and the point or edge that it is about. */
let cx = 0.0;
let cy = 0.0;
let cz = 0.0;
let reach = 0.0;
let self = 0;
let other = 0;
let edge = 0.0;
let found = 0;
let ex = 0.0;
let ey = 0.0;
let fx = 0.0;
let fy = 0.0;
let cursor = new StaticArray<i32>(0);
let rows = new Int32Array(0);
let lengths: Float64Array | null = null;

/** Plants the tree over points in the plane. Coordinates finite. */
export function buildPlane(xs: Float64Array, ys: Float64Array): void {
  plant<Plane>(xs, ys, ys);
}

/** The same over unit vectors. */
export function buildSpace(xs: Float64Array, ys: Float64Array, zs: Float64Array): void {
  plant<Space>(xs, ys, zs);
}

/** Walks through the points first .. last; (ox, oy, oz) is the gap by axis between the center and their cell. */
function walk<D>(action: i32, first: i32, last: i32, ox: f64, oy: f64, oz: f64): void {
  let gap = ox * ox + oy * oy;
  if (dimensions<D>() == 3) gap += oz * oz;
  if (gap > reach) return;
  if (last - first < LEAF) {
    for (let i = first; i <= last; i++) meet<D>(action, i);
    return;
  }
  const middle = (first + last + 1) >> 1;
  const axis = <i32>unchecked(axes[middle]);
  const split = unchecked(splits[middle]);
  const at = axis == 0 ? cx : axis == 1 ? cy : cz;
  const left = max(0.0, at - split);
  const right = max(0.0, split - at);
  side<D>(action, first, middle - 1, ox, oy, oz, axis, left);
  if (found > 0 && action >= WITNESS_CIRCLE) return;
  side<D>(action, middle, last, ox, oy, oz, axis, right);
}

// @ts-ignore: decorator
@inline
function side<D>(action: i32, first: i32, last: i32, ox: f64, oy: f64, oz: f64, axis: i32, gap: f64): void {
  walk<D>(
    action,
    first,
    last,
    axis == 0 ? max(ox, gap) : ox,
    axis == 1 ? max(oy, gap) : oy,
    dimensions<D>() == 3 && axis == 2 ? max(oz, gap) : oz,
  );
}

// @ts-ignore: decorator
@inline
function meet<D>(action: i32, i: i32): void {
  const at = i * dimensions<D>();
  const dx = unchecked(coordinates[at]) - cx;
  const dy = unchecked(coordinates[at + 1]) - cy;
  let distance = dx * dx + dy * dy;
  if (dimensions<D>() == 3) {
    const dz = unchecked(coordinates[at + 2]) - cz;
    distance += dz * dz;
  }
  if (distance > reach) return;
  const index = unchecked(indices[i]);
  if (index == self) return;
  if (action == COUNT) found++;
  else if (action == FILL) {
    const place = unchecked(cursor[index]);
    unchecked((cursor[index] = place + 1));
    unchecked((rows[place] = self));
    if (lengths != null) unchecked((lengths![place] = dimensions<D>() == 3 ? arc(Math.sqrt(distance)) : Math.sqrt(distance)));
  } else if (index != other) {
    const px = unchecked(coordinates[at]);
    const py = unchecked(coordinates[at + 1]);
    const e = (px - ex) * (px - ex) + (py - ey) * (py - ey);
    const f = (px - fx) * (px - fx) + (py - fy) * (py - fy);
    if (action == WITNESS_CIRCLE ? e + f < edge : e < edge && f < edge) found++;
  }
}

// @ts-ignore: decorator
@inline
function center<D>(xs: Float64Array, ys: Float64Array, zs: Float64Array, i: i32): void {
  cx = unchecked(xs[i]);
  cy = unchecked(ys[i]);
  cz = dimensions<D>() == 3 ? unchecked(zs[i]) : 0.0;
  self = i;
}

/** Adds up the neighbors within the square root of `square` of points begin .. end - 1 in offsets[i + 1]; returns their sum. */
function countWithin<D>(xs: Float64Array, ys: Float64Array, zs: Float64Array, square: f64, begin: i32, end: i32, offsets: Int32Array): f64 {
  let total: i64 = unchecked(offsets[begin]);
  reach = square;
  for (let i = begin; i < end; i++) {
    center<D>(xs, ys, zs, i);
    found = 0;
    walk<D>(COUNT, 0, indices.length - 1, 0.0, 0.0, 0.0);
    total += found;
    unchecked((offsets[i + 1] = <i32>min<i64>(total, i32.MAX_VALUE)));
  }
  return <f64>total;
}

/**
 * Enters points begin .. end - 1, in ascending order, into the rows of their neighbors: the relation is symmetric, so rows
 * ascend. `distances` gets the distance of each pair, in units of the coordinates or radians.
 */
function fillWithin<D>(
  xs: Float64Array,
  ys: Float64Array,
  zs: Float64Array,
  square: f64,
  begin: i32,
  end: i32,
  offsets: Int32Array,
  neighbors: Int32Array,
  distances: Float64Array | null,
): void {
  const n = xs.length;
  if (begin == 0) {
    cursor = new StaticArray<i32>(n);
    for (let i = 0; i < n; i++) unchecked((cursor[i] = offsets[i]));
  }
  reach = square;
  rows = neighbors;
  lengths = distances;
  for (let i = begin; i < end; i++) {
    center<D>(xs, ys, zs, i);
    walk<D>(FILL, 0, indices.length - 1, 0.0, 0.0, 0.0);
  }
}

export function countPlane(xs: Float64Array, ys: Float64Array, square: f64, begin: i32, end: i32, offsets: Int32Array): f64 {
  return countWithin<Plane>(xs, ys, ys, square, begin, end, offsets);
}

export function countSpace(xs: Float64Array, ys: Float64Array, zs: Float64Array, square: f64, begin: i32, end: i32, offsets: Int32Array): f64 {
  return countWithin<Space>(xs, ys, zs, square, begin, end, offsets);
}

export function fillPlane(
  xs: Float64Array,
  ys: Float64Array,
  square: f64,
  begin: i32,
  end: i32,
  offsets: Int32Array,
  neighbors: Int32Array,
  distances: Float64Array | null,
): void {
  fillWithin<Plane>(xs, ys, ys, square, begin, end, offsets, neighbors, distances);
}

export function fillSpace(
  xs: Float64Array,
  ys: Float64Array,
  zs: Float64Array,
  square: f64,
  begin: i32,
  end: i32,
  offsets: Int32Array,
  neighbors: Int32Array,
  distances: Float64Array | null,
): void {
  fillWithin<Space>(xs, ys, zs, square, begin, end, offsets, neighbors, distances);
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

/** Half of the square root of 3: the lune of an edge of length 1 lies within this of its middle. */
const LUNE = 0.8660254037844387;

/**
 * Writes 1 to keep[q] where the edge of pair q has no other point strictly inside the circle of which it is a diameter
 * (lune 0), or strictly nearer to both its ends than they are to each other (lune 1); else 0.
 */
export function emptyEdges(xs: Float64Array, ys: Float64Array, offsets: Int32Array, neighbors: Int32Array, lune: bool, keep: Int32Array): void {
  for (let i = 0; i < offsets.length - 1; i++) {
    for (let q = unchecked(offsets[i]); q < unchecked(offsets[i + 1]); q++) {
      other = unchecked(neighbors[q]);
      self = i;
      ex = unchecked(xs[i]);
      ey = unchecked(ys[i]);
      fx = unchecked(xs[other]);
      fy = unchecked(ys[other]);
      edge = (fx - ex) * (fx - ex) + (fy - ey) * (fy - ey);
      cx = 0.5 * (ex + fx);
      cy = 0.5 * (ey + fy);
      // a little more than needed, since the middle is rounded
      reach = edge * (lune ? LUNE * LUNE : 0.25) * (1.0 + 1e-9);
      found = 0;
      walk<Plane>(lune ? WITNESS_LUNE : WITNESS_CIRCLE, 0, indices.length - 1, 0.0, 0.0, 0.0);
      unchecked((keep[q] = i32(found == 0)));
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
