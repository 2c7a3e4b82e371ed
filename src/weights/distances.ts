import { DriveshaftError } from "../errors.js";
import { EARTH_RADIUS } from "../geometry/earth.js";
import type { DistanceExports } from "../kernels/generated/distance.js";
import type { Kernel } from "../kernels/load.js";
import type { Float64Pointer, Int32Pointer } from "../kernels/pointer.js";
import { copyPoints, plant } from "../kernels/points.js";
import type { Progress } from "../job/progress.js";
import { MAX_PAIRS, trusted, type Weights } from "./weights.js";

/** Points gone through between two reports of progress. */
const CHUNK = 16384;

/** Weights in a kernel's memory, with a distance for each pair. */
export interface Measured {
  n: number;
  offsets: Int32Pointer;
  neighbors: Int32Pointer;
  distances: Float64Pointer;
  /** What makes metres of radians; 1 in the plane. */
  unit: number;
}

/**
 * All pairs within a distance, each row ascending.
 * @throws INVALID_WEIGHTS above MAX_PAIRS pairs
 */
export function within(
  kernel: Kernel<DistanceExports>,
  xs: Float64Array,
  ys: Float64Array,
  threshold: number,
  greatCircle: boolean,
  progress?: Progress,
): Weights {
  const { call } = kernel;
  const n = xs.length;
  const plan = call.createWithin(plant(kernel, xs, ys, greatCircle));
  const square = greatCircle ? call.squareOverArc(threshold / EARTH_RADIUS) : threshold * threshold;
  const offsets = kernel.int32(n + 1);
  const find = greatCircle ? call.searchSpace : call.searchPlane;
  let total = 0;
  for (let begin = 0; begin < n; begin += CHUNK) {
    progress?.((0.5 * begin) / n);
    total += find(plan, square, begin, begin + CHUNK, offsets, 0);
    if (total > MAX_PAIRS) {
      throw new DriveshaftError(
        "INVALID_WEIGHTS",
        `within ${threshold} the first ${begin + CHUNK} of ${n} points have ${total} neighbors already, at most ${MAX_PAIRS} pairs are supported`,
        { hint: "Use a smaller distance, or knn weights." },
      );
    }
  }
  const ends = kernel.viewInt32(offsets);
  for (let i = 0; i < n; i++) ends[i + 1]! += ends[i]!;
  const neighbors = kernel.int32(total);
  for (let begin = 0; begin < n; begin += CHUNK) {
    progress?.(0.5 + (0.5 * begin) / n);
    find(plan, square, begin, begin + CHUNK, offsets, neighbors);
  }
  return trusted({ n, offsets: kernel.readInt32(offsets), neighbors: kernel.readInt32(neighbors) });
}

/** The distances of the pairs of given weights. */
export function measure(
  kernel: Kernel<DistanceExports>,
  xs: Float64Array,
  ys: Float64Array,
  weights: Weights,
  greatCircle: boolean,
): Measured {
  const points = copyPoints(kernel, xs, ys, greatCircle);
  const offsets = kernel.int32(weights.offsets);
  const neighbors = kernel.int32(weights.neighbors);
  const distances = kernel.float64(weights.neighbors.length);
  if ("space" in points) kernel.call.pairsSpace(...points.space, offsets, neighbors, distances);
  else kernel.call.pairsPlane(...points.plane, offsets, neighbors, distances);
  return { n: weights.n, offsets, neighbors, distances, unit: greatCircle ? EARTH_RADIUS : 1 };
}

/** Turns the distances of a kernel into units of the caller, in place. */
export function inUnits(kernel: Kernel<DistanceExports>, { distances, unit }: Measured): Float64Array {
  const view = kernel.viewFloat64(distances);
  if (unit !== 1) for (let q = 0; q < view.length; q++) view[q]! *= unit;
  return view;
}
