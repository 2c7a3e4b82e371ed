import { DriveshaftError } from "../errors.js";
import { checkPoints } from "../weights/knn.js";
import { cutter, type ConvexRegion, type Cutter, type Cutting, type Line } from "./convex-region.js";
import { after } from "./flip-edges.js";
import { NOWHERE, POLYGON, type Geometry } from "./geometry.js";
import { spatialOrder } from "./spatial-order.js";
import { triangulate, type Triangulation } from "./triangulate.js";
import { around, centersOf, FEWEST, sitesOf, type Centers } from "./voronoi-centers.js";

export interface Voronoi {
  /** The cell of each point, a polygon; nowhere of one without. */
  cells: Geometry;
  /** Their areas, NaN where there is none; f64 of shape (n,). */
  areas: Float64Array;
  /** By point the one that stands for it: itself, or the first of those at the same place, which has their cell. */
  corners: Int32Array;
}

/** Four points around all others, by the half side of what they surround: what is near to them is far outside. */
const AROUND = [
  [8, 0],
  [0, 8],
  [-8, 0],
  [0, -8],
] as const;

/** Vertices nearer to each other than this share of the extent are one, so that no edge is as short as rounding. */
const NEAR = 2 ** -43;

/** And units in the last place of the coordinates. */
const UNITS = 2 ** -49;

/** Points nearer to each other than this many tolerances are one, since their cells would be as thin as rounding. */
const THIN = 128;

/**
 * The Voronoi diagram in a convex region: of each point the places that are nearer to it than to any other. Neighboring
 * cells have the same vertices, bit by bit, so that they leave no gap and do not overlap. Voronoi (1908),
 * doi:10.1515/crll.1908.133.97.
 * @param xs f64 of shape (n,), finite
 * @param ys f64 of shape (n,), finite
 * @param region a convex polygon, its corners counter-clockwise
 * @throws INVALID_PARAMETER where the arrays differ in length, or a coordinate is not finite
 */
export function voronoi(xs: Float64Array, ys: Float64Array, region: ConvexRegion): Voronoi {
  checkPoints(xs, ys);
  checkRegion(region);
  const n = xs.length;
  // a power of two, so that cubes of coordinates are numbers, and no digit changes
  const scale = scaleOf([xs, ys, region.xs, region.ys]);
  const scaled = (values: Float64Array): Float64Array => values.map((value) => scale * value);
  const within = { xs: scaled(region.xs), ys: scaled(region.ys) };
  const order = spatialOrder(xs, ys);
  const { px, py, tolerance } = surrounded(inOrder(scaled(xs), order), inOrder(scaled(ys), order), within);
  const triangulation = thinned(px, py, THIN * tolerance);
  const centers = centersOf(n, px, py, triangulation, tolerance);
  const rows = firstRows(triangulation.corners, order);
  const cells = writeCells(rows, triangulation, centers, cutter(within, tolerance));
  const { kinds, featureOffsets } = cells;
  const areas = new Float64Array(n).fill(NaN);
  for (let v = 0; v < cells.xs.length; v++) {
    cells.xs[v]! /= scale;
    cells.ys[v]! /= scale;
  }
  for (let i = 0; i < n; i++) {
    if (kinds[i] === POLYGON) areas[i] = areaOf(cells.xs, cells.ys, featureOffsets[i]!, featureOffsets[i + 1]!);
  }
  const corners = new Int32Array(n);
  for (let p = 0; p < n; p++) corners[order[p]!] = rows[triangulation.corners[p]!]!;
  return { cells, areas, corners };
}

function inOrder(values: Float64Array, order: Int32Array): Float64Array {
  const ordered = new Float64Array(order.length);
  for (let p = 0; p < order.length; p++) ordered[p] = values[order[p]!]!;
  return ordered;
}

/** By corner, of points in this order, the first of those at its place. */
function firstRows(corners: Int32Array, order: Int32Array): Int32Array {
  const rows = new Int32Array(order.length).fill(order.length);
  for (let p = 0; p < order.length; p++) rows[corners[p]!] = Math.min(rows[corners[p]!]!, order[p]!);
  return rows;
}

