import { orient2d } from "robust-predicates";
import { checkPoints } from "../weights/knn.js";

export interface ConvexHull {
  /** Indices of the points that are vertices, counter-clockwise from the lowest x, of such the lowest y; i32. */
  vertices: Int32Array;
  /** In squared units of the coordinates; 0 where the points lie on a line. */
  area: number;
}

/**
 * The smallest convex polygon that holds all points: Andrew (1979), doi:10.1016/0020-0190(79)90072-3. Points on its
 * edges are no vertices, and of coincident points the first stands for all. On which side of an edge a point lies is
 * decided exactly (Shewchuk 1997, doi:10.1007/PL00009321), so the hull is the same in whatever order the points come.
 * Of points on a line it is the two ends, of coincident points one vertex, of none nothing.
 * @param xs f64 of shape (n,), finite, and their squares too
 * @param ys f64 of shape (n,), likewise
 * @throws INVALID_PARAMETER, also where a coordinate is NaN
 */
export function convexHull(xs: Float64Array, ys: Float64Array): ConvexHull {
  checkPoints(xs, ys);
  const order = outerPoints(xs, ys).sort((a, b) => xs[a]! - xs[b]! || ys[a]! - ys[b]!);
  const lower = chain(xs, ys, order);
  const upper = chain(xs, ys, order.reverse());
  const vertices = lower.length > 1 ? joined(lower, upper) : lower.slice();
  return { vertices, area: areaOf(xs, ys, vertices) };
}

/** The vertices of half the hull, of points in order along x: at each the path turns left. */
function chain(xs: Float64Array, ys: Float64Array, order: Int32Array): Int32Array {
  const path = new Int32Array(order.length);
  let length = 0;
  for (const point of order) {
    const last = path[length - 1]!;
    if (length > 0 && xs[last] === xs[point] && ys[last] === ys[point]) {
      path[length - 1] = Math.min(last, point);
      continue;
    }
    while (length > 1 && !turnsLeft(xs, ys, path[length - 2]!, path[length - 1]!, point)) length--;
    path[length++] = point;
  }
  return path.subarray(0, length);
}

/** All around: each half ends where the other begins. */
function joined(lower: Int32Array, upper: Int32Array): Int32Array {
  const around = new Int32Array(lower.length + upper.length - 2);
  around.set(lower.subarray(0, -1));
  around.set(upper.subarray(0, -1), lower.length - 1);
  return around;
}

/** The predicate has y go down, so that what turns left is negative. */
function turnsLeft(xs: Float64Array, ys: Float64Array, a: number, b: number, c: number): boolean {
  return orient2d(xs[a]!, ys[a]!, xs[b]!, ys[b]!, xs[c]!, ys[c]!) < 0;
}

/** West, south-west and so on, counter-clockwise. */
const directions = [
  [-1, 0],
  [-1, -1],
  [0, -1],
  [1, -1],
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
] as const;

/**
 * All points but those inside the octagon of the outermost ones, which are most: Akl and Toussaint (1978),
 * doi:10.1016/0020-0190(78)90003-0.
 */
function outerPoints(xs: Float64Array, ys: Float64Array): Int32Array {
  const corners = directions.map(([dx, dy]) => outermost(xs, ys, dx, dy));
  // where one point is the outermost in two directions, there is no edge between
  const begins = corners.filter((corner, d) => corner !== corners[(d + 1) % corners.length]);
  const ends = [...begins.slice(1), ...begins.slice(0, 1)];
  const fromX = Float64Array.from(begins, (v) => xs[v]!);
  const fromY = Float64Array.from(begins, (v) => ys[v]!);
  const alongX = fromX.map((x, edge) => xs[ends[edge]!]! - x);
  const alongY = fromY.map((y, edge) => ys[ends[edge]!]! - y);
  const [west, , south, , east, , north] = corners as [number, number, number, number, number, number, number];
  // more than rounding can make of the cross product of an edge and the way to a point
  const rounding = 8 * Number.EPSILON * (xs[east]! - xs[west]!) * (ys[north]! - ys[south]!);

  const outer = new Int32Array(xs.length);
  let kept = 0;
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i]!;
    const y = ys[i]!;
    let edge = 0;
    while (edge < begins.length && alongX[edge]! * (y - fromY[edge]!) - alongY[edge]! * (x - fromX[edge]!) > rounding)
      edge++;
    // what lies to the left of every edge of a closed path is inside it; the path of a single place has none
    if (edge < begins.length || begins.length === 0) outer[kept++] = i;
  }
  return outer.subarray(0, kept);
}

/** The first of the points that lie furthest in a direction. */
function outermost(xs: Float64Array, ys: Float64Array, dx: number, dy: number): number {
  let furthest = -Infinity;
  let found = 0;
  for (let i = 0; i < xs.length; i++) {
    const distance = dx * xs[i]! + dy * ys[i]!;
    if (distance <= furthest) continue;
    furthest = distance;
    found = i;
  }
  return found;
}

/** Half the sum of the cross products of neighboring vertices, relative to the first. */
function areaOf(xs: Float64Array, ys: Float64Array, vertices: Int32Array): number {
  const x0 = xs[vertices[0]!]!;
  const y0 = ys[vertices[0]!]!;
  let twice = 0;
  for (let v = 2; v < vertices.length; v++) {
    const a = vertices[v - 1]!;
    const b = vertices[v]!;
    twice += (xs[a]! - x0) * (ys[b]! - y0) - (xs[b]! - x0) * (ys[a]! - y0);
  }
  return twice / 2;
}
