import { proximityKernel } from "../kernels/generated/proximity.js";
import { withKernel } from "../kernels/load.js";
import { checkPlaces } from "./triangulation.js";
import { trusted, type Weights } from "./weights.js";

/**
 * Gabriel graph: points are neighbors where no other lies strictly inside the circle that has the two as a diameter;
 * rows ascend. A point that lies on the circle but for the rounding of coordinates is not inside. Gabriel and Sokal
 * (1969), doi:10.2307/2412323.
 * @param xs f64 of shape (n,), finite, at least 2 points
 * @param ys f64 of shape (n,), finite
 * @throws INVALID_PARAMETER, also where two points coincide; OUT_OF_MEMORY
 */
export function gabriel(xs: Float64Array, ys: Float64Array): Weights {
  return graph(xs, ys, false);
}

/**
 * Relative neighborhood graph: points are neighbors where no other is strictly nearer to both than they are to each
 * other, by more than the rounding of coordinates; rows ascend. A part of the Gabriel graph. Toussaint (1980),
 * doi:10.1016/0031-3203(80)90066-7.
 * @param xs as for {@link gabriel}
 * @param ys as for {@link gabriel}
 * @throws as {@link gabriel}
 */
export function relativeNeighbors(xs: Float64Array, ys: Float64Array): Weights {
  return graph(xs, ys, true);
}

function graph(xs: Float64Array, ys: Float64Array, lune: boolean): Weights {
  checkPlaces(xs, ys);
  const n = xs.length;
  return withKernel(proximityKernel, (kernel) => {
    const offsets = kernel.int32(n + 1);
    const plan = kernel.call.createGraph(kernel.float64(xs), kernel.float64(ys), lune, offsets);
    const ends = kernel.viewInt32(offsets);
    for (let i = 0; i < n; i++) ends[i + 1]! += ends[i]!;
    const neighbors = kernel.int32(ends[n]!);
    kernel.call.writeNeighbors(plan, offsets, neighbors);
    return trusted({ n, offsets: kernel.readInt32(offsets), neighbors: kernel.readInt32(neighbors) });
  });
}
