import { incircle, orient2d } from "robust-predicates";

/** Triangles in flat arrays, as delaunator has them. */
export interface Triangles {
  /** Corners, three of each triangle; half-edge e begins at corner e. */
  triangles: Uint32Array;
  /** By half-edge: that of the triangle on the other side, -1 on the hull. */
  halfedges: Int32Array;
}

/** The triangle of a half-edge; -1 of none. */
export const triangleOf = (edge: number): number => Math.floor(edge / 3);

/** The half-edge after one in its triangle, and the one before. */
export const after = (edge: number): number => (edge % 3 === 2 ? edge - 2 : edge + 1);
export const before = (edge: number): number => (edge % 3 === 0 ? edge + 2 : edge - 1);

/**
 * Flips edges until no corner lies inside the circle around a triangle that was looked at: Lawson (1977). Whether one
 * does is decided exactly.
 * @param flat coordinates in turn, y going down
 * @param waiting edges to look at; empty at the end
 * @param hullEdges where given, the half-edge that begins at each corner of the hull, kept up to date
 */
export function flipEdges(
  { triangles, halfedges }: Triangles,
  flat: Float64Array,
  waiting: number[],
  hullEdges?: Int32Array,
): void {
  function move(from: number, to: number): void {
    const across = halfedges[from]!;
    halfedges[to] = across;
    if (across >= 0) halfedges[across] = to;
    else if (hullEdges) hullEdges[triangles[to]!] = to;
  }
  for (let a = waiting.pop(); a !== undefined; a = waiting.pop()) {
    const b = halfedges[a]!;
    if (b < 0) continue;
    const [beforeA, beforeB] = [before(a), before(b)];
    if (!isIllegal(2 * triangles[beforeA]!, 2 * triangles[a]!, 2 * triangles[b]!, 2 * triangles[beforeB]!, flat))
      continue;
    // the corners opposite the edge become its ends
    triangles[a] = triangles[beforeB]!;
    triangles[b] = triangles[beforeA]!;
    move(beforeB, a);
    move(beforeA, b);
    halfedges[beforeA] = beforeB;
    halfedges[beforeB] = beforeA;
    waiting.push(a, b, after(a), after(b));
  }
}

/** Whether s lies inside the circle around p, q, r, and q r can give way to p s. */
function isIllegal(p: number, q: number, r: number, s: number, flat: Float64Array): boolean {
  const px = flat[p]!;
  const py = flat[p + 1]!;
  const qx = flat[q]!;
  const qy = flat[q + 1]!;
  const rx = flat[r]!;
  const ry = flat[r + 1]!;
  const sx = flat[s]!;
  const sy = flat[s + 1]!;
  if (incircle(px, py, qx, qy, rx, ry, sx, sy) >= 0) return false;
  return orient2d(px, py, qx, qy, sx, sy) > 0 && orient2d(px, py, sx, sy, rx, ry) > 0;
}

/** Makes all edges those of a Delaunay triangulation. */
export function flipAll(of: Triangles, flat: Float64Array): void {
  const waiting: number[] = [];
  for (let edge = 0; edge < of.halfedges.length; edge++) {
    if (of.halfedges[edge]! < edge) continue;
    waiting.push(edge);
    flipEdges(of, flat, waiting);
  }
}

/** Whether all triangles turn the same way, as those of a triangulation do. */
export function isTriangulation({ triangles }: Triangles, flat: Float64Array): boolean {
  for (let t = 0; t < triangles.length; t += 3) {
    const a = 2 * triangles[t]!;
    const b = 2 * triangles[t + 1]!;
    const c = 2 * triangles[t + 2]!;
    if (orient2d(flat[a]!, flat[a + 1]!, flat[b]!, flat[b + 1]!, flat[c]!, flat[c + 1]!) <= 0) return false;
  }
  return true;
}