/** The cells of points, each a ring of centers, or where that leaves the region what was cut of it. @param rows by site */
function writeCells(
  rows: Int32Array,
  { triangles, halfedges }: Triangulation,
  { xs: centerXs, ys: centerYs, of }: Centers,
  { facing, side, onto, cut }: Cutter,
): Geometry {
  const isOutside = new Uint8Array(of.length);
  for (let t = 0; t < of.length; t++) {
    if (of[t] !== t) continue;
    const x = centerXs[t]!;
    const y = centerYs[t]!;
    const edge = facing(x, y);
    const left = side(edge, x, y);
    if (left < 0) isOutside[t] = 1;
    else if (left === 0) [centerXs[t], centerYs[t]] = onto(edge, x, y);
  }
  // sites in the order in which triangles have them, since those around a site are near each other in memory
  const { sites, edges } = sitesOf(triangles, rows.length, () => true);
  const counts = new Int32Array(rows.length);
  const ring = new Int32Array(triangles.length);
  const whole = new Int32Array(triangles.length);
  const cutCells = new Map<number, Cutting>();
  let written = 0;
  for (let s = 0; s < sites.length; s++) {
    const i = rows[sites[s]!]!;
    const count = around(edges[s]!, halfedges, of, ring);
    let leaves = false;
    for (let v = 0; v < count; v++) if (isOutside[ring[v]!] === 1) leaves = true;
    if (leaves) {
      const kept = cut(linesOf(ring.subarray(0, count), centerXs, centerYs));
      if (kept.xs.length < FEWEST) continue;
      cutCells.set(i, kept);
      counts[i] = kept.xs.length;
    } else if (count >= FEWEST) {
      for (let v = 0; v < count; v++) whole[written++] = ring[v]!;
      counts[i] = count;
    }
  }
  const cells = roomFor(counts);
  written = 0;
  for (const site of sites) {
    const i = rows[site]!;
    const begin = cells.featureOffsets[i]!;
    const end = cells.featureOffsets[i + 1]!;
    const kept = cutCells.get(i);
    if (kept) {
      cells.xs.set(kept.xs, begin);
      cells.ys.set(kept.ys, begin);
      continue;
    }
    for (let v = begin; v < end; v++) {
      const center = whole[written++]!;
      cells.xs[v] = centerXs[center]!;
      cells.ys[v] = centerYs[center]!;
    }
  }
  return cells;
}

/** Polygons of so many vertices each, in one ring; nowhere of none. */
function roomFor(counts: Int32Array): Geometry {
  const featureOffsets = new Int32Array(counts.length + 1);
  const ringOffsets = new Int32Array(counts.length + 1);
  const kinds = new Uint8Array(counts.length).fill(NOWHERE);
  let rings = 0;
  for (let i = 0; i < counts.length; i++) {
    featureOffsets[i + 1] = featureOffsets[i]! + counts[i]!;
    if (counts[i] === 0) continue;
    kinds[i] = POLYGON;
    ringOffsets[++rings] = featureOffsets[i + 1]!;
  }
  const vertices = featureOffsets[counts.length]!;
  return {
    xs: new Float64Array(vertices),
    ys: new Float64Array(vertices),
    ringOffsets: ringOffsets.slice(0, rings + 1),
    holes: new Uint8Array(rings),
    featureOffsets,
    kinds,
  };
}

function checkRegion({ xs, ys }: ConvexRegion): void {
  if (xs.length >= 3 && areaOf(xs, ys, 0, xs.length) > 0) return;
  throw new DriveshaftError("INVALID_PARAMETER", "region has no area, expected corners that go counter-clockwise");
}

function scaleOf(arrays: Float64Array[]): number {
  let most = 0;
  for (const values of arrays) for (const value of values) most = Math.max(most, Math.abs(value));
  let scale = 1;
  while (most * scale >= 1) scale /= 2;
  while (most * scale < 0.5) scale *= 2;
  return scale;
}

