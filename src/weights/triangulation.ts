import { Delaunay } from "d3-delaunay";
import { DriveshaftError } from "../errors.js";
import { growInt32 } from "../table/growable.js";
import { checkPoints } from "./knn.js";
import { trusted, type Weights } from "./weights.js";

/**
 * Points that share an edge of the Delaunay triangulation in the plane are neighbors; rows ascend. Where four points or
 * more lie on a circle with none inside, as on a lattice, several triangulations are possible: it is one of them, the
 * same for the same points in the same order. The test whether a point lies in a circle is made in 64-bit numbers, so
 * points that lie on it but for rounding count as on it or not as rounding decides.
 * @param xs f64 of shape (n,), finite, at least 2 points
 * @param ys f64 of shape (n,), finite
 * @throws INVALID_PARAMETER, also where two points coincide
 */
export function delaunay(xs: Float64Array, ys: Float64Array): Weights {
  checkPlaces(xs, ys);
  const n = xs.length;
  const flat = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) {
    flat[2 * i] = xs[i]!;
    flat[2 * i + 1] = ys[i]!;
  }
  const triangulation = new Delaunay(flat);
  const offsets = new Int32Array(n + 1);
  const rows = growInt32();
  for (let i = 0; i < n; i++) {
    for (const j of [...triangulation.neighbors(i)].sort((a, b) => a - b)) rows.push(j);
    offsets[i + 1] = rows.length;
  }
  return trusted({ n, offsets, neighbors: rows.take() });
}

/** @throws INVALID_PARAMETER where there are fewer than two points, or two coincide */
export function checkPlaces(xs: Float64Array, ys: Float64Array): void {
  checkPoints(xs, ys);
  const n = xs.length;
  if (n < 2) throw new DriveshaftError("INVALID_PARAMETER", `there are ${n} points, at least 2 are needed`);
  const order = Array.from(xs.keys()).sort((a, b) => xs[a]! - xs[b]! || ys[a]! - ys[b]! || a - b);
  for (let at = 1; at < order.length; at++) {
    const [i, j] = [order[at - 1]!, order[at]!];
    if (xs[i] !== xs[j] || ys[i] !== ys[j]) continue;
    throw new DriveshaftError(
      "INVALID_PARAMETER",
      `points ${i} and ${j} coincide, but the graph takes each place once`,
      { hint: "Use one row for each place, or knn or distance_band weights." },
    );
  }
}
