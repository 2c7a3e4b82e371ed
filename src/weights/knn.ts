import { DriveshaftError } from "../errors.js";
import { knnKernel } from "../kernels/generated/knn.js";
import { withKernel } from "../kernels/load.js";
import { plant } from "../kernels/points.js";
import type { Progress } from "../job/progress.js";
import { MAX_PAIRS, trusted, type Weights } from "./weights.js";

/** Points searched between two reports of progress. */
export const CHUNK = 65536;

/** Neighbors where no number is asked for. */
export const NEIGHBORS = 8;

/** The same of n points, which may have fewer others. */
export function defaultNeighbors(n: number): number {
  return Math.min(NEIGHBORS, Math.max(0, n - 1));
}

/**
 * k nearest neighbors of points, nearest first; at equal distance the lower index comes first. The relation is not
 * symmetric.
 * @param xs f64 of shape (n,), x or longitude in degrees; finite
 * @param ys f64 of shape (n,), y or latitude in degrees; finite
 * @param options.k neighbors of each point, 0 to n - 1
 * @param options.greatCircle measure along the sphere instead of in the plane, default false
 * @throws INVALID_PARAMETER where the arrays differ in length or a coordinate is not finite
 * @throws K_TOO_LARGE where k is not below n
 */
export function knn(
  xs: Float64Array,
  ys: Float64Array,
  options: { k: number; greatCircle?: boolean; progress?: Progress },
): Weights {
  const { k, greatCircle = false, progress } = options;
  const n = xs.length;
  checkPoints(xs, ys);
  if (!Number.isInteger(k) || k < 0)
    throw new DriveshaftError("INVALID_PARAMETER", `k is ${k}, expected a whole number of at least 0`);
  if (k === 0) return trusted({ n, offsets: new Int32Array(n + 1), neighbors: new Int32Array(0) });
  if (k >= n) {
    throw new DriveshaftError(
      "K_TOO_LARGE",
      `k is ${k}, but there are only ${n} points: each has ${Math.max(0, n - 1)} others`,
      {
        hint: `Use a k below ${n}.`,
      },
    );
  }
  if (n * k > MAX_PAIRS)
    throw new DriveshaftError("INVALID_PARAMETER", `${n} points with k = ${k} exceed ${MAX_PAIRS} pairs of neighbors`);

  return withKernel(knnKernel, (kernel) => {
    const { call } = kernel;
    const tree = plant(kernel, xs, ys, greatCircle);
    const plan = call.createNearest(tree, tree, k);
    const neighbors = kernel.int32(n * k);
    const search = greatCircle ? call.searchSpace : call.searchPlane;
    for (let begin = 0; begin < n; begin += CHUNK) {
      progress?.(begin / n);
      search(plan, begin, Math.min(n, begin + CHUNK), neighbors, 0);
    }
    const offsets = new Int32Array(n + 1);
    for (let i = 0; i <= n; i++) offsets[i] = i * k;
    return trusted({ n, offsets, neighbors: kernel.readInt32(neighbors) });
  });
}

/**
 * @param what the coordinates are of, in messages
 * @throws INVALID_PARAMETER where the arrays differ in length or a coordinate is not finite
 */
export function checkPoints(xs: Float64Array, ys: Float64Array, what: "point" | "target" = "point"): void {
  if (xs.length !== ys.length) {
    const [x, y] = what === "point" ? ["xs", "ys"] : ["targetXs", "targetYs"];
    throw new DriveshaftError(
      "INVALID_PARAMETER",
      `${x} has ${xs.length} elements and ${y} ${ys.length}, expected equal lengths`,
    );
  }
  for (let i = 0; i < xs.length; i++) {
    if (!Number.isFinite(xs[i]) || !Number.isFinite(ys[i])) {
      throw new DriveshaftError(
        "INVALID_PARAMETER",
        `${what} ${i} is (${xs[i]}, ${ys[i]}), expected finite coordinates`,
      );
    }
  }
}