/** The points with four more around them and the region, so that every cell is bounded, and there are triangles. */
function surrounded(
  xs: Float64Array,
  ys: Float64Array,
  region: ConvexRegion,
): { px: Float64Array; py: Float64Array; tolerance: number } {
  const [west, east] = spanOf(xs, region.xs);
  const [south, north] = spanOf(ys, region.ys);
  const half = Math.max(east - west, north - south) / 2;
  const px = new Float64Array(xs.length + AROUND.length);
  const py = new Float64Array(px.length);
  px.set(xs);
  py.set(ys);
  AROUND.forEach(([dx, dy], at) => {
    px[xs.length + at] = (west + east) / 2 + dx * half;
    py[xs.length + at] = (south + north) / 2 + dy * half;
  });
  const largest = Math.max(Math.abs(west), Math.abs(east), Math.abs(south), Math.abs(north));
  return { px, py, tolerance: Math.max(NEAR * half, UNITS * largest) };
}

function spanOf(...arrays: Float64Array[]): [least: number, most: number] {
  let [least, most] = [Infinity, -Infinity];
  for (const values of arrays) {
    for (const value of values) {
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  return [least, most];
}

/** A triangulation in which no two corners are nearer to each other than `least`; the first stands for the others. */
function thinned(px: Float64Array, py: Float64Array, least: number): Triangulation {
  const all = triangulate(px, py);
  const { triangles, corners } = all;
  // the nearest of others is at the other end of an edge
  const merged = new Map<number, number>();
  for (let e = 0; e < triangles.length; e++) {
    const i = triangles[e]!;
    const j = triangles[after(e)]!;
    const dx = px[i]! - px[j]!;
    const dy = py[i]! - py[j]!;
    if (dx * dx + dy * dy < least * least && !merged.has(i) && !merged.has(j)) {
      merged.set(Math.max(i, j), Math.min(i, j));
    }
  }
  if (merged.size === 0) return all;
  const kept = Int32Array.from(corners.keys()).filter((i) => corners[i] === i && !merged.has(i));
  const places = new Int32Array(corners.length);
  kept.forEach((i, place) => (places[i] = place));
  function cornerOf(i: number): number {
    let corner = corners[i]!;
    for (let into = merged.get(corner); into !== undefined; into = merged.get(corner)) corner = into;
    return kept[fewer.corners[places[corner]!]!]!;
  }
  const of = (values: Float64Array): Float64Array => Float64Array.from(kept, (i) => values[i]!);
  const fewer = thinned(of(px), of(py), least);
  return {
    triangles: fewer.triangles.map((corner) => kept[corner]!),
    halfedges: fewer.halfedges,
    hull: fewer.hull.map((corner) => kept[corner]!),
    corners: corners.map((_, i) => cornerOf(i)),
  };
}

/** A cell with the lines of its edges, which have the same direction for both of the cells that share one. */
function linesOf(ring: Int32Array, xs: Float64Array, ys: Float64Array): Cutting {
  const lines = Array.from(ring, (center, v): Line => {
    const other = ring[v + 1] ?? ring[0]!;
    const [a, b] = center < other ? [center, other] : [other, center];
    return { ax: xs[a]!, ay: ys[a]!, bx: xs[b]!, by: ys[b]!, edge: -1 };
  });
  return { xs: Array.from(ring, (center) => xs[center]!), ys: Array.from(ring, (center) => ys[center]!), lines };
}

/** Half the sum of the cross products of neighboring vertices, relative to the first. */
function areaOf(xs: Float64Array, ys: Float64Array, begin: number, end: number): number {
  const [x0, y0] = [xs[begin]!, ys[begin]!];
  let twice = 0;
  for (let v = begin + 2; v < end; v++) {
    twice += (xs[v - 1]! - x0) * (ys[v]! - y0) - (xs[v]! - x0) * (ys[v - 1]! - y0);
  }
  return twice / 2;
}
