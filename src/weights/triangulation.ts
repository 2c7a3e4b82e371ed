import { Delaunay } from "d3-delaunay";
import { DriveshaftError } from "../errors.js";
import { growInt32 } from "../growable.js";
import { withKernel, type Kernel } from "../kernels/load.js";
import { plant, type DistanceKernel } from "./distances.js";
import { checkPoints } from "./knn.js";
import { keepPairs } from "./sets.js";
import { trusted, type Weights } from "./weights.js";

/**
 * Points that share an edge of the Delaunay triangulation in the plane are neighbors; rows ascend. Where several
 * triangulations are possible, as on a lattice, it is one of them.
 * @param xs f64 of shape (n,), finite, at least 2 points
 * @param ys f64 of shape (n,), finite
 * @throws INVALID_PARAMETER, also where two points coincide
 */
export function delaunay(xs: Float64Array, ys: Float64Array): Weights {
  checkPoints(xs, ys);
  const n = xs.length;
  if (n < 2) throw new DriveshaftError("INVALID_PARAMETER", `there are ${n} points, at least 2 are needed`);
  checkDistinct(xs, ys);
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

/**
 * Gabriel graph: points are neighbors where no other lies strictly inside the circle that has the two as a diameter. Gabriel
 * and Sokal (1969), doi:10.2307/2412323. A part of the Delaunay triangulation.
 * @throws as delaunay
 */
export function gabriel(xs: Float64Array, ys: Float64Array): Weights {
  return withoutOthers(xs, ys, false);
}

/**
 * Relative neighborhood graph: points are neighbors where no other is strictly nearer to both than they are to each other.
 * Toussaint (1980), doi:10.1016/0031-3203(80)90066-7. A part of the Gabriel graph.
 * @throws as delaunay
 */
export function relativeNeighbors(xs: Float64Array, ys: Float64Array): Weights {
  return withoutOthers(xs, ys, true);
}

function withoutOthers(xs: Float64Array, ys: Float64Array, lune: boolean): Weights {
  const edges = delaunay(xs, ys);
  const keep = withKernel("distance", (kernel: Kernel<DistanceKernel>) => {
    const points = plant(kernel, xs, ys, false) as { plane: [number, number] };
    const kept = kernel.int32(edges.neighbors.length);
    const [offsets, neighbors] = [kernel.int32(edges.offsets), kernel.int32(edges.neighbors)];
    kernel.call.emptyEdges(...points.plane, offsets, neighbors, Number(lune), kept);
    return kernel.readInt32(kept);
  });
  return keepPairs(edges, (q) => keep[q] === 1);
}

function checkDistinct(xs: Float64Array, ys: Float64Array): void {
  const order = Array.from(xs.keys()).sort((a, b) => xs[a]! - xs[b]! || ys[a]! - ys[b]! || a - b);
  for (let at = 1; at < order.length; at++) {
    const [i, j] = [order[at - 1]!, order[at]!];
    if (xs[i] !== xs[j] || ys[i] !== ys[j]) continue;
    throw new DriveshaftError(
      "INVALID_PARAMETER",
      `points ${i} and ${j} coincide, but a triangulation takes each place once`,
      { hint: "Use one row for each place, or knn or distance_band weights." },
    );
  }
}
