import { orient2d } from "robust-predicates";
import { flipEdges, type Triangles } from "./flip-edges.js";

/**
 * A Delaunay triangulation by adding points from left to right, with nothing left to rounding: for points so close
 * together that delaunator, which is faster, folds triangles over.
 * @param flat coordinates in turn, y going down
 */
export function sweepTriangles(flat: Float64Array): Triangles & { hull: Uint32Array } {
  const order = distinctInOrder(flat);
  const most = Math.max(0, 2 * order.length - 2);
  const triangles = new Uint32Array(3 * most);
  const halfedges = new Int32Array(3 * most).fill(-1);
  const made: Triangles = { triangles, halfedges };
  // along the hull, in the direction of triangles
  const next = new Int32Array(flat.length / 2);
  const previous = new Int32Array(flat.length / 2);
  const hullEdges = new Int32Array(flat.length / 2);
  let count = 0;

  const turn = (a: number, b: number, c: number): number =>
    orient2d(flat[2 * a]!, flat[2 * a + 1]!, flat[2 * b]!, flat[2 * b + 1]!, flat[2 * c]!, flat[2 * c + 1]!);

  function join(a: number, b: number): void {
    next[a] = b;
    previous[b] = a;
  }
  /** Adds a triangle beyond an edge of the hull, seen from a point outside, and returns its first half-edge. */
  function addBeyond(from: number, point: number): number {
    const edge = count;
    const to = next[from]!;
    triangles[edge] = to;
    triangles[edge + 1] = from;
    triangles[edge + 2] = point;
    const inside = hullEdges[from]!;
    halfedges[edge] = inside;
    halfedges[inside] = edge;
    count += 3;
    return edge;
  }
  function glue(a: number, b: number): void {
    halfedges[a] = b;
    halfedges[b] = a;
  }

  const start = firstOffLine(order, turn);
  if (start === order.length) {
    return { triangles: new Uint32Array(0), halfedges: new Int32Array(0), hull: new Uint32Array(0) };
  }
  // all before it lie on a line, so that triangles make a fan
  const apex = order[start]!;
  const isLeft = turn(order[0]!, order[1]!, apex) > 0;
  const waiting: number[] = [];
  const base = isLeft ? order.slice(0, start) : order.slice(0, start).reverse();
  for (let i = 0; i + 1 < start; i++) {
    triangles.set([base[i]!, base[i + 1]!, apex], count);
    if (i > 0) {
      glue(count + 2, count - 2);
      waiting.push(count + 2);
    }
    hullEdges[base[i]!] = count;
    join(base[i]!, base[i + 1]!);
    count += 3;
  }
  join(base[start - 1]!, apex);
  join(apex, base[0]!);
  hullEdges[base[start - 1]!] = count - 2;
  hullEdges[apex] = 2;
  flipEdges(made, flat, waiting, hullEdges);

  for (let at = start + 1, last = apex; at < order.length; at++) {
    const point = order[at]!;
    // what can be seen is around the point before
    let [from, to] = [last, last];
    let [first, end] = [-1, -1];
    while (turn(to, next[to]!, point) < 0) {
      const edge = addBeyond(to, point);
      if (end >= 0) glue(edge + 1, end);
      else first = edge + 1;
      end = edge + 2;
      to = next[to]!;
      waiting.push(edge);
    }
    while (turn(previous[from]!, from, point) < 0) {
      const edge = addBeyond(previous[from]!, point);
      if (first >= 0) glue(edge + 2, first);
      else end = edge + 2;
      first = edge + 1;
      from = previous[from]!;
      waiting.push(edge);
    }
    join(from, point);
    join(point, to);
    hullEdges[from] = first;
    hullEdges[point] = end;
    flipEdges(made, flat, waiting, hullEdges);
    last = point;
  }

  const rightmost = order.at(-1)!;
  const hull = [rightmost];
  for (let corner = next[rightmost]!; corner !== rightmost; corner = next[corner]!) hull.push(corner);
  return { triangles: triangles.slice(0, count), halfedges: halfedges.slice(0, count), hull: Uint32Array.from(hull) };
}

/** Points from left to right, of those at one place the first. */
function distinctInOrder(flat: Float64Array): Int32Array {
  const order = Int32Array.from({ length: flat.length / 2 }, (_, i) => i).sort(
    (a, b) => flat[2 * a]! - flat[2 * b]! || flat[2 * a + 1]! - flat[2 * b + 1]! || a - b,
  );
  return order.filter((i, at) => {
    const last = order[at - 1];
    return last === undefined || flat[2 * i] !== flat[2 * last] || flat[2 * i + 1] !== flat[2 * last + 1];
  });
}

/** Where in the order the first is that does not lie on the line of those before. */
function firstOffLine(order: Int32Array, turn: (a: number, b: number, c: number) => number): number {
  let at = 2;
  while (at < order.length && turn(order[0]!, order[1]!, order[at]!) === 0) at++;
  return Math.min(at, order.length);
}
