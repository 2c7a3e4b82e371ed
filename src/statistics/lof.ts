import { DriveshaftError } from "../errors.js";
import { part, type Progress } from "../job/progress.js";
import { lofKernel } from "../kernels/generated/lof.js";
import { withKernel } from "../kernels/load.js";
import { plant } from "../kernels/points.js";
import { checkPoints, CHUNK } from "../weights/knn.js";
import { MAX_PAIRS } from "../weights/weights.js";

/** Neighbors where no number is asked for. */
export const LOF_NEIGHBORS = 20;

/**
 * Local outlier factors: the mean density around a point's neighbors over that around the point itself. About 1 in a
 * cluster, whatever its density, and larger for points that are farther from others than these are from theirs.
 * Breunig, Kriegel, Ng and Sander (2000), doi:10.1145/342009.335388.
 *
 * Neighbors are all points no farther than the k-th nearest. Points with k coincident others are infinitely dense:
 * among themselves their factor is 1, and that of another point that has one for a neighbor is infinite.
 * @param xs f64 of shape (n,), x or longitude in degrees; finite
 * @param ys f64 of shape (n,), y or latitude in degrees; finite
 * @param options.k neighbors of each point, itself not among them, 1 to n - 1, default 20
 * @param options.greatCircle measure along the sphere instead of in the plane, default false
 * @returns f64 of shape (n,)
 * @throws INVALID_PARAMETER; K_TOO_LARGE where k is not below n
 */
export function lof(
  xs: Float64Array,
  ys: Float64Array,
  options: { k?: number; greatCircle?: boolean; progress?: Progress } = {},
): Float64Array {
  const { k = LOF_NEIGHBORS, greatCircle = false, progress } = options;
  const n = xs.length;
  checkPoints(xs, ys);
  if (!Number.isInteger(k) || k < 1)
    throw new DriveshaftError("INVALID_PARAMETER", `k is ${k}, expected a whole number of at least 1`);
  if (k >= n) {
    throw new DriveshaftError("K_TOO_LARGE", `k is ${k}, but there are only ${n} points`, {
      hint: n > 1 ? `Use a k below ${n}.` : "A single point has no neighbors.",
    });
  }
  if (n * k > MAX_PAIRS)
    throw new DriveshaftError("INVALID_PARAMETER", `${n} points with k = ${k} exceed ${MAX_PAIRS} pairs of neighbors`);

  return withKernel(lofKernel, (kernel) => {
    const { call } = kernel;
    const tree = plant(kernel, xs, ys, greatCircle);
    const [create, search, factors] = greatCircle
      ? [call.createSpace, call.searchSpace, call.factorsSpace]
      : [call.createPlane, call.searchPlane, call.factorsPlane];
    const plan = create(tree, k);
    const searching = part(progress, 0, 0.8);
    for (let begin = 0; begin < n; begin += CHUNK) {
      searching(begin / n);
      search(plan, begin, Math.min(n, begin + CHUNK));
    }
    progress?.(0.8);
    const result = kernel.float64(n);
    factors(plan, result);
    return kernel.readFloat64(result);
  });
}
