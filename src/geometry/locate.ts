import { orient2d } from "robust-predicates";
import { after, triangleOf } from "./flip-edges.js";
import type { Triangulation } from "./triangulate.js";

/** On which side of the way from a to b a point lies: positive to the left, 0 on the line, exactly. */
const leftOf = (ax: number, ay: number, bx: number, by: number, x: number, y: number): number =>
  // the predicate has y go down
  -orient2d(ax, ay, bx, by, x, y);

/**
 * Finds the triangle that a point is in, by walking from the one found last: in a Delaunay triangulation that ends
 * (Edelsbrunner 1990, doi:10.1007/BF02122777). Of two that a point on their edge is in, the first.
 * @returns -1 outside the hull
 */
export function locator(
  xs: Float64Array,
  ys: Float64Array,
  { triangles, halfedges }: Triangulation,
): (x: number, y: number) => number {
  let last = 0;
  function side(edge: number, x: number, y: number): number {
    const from = triangles[edge]!;
    const to = triangles[after(edge)]!;
    return leftOf(xs[from]!, ys[from]!, xs[to]!, ys[to]!, x, y);
  }
  return (x, y) => {
    for (;;) {
      let [next, found] = [-1, last];
      for (let edge = 3 * last; edge < 3 * last + 3; edge++) {
        const left = side(edge, x, y);
        if (left > 0) continue;
        const other = triangleOf(halfedges[edge]!);
        if (left < 0) {
          if (other < 0) return -1;
          next = other;
          break;
        }
        if (other >= 0) found = Math.min(found, other);
      }
      if (next < 0) return found;
      last = next;
    }
  };
}

/** The value at a point of a triangle, linear between its corners. */
export function valueIn(
  xs: Float64Array,
  ys: Float64Array,
  { triangles }: Triangulation,
  values: Float64Array,
  triangle: number,
  x: number,
  y: number,
): number {
  const [a, b, c] = [triangles[3 * triangle]!, triangles[3 * triangle + 1]!, triangles[3 * triangle + 2]!];
  const weightA = leftOf(xs[b]!, ys[b]!, xs[c]!, ys[c]!, x, y);
  const weightB = leftOf(xs[c]!, ys[c]!, xs[a]!, ys[a]!, x, y);
  const weightC = leftOf(xs[a]!, ys[a]!, xs[b]!, ys[b]!, x, y);
  const total = weightA + weightB + weightC;
  // a weight that is all there is, at a corner, is 1 exactly
  return (weightA / total) * values[a]! + (weightB / total) * values[b]! + (weightC / total) * values[c]!;
}

/** Points in stripes, to and fro, so that each is near the one before. */
export function alongStripes(xs: Float64Array, ys: Float64Array): Int32Array {
  const stripes = Math.ceil(Math.sqrt(xs.length)) || 1;
  const least = ys.reduce((a, b) => Math.min(a, b), Infinity);
  const most = ys.reduce((a, b) => Math.max(a, b), -Infinity);
  const stripe = Int32Array.from(ys, (y) =>
    Math.min(stripes - 1, Math.floor((stripes * (y - least)) / (most - least)) || 0),
  );
  const order = Int32Array.from(xs.keys());
  return order.sort(
    (a, b) => stripe[a]! - stripe[b]! || (stripe[a]! % 2 === 0 ? xs[a]! - xs[b]! : xs[b]! - xs[a]!) || a - b,
  );
}
