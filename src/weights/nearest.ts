import { DriveshaftError } from "../errors.js";
import { EARTH_RADIUS } from "../geometry/earth.js";
import type { Progress } from "../job/progress.js";
import { knnKernel } from "../kernels/generated/knn.js";
import { withKernel } from "../kernels/load.js";
import { plant } from "../kernels/points.js";
import { checkPoints, CHUNK } from "./knn.js";
import { MAX_PAIRS } from "./weights.js";

/** The k nearest targets of n points, nearest first. */
export interface Nearest {
  k: number;
  /** Targets by point, i32 of shape (n, k). */
  indices: Int32Array;
  /** Distances to them, in units of the coordinates or metres, f64 of shape (n, k). */
  distances: Float64Array;
}

/**
 * The k nearest of other points, the targets, for each of n points; of targets equally near the lower index comes
 * first. A point that is among the targets finds itself. Bentley (1975), doi:10.1145/361002.361007.
 * @param xs f64 of shape (n,), x or longitude in degrees; finite
 * @param ys f64 of shape (n,), y or latitude in degrees; finite
 * @param targetXs f64 of shape (m,), likewise
 * @param targetYs f64 of shape (m,), likewise
 * @param options.k targets of each point, 0 to m, default 1
 * @param options.greatCircle measure along the sphere instead of in the plane, default false
 * @throws INVALID_PARAMETER where two arrays differ in length or a coordinate is not finite
 * @throws K_TOO_LARGE where k exceeds m
 */
export function nearest(
  xs: Float64Array,
  ys: Float64Array,
  targetXs: Float64Array,
  targetYs: Float64Array,
  options: { k?: number; greatCircle?: boolean; progress?: Progress } = {},
): Nearest {
  const { k = 1, greatCircle = false, progress } = options;
  const n = xs.length;
  const m = targetXs.length;
  checkPoints(xs, ys);
  checkPoints(targetXs, targetYs, "target");
  if (!Number.isInteger(k) || k < 0)
    throw new DriveshaftError("INVALID_PARAMETER", `k is ${k}, expected a whole number of at least 0`);
  if (k > m) {
    throw new DriveshaftError("K_TOO_LARGE", `k is ${k}, but there are only ${m} targets`, {
      hint: m > 0 ? `Use a k of at most ${m}.` : "Without targets nothing is nearest.",
    });
  }
  if (n * k > MAX_PAIRS)
    throw new DriveshaftError("INVALID_PARAMETER", `${n} points with k = ${k} exceed ${MAX_PAIRS} pairs`);
  if (n * k === 0) return { k, indices: new Int32Array(0), distances: new Float64Array(0) };

  return withKernel(knnKernel, (kernel) => {
    const { call } = kernel;
    const targets = plant(kernel, targetXs, targetYs, greatCircle);
    const plan = call.createNearest(plant(kernel, xs, ys, greatCircle), targets, k);
    const rows = [kernel.int32(n * k), kernel.float64(n * k)] as const;
    const search = greatCircle ? call.searchSpace : call.searchPlane;
    for (let begin = 0; begin < n; begin += CHUNK) {
      progress?.(begin / n);
      search(plan, begin, Math.min(n, begin + CHUNK), ...rows);
    }
    const [indices, distances] = [kernel.readInt32(rows[0]), kernel.readFloat64(rows[1])];
    // the kernel measures arcs in radians
    if (greatCircle) for (let q = 0; q < distances.length; q++) distances[q]! *= EARTH_RADIUS;
    return { k, indices, distances };
  });
}
