import Delaunator from "delaunator";
import { DriveshaftError } from "../errors.js";
import { nearest } from "../weights/nearest.js";
import { convexHull } from "./convex-hull.js";
import { flipAll, isTriangulation } from "./flip-edges.js";
import { sweepTriangles } from "./sweep-triangles.js";

/** A Delaunay triangulation in flat arrays. */
export interface Triangulation {
  /** Corners of triangles, three each, counter-clockwise; corner e is where half-edge e begins. */
  triangles: Uint32Array;
  /** By half-edge: that of the triangle on the other side, -1 on the hull. */
  halfedges: Int32Array;
  /** Corners along the hull, counter-clockwise. */
  hull: Uint32Array;
  /** By point: the corner at its place, the first point that is there; -1 of all where there are no triangles. */
  corners: Int32Array;
}

/** Coordinates are brought to this magnitude, since the library takes what is nearer than 2^-52 for one. */
const MAGNITUDE = 2 ** 100;

/**
 * Triangles of points none of which lies inside the circle around one, which is decided exactly: Delaunay (1934).
 * Without triangles where all points lie on a line. Where four lie on a circle it is one of several, the same for the
 * same points in the same order. Points that coincide are one corner.
 * @param xs f64 of shape (n,), finite
 * @param ys f64 of shape (n,), finite
 */
export function triangulate(xs: Float64Array, ys: Float64Array): Triangulation {
  const scale = scaleOf(xs, ys);
  const flat = new Float64Array(2 * xs.length);
  for (let i = 0; i < xs.length; i++) {
    flat[2 * i] = scale * xs[i]!;
    // the library has y go down
    flat[2 * i + 1] = -scale * ys[i]!;
  }
  const made = new Delaunator(flat);
  if (isTriangulation(made, flat)) {
    flipAll(made, flat);
    const corners = cornersOf(made, xs, ys);
    if (corners) return { triangles: made.triangles, halfedges: made.halfedges, hull: made.hull, corners };
  }
  const swept = sweepTriangles(flat);
  return { ...swept, corners: cornersOf(swept, xs, ys)! };
}

/** A power of two, by which multiplying is exact. */
function scaleOf(xs: Float64Array, ys: Float64Array): number {
  let most = 0;
  for (let i = 0; i < xs.length; i++) most = Math.max(most, Math.abs(xs[i]!), Math.abs(ys[i]!));
  if (most === 0) return 1;
  let scale = 1;
  while (most * scale < MAGNITUDE) scale *= 2;
  while (most * scale >= 2 * MAGNITUDE) scale /= 2;
  return scale;
}

/**
 * By point the corner at its place; of points at one place the first becomes it. Undefined where there is none, since
 * rounding hid a point that is next to others.
 */
function cornersOf(
  { triangles, hull }: { triangles: Uint32Array; hull: Uint32Array },
  xs: Float64Array,
  ys: Float64Array,
): Int32Array | undefined {
  const corners = new Int32Array(xs.length).fill(-1);
  for (const corner of triangles) corners[corner] = corner;
  if (triangles.length === 0 || !corners.includes(-1)) return corners;
  const all = Int32Array.from(corners.keys());
  const present = all.filter((i) => corners[i] === i);
  const hidden = all.filter((i) => corners[i] === -1);
  const of = (values: Float64Array, rows: Int32Array): Float64Array => Float64Array.from(rows, (row) => values[row]!);
  const { indices } = nearest(of(xs, hidden), of(ys, hidden), of(xs, present), of(ys, present));
  const first = new Map<number, number>();
  for (let at = 0; at < hidden.length; at++) {
    const [i, corner] = [hidden[at]!, present[indices[at]!]!];
    if (xs[i] !== xs[corner] || ys[i] !== ys[corner]) return undefined;
    corners[i] = corner;
    if (i < (first.get(corner) ?? corner)) first.set(corner, i);
  }
  for (const numbers of [corners, triangles, hull]) {
    for (let at = 0; at < numbers.length; at++) numbers[at] = first.get(numbers[at]!) ?? numbers[at]!;
  }
  return corners;
}

/** Area of the hull beside the square of its longer side, below which points lie on a line but for rounding. */
const FLAT = 2 ** -40;

/**
 * The same where there have to be triangles.
 * @throws INVALID_GEOMETRY where all points lie on a line
 */
export function trianglesOf(xs: Float64Array, ys: Float64Array): Triangulation {
  const triangulation = triangulate(xs, ys);
  if (triangulation.triangles.length > 0 && !isFlat(xs, ys)) return triangulation;
  throw new DriveshaftError(
    "INVALID_GEOMETRY",
    "all places lie on a line, so that there are no triangles between them",
    {
      hint: "Three places or more are needed that are not on one line.",
    },
  );
}

function isFlat(xs: Float64Array, ys: Float64Array): boolean {
  const { vertices, area } = convexHull(xs, ys);
  const span = (values: Float64Array): number => {
    const along = Array.from(vertices, (vertex) => values[vertex]!);
    return Math.max(...along) - Math.min(...along);
  };
  return area <= FLAT * Math.max(span(xs), span(ys)) ** 2;
}
