import { DriveshaftError } from "../errors.js";
import { distanceKernel } from "../kernels/generated/distance.js";
import { withKernel } from "../kernels/load.js";
import type { Progress } from "../job/progress.js";
import { inUnits, measure, within } from "./distances.js";
import { checkPoints, defaultNeighbors, knn } from "./knn.js";
import { trusted, type Weights } from "./weights.js";

/**
 * Kernel functions of u, the distance as a share of the bandwidth, in the order of the kernel module, which begins at
 * 1.
 */
export const kernelFunctions = ["uniform", "triangular", "epanechnikov", "quartic", "gaussian"] as const;
export type KernelFunction = (typeof kernelFunctions)[number];

/** The farthest neighbor of an adaptive bandwidth keeps a little weight. */
const BEYOND = 1 + 1e-7;

/**
 * Weights that fall with distance up to a bandwidth: uniform 1/2, triangular 1 - u, epanechnikov 3/4 (1 - u^2), quartic
 * 15/16 (1 - u^2)^2, gaussian exp(-u^2 / 2) / sqrt(2 pi), all 0 beyond u = 1. Silverman (1986), Density Estimation.
 * @param xs f64 of shape (n,), x or longitude in degrees; finite
 * @param ys f64 of shape (n,), y or latitude in degrees; finite
 * @param options.function default "triangular"
 * @param options.bandwidth one for all, in units of the coordinates or metres; rows ascend. Without it:
 * @param options.k the bandwidth of a point is the distance to its k-th neighbor; rows from the nearest; default 8, or
 * all others where there are fewer
 * @param options.adaptive false for the largest of these distances as the bandwidth of all, default true
 * @param options.diagonal whether a point has a weight for itself, default false
 * @param options.greatCircle measure along the sphere instead of in the plane, default false
 * @throws INVALID_PARAMETER, K_TOO_LARGE, INVALID_WEIGHTS above 268,435,456 pairs
 */
export function kernelWeights(
  xs: Float64Array,
  ys: Float64Array,
  options: {
    function?: KernelFunction;
    bandwidth?: number | undefined;
    k?: number | undefined;
    adaptive?: boolean;
    diagonal?: boolean;
    greatCircle?: boolean;
    progress?: Progress;
  } = {},
): Weights {
  const { k = defaultNeighbors(xs.length), adaptive = true, diagonal = false, greatCircle = false, progress } = options;
  const kind = kernelFunctions.indexOf(options.function ?? "triangular") + 1;
  checkPoints(xs, ys);
  if (kind === 0) {
    throw new DriveshaftError(
      "INVALID_PARAMETER",
      `function is ${options.function}, expected one of ${kernelFunctions.join(", ")}`,
    );
  }
  const given = options.bandwidth;
  if (given !== undefined && !(given > 0 && given < Infinity)) {
    throw new DriveshaftError("INVALID_PARAMETER", `bandwidth is ${given}, expected a finite number above 0`);
  }
  const nearest = given === undefined ? knn(xs, ys, { k, greatCircle }) : undefined;
  const own = nearest && farthest(xs, ys, nearest, greatCircle);
  return withKernel(distanceKernel, (kernel) => {
    const n = xs.length;
    const fixed = given ?? (adaptive ? undefined : own!.reduce((a, b) => Math.max(a, b), 0) * BEYOND);
    const graph = fixed === undefined ? nearest! : within(kernel, xs, ys, fixed, greatCircle, progress);
    const pairs = measure(kernel, xs, ys, graph, greatCircle);
    inUnits(kernel, pairs);
    const bandwidths =
      fixed === undefined ? own!.map((distance) => distance * BEYOND) : new Float64Array(n).fill(fixed);
    kernel.call.weigh(kind, 1, pairs.offsets, kernel.float64(bandwidths), pairs.distances);
    return trusted({
      n,
      offsets: graph.offsets,
      neighbors: graph.neighbors,
      weights: kernel.readFloat64(pairs.distances),
      ...(diagonal && { diagonal: new Float64Array(n).fill(kernel.call.weightOfSelf(kind)) }),
    });
  });
}

/** The distance of each point to the last of its neighbors, 0 where it has none. */
function farthest(xs: Float64Array, ys: Float64Array, nearest: Weights, greatCircle: boolean): Float64Array {
  return withKernel(distanceKernel, (kernel) => {
    const distances = inUnits(kernel, measure(kernel, xs, ys, nearest, greatCircle));
    return Float64Array.from({ length: xs.length }, (_, i) => distances[nearest.offsets[i + 1]! - 1] ?? 0);
  });
}
