import { writeCircumcenter } from "./circumcenter.js";
import { before, triangleOf } from "./flip-edges.js";
import type { Triangulation } from "./triangulate.js";

/** An edge shorter than this many tolerances may point anywhere, as its ends have moved by one. */
const BENT = 4096;

/** Vertices of a polygon; of fewer, because the others are one, is no cell. */
export const FEWEST = 3;

/** The vertices of the diagram, one a triangle, of which those that are next to each other share the first. */
export interface Centers {
  xs: Float64Array;
  ys: Float64Array;
  /** By triangle: that whose center is its. */
  of: Int32Array;
}

/**
 * The centers of the circles around the triangles, joined where they are nearer than the tolerance, and so that the
 * cells of the first n points are convex.
 */
export function centersOf(
  n: number,
  px: Float64Array,
  py: Float64Array,
  triangulation: Triangulation,
  tolerance: number,
): Centers {
  const { triangles, halfedges } = triangulation;
  const count = triangles.length / 3;
  const xs = new Float64Array(count);
  const ys = new Float64Array(count);
  const center = new Float64Array(2);
  for (let t = 0; t < count; t++) {
    const a = triangles[3 * t]!;
    const b = triangles[3 * t + 1]!;
    const c = triangles[3 * t + 2]!;
    writeCircumcenter(px[a]!, py[a]!, px[b]!, py[b]!, px[c]!, py[c]!, center);
    xs[t] = center[0]!;
    ys[t] = center[1]!;
  }
  // from each that has none yet to those around it that are near, so that nothing moves farther than the tolerance
  const of = new Int32Array(count).fill(-1);
  const near: number[] = [];
  for (let t = 0; t < count; t++) {
    if (of[t]! >= 0) continue;
    of[t] = t;
    near.push(t);
    for (let at = near.pop(); at !== undefined; at = near.pop()) {
      for (let e = 3 * at; e < 3 * at + 3; e++) {
        const other = triangleOf(halfedges[e]!);
        if (other < 0 || of[other]! >= 0) continue;
        if (Math.abs(xs[other]! - xs[t]!) > tolerance || Math.abs(ys[other]! - ys[t]!) > tolerance) continue;
        of[other] = t;
        near.push(other);
      }
    }
  }
  const centers = { xs, ys, of };
  straighten(n, triangulation, centers, BENT * tolerance);
  return centers;
}

/**
 * Joins the ends of short edges at which a cell turns inwards, as no convex polygon does: around the middle of a circle
 * of points vertices are as near to each other as they have been moved.
 */
function straighten(n: number, { triangles, halfedges }: Triangulation, { xs, ys, of }: Centers, short: number): void {
  const isShort = (a: number, b: number): boolean =>
    Math.abs(xs[a]! - xs[b]!) <= short && Math.abs(ys[a]! - ys[b]!) <= short;
  function join(a: number, b: number): void {
    const [kept, gone] = a < b ? [a, b] : [b, a];
    const waiting = [gone];
    of[gone] = kept;
    for (let t = waiting.pop(); t !== undefined; t = waiting.pop()) {
      for (let e = 3 * t; e < 3 * t + 3; e++) {
        const other = triangleOf(halfedges[e]!);
        if (of[other] !== gone) continue;
        of[other] = kept;
        waiting.push(other);
      }
    }
  }
  const ring = new Int32Array(triangles.length);
  /** Joins two vertices of a cell, where it has to be; whether it did. */
  function joinAround(edge: number): boolean {
    const count = around(edge, halfedges, of, ring);
    for (let v = 0; v < count && count >= FEWEST; v++) {
      const here = ring[v]!;
      const [last, next] = [ring[(v + count - 1) % count]!, ring[(v + 1) % count]!];
      const turn =
        (xs[here]! - xs[last]!) * (ys[next]! - ys[here]!) - (ys[here]! - ys[last]!) * (xs[next]! - xs[here]!);
      if (turn >= 0) continue;
      const other = [next, last].find((one) => isShort(here, one));
      if (other === undefined) continue;
      join(here, other);
      return true;
    }
    return false;
  }
  for (let isDone = false; !isDone;) {
    isDone = true;
    const { sites, edges } = sitesOf(triangles, n, (t) => of[t] !== t);
    for (let s = 0; s < sites.length; s++) while (joinAround(edges[s]!)) isDone = false;
  }
}

/** Those of the first n points that are corners of some triangles, and a half-edge that begins at each. */
export function sitesOf(
  triangles: Uint32Array,
  n: number,
  isOne: (triangle: number) => boolean,
): { sites: Int32Array; edges: Int32Array } {
  const isFound = new Uint8Array(n);
  const sites = new Int32Array(n);
  const edges = new Int32Array(n);
  let found = 0;
  for (let e = 0; e < triangles.length; e++) {
    const corner = triangles[e]!;
    if (corner >= n || isFound[corner] === 1 || !isOne(triangleOf(e))) continue;
    isFound[corner] = 1;
    sites[found] = corner;
    edges[found++] = e;
  }
  return { sites: sites.subarray(0, found), edges: edges.subarray(0, found) };
}

/** The vertices around a point, counter-clockwise, each once; returns how many there are. */
export function around(first: number, halfedges: Int32Array, of: Int32Array, into: Int32Array): number {
  let count = 0;
  let edge = first;
  do {
    const center = of[triangleOf(edge)]!;
    if (count === 0 || into[count - 1] !== center) into[count++] = center;
    edge = halfedges[before(edge)]!;
  } while (edge !== first);
  while (count > 1 && into[count - 1] === into[0]) count--;
  return count;
}
