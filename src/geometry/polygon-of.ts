import { orient2d } from "robust-predicates";
import { POLYGON, type Geometry } from "./geometry.js";
import { ringsOfFeatures } from "./take-features.js";

/** Buckets along each side, at most. */
const MOST_BUCKETS = 1024;

/** Edges of a polygon in a slab, about. */
const EDGES = 4;

/**
 * The polygon that each point is in, the first of several; -1 where it is in none. On which side of an edge a point
 * lies is decided exactly, and one on an edge is to the right of it, so that of polygons which share their edges
 * exactly one has it.
 * @param geometry of which only polygons count, with their holes
 * @returns i32 of shape (n,)
 */
export function polygonOf(geometry: Geometry, xs: Float64Array, ys: Float64Array): Int32Array {
  const outlines = outlinesOf(geometry);
  const { bucketOf, polygons, offsets } = bucketsOf(outlines);
  const found = new Int32Array(xs.length).fill(-1);
  for (let i = 0; i < xs.length; i++) {
    const [x, y] = [xs[i]!, ys[i]!];
    const bucket = bucketOf(x, y);
    if (bucket < 0) continue;
    for (let q = offsets[bucket]!; q < offsets[bucket + 1]! && found[i]! < 0; q++) {
      const outline = outlines[polygons[q]!]!;
      if (outline.contains(x, y)) found[i] = outline.feature;
    }
  }
  return found;
}

/** A polygon with its edges in horizontal slabs, so that few are looked at for a point. */
interface Outline {
  feature: number;
  west: number;
  east: number;
  south: number;
  north: number;
  contains(x: number, y: number): boolean;
}

function outlinesOf(geometry: Geometry): Outline[] {
  const rings = ringsOfFeatures(geometry);
  const found: Outline[] = [];
  geometry.kinds.forEach((kind, i) => {
    if (kind === POLYGON) found.push(outlineOf(geometry, i, rings[i]!, rings[i + 1]!));
  });
  return found;
}

function outlineOf(
  { xs, ys, ringOffsets, featureOffsets }: Geometry,
  feature: number,
  first: number,
  end: number,
): Outline {
  const vertices = [featureOffsets[feature]!, featureOffsets[feature + 1]!] as const;
  const [west, east] = spanOf(xs, ...vertices);
  const [south, north] = spanOf(ys, ...vertices);
  const slabs = Math.max(1, Math.floor((vertices[1] - vertices[0]) / EDGES));
  const slabOf = (y: number): number => Math.min(slabs - 1, Math.floor(((y - south) / (north - south)) * slabs) || 0);
  // the lower end of each edge first: which way a ring turns does not matter
  const edges: number[][] = Array.from({ length: slabs }, () => []);
  for (let ring = first; ring < end; ring++) {
    const last = ringOffsets[ring + 1]! - 1;
    for (let v = ringOffsets[ring]!, previous = last; v <= last; previous = v++) {
      if (ys[v] === ys[previous]) continue;
      const [lower, upper] = ys[previous]! < ys[v]! ? [previous, v] : [v, previous];
      for (let slab = slabOf(ys[lower]!); slab <= slabOf(ys[upper]!); slab++) edges[slab]!.push(lower, upper);
    }
  }
  return {
    feature,
    west,
    east,
    south,
    north,
    contains(x, y) {
      if (x < west || x > east || y < south || y > north) return false;
      const near = edges[slabOf(y)]!;
      let inside = false;
      for (let e = 0; e < near.length; e += 2) {
        const [a, b] = [near[e]!, near[e + 1]!];
        if (ys[a]! > y || ys[b]! <= y) continue;
        // the predicate has y go down, so that what lies to the left is negative
        if (orient2d(xs[a]!, ys[a]!, xs[b]!, ys[b]!, x, y) < 0) inside = !inside;
      }
      return inside;
    },
  };
}

function spanOf(values: Float64Array, begin: number, end: number): [least: number, most: number] {
  let [least, most] = [Infinity, -Infinity];
  for (let v = begin; v < end; v++) {
    least = Math.min(least, values[v]!);
    most = Math.max(most, values[v]!);
  }
  return [least, most];
}

/** Polygons by the buckets of a grid that their extents meet, about as many as there are polygons. */
function bucketsOf(outlines: Outline[]): {
  bucketOf(x: number, y: number): number;
  polygons: Int32Array;
  offsets: Int32Array;
} {
  const west = outlines.reduce((least, one) => Math.min(least, one.west), Infinity);
  const east = outlines.reduce((most, one) => Math.max(most, one.east), -Infinity);
  const south = outlines.reduce((least, one) => Math.min(least, one.south), Infinity);
  const north = outlines.reduce((most, one) => Math.max(most, one.north), -Infinity);
  const side = Math.min(MOST_BUCKETS, Math.ceil(Math.sqrt(outlines.length)) || 1);
  const column = (x: number): number => Math.min(side - 1, Math.floor(((x - west) / (east - west)) * side) || 0);
  const row = (y: number): number => Math.min(side - 1, Math.floor(((y - south) / (north - south)) * side) || 0);
  const buckets: number[][] = Array.from({ length: side * side }, () => []);
  outlines.forEach((one, i) => {
    for (let c = column(one.west); c <= column(one.east); c++) {
      for (let r = row(one.south); r <= row(one.north); r++) buckets[c * side + r]!.push(i);
    }
  });
  const offsets = new Int32Array(buckets.length + 1);
  buckets.forEach((bucket, b) => (offsets[b + 1] = offsets[b]! + bucket.length));
  return {
    bucketOf: (x, y) => (x < west || x > east || y < south || y > north ? -1 : column(x) * side + row(y)),
    polygons: Int32Array.from(buckets.flat()),
    offsets,
  };
}
