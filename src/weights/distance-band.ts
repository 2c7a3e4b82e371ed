import { DriveshaftError } from "../errors.js";
import { distanceKernel } from "../kernels/generated/distance.js";
import { withKernel } from "../kernels/load.js";
import type { Progress } from "../job/progress.js";
import { inUnits, measure, within } from "./distances.js";
import { checkPoints, knn } from "./knn.js";
import { trusted, type Weights } from "./weights.js";

/** Number of the function in the kernel. */
const INVERSE = 0;

/**
 * All points within a distance of each other are neighbors; rows ascend. With `binary: false` weights are distance to
 * the power of -power.
 * @param xs f64 of shape (n,), x or longitude in degrees; finite
 * @param ys f64 of shape (n,), y or latitude in degrees; finite
 * @param options.threshold largest distance of neighbors, in units of the coordinates or metres; default: the smallest
 * that leaves no island, see {@link smallestThreshold}
 * @param options.binary default true: no `weights`, all neighbors alike
 * @param options.power default 1
 * @param options.greatCircle measure along the sphere instead of in the plane, default false
 * @throws INVALID_PARAMETER, also where neighbors coincide and weights are inverse distances; INVALID_WEIGHTS above
 * 268,435,456 pairs
 */
export function distanceBand(
  xs: Float64Array,
  ys: Float64Array,
  options: {
    threshold?: number | undefined;
    binary?: boolean;
    power?: number;
    greatCircle?: boolean;
    progress?: Progress;
  } = {},
): Weights {
  const { binary = true, power = 1, greatCircle = false, progress } = options;
  checkPoints(xs, ys);
  const threshold = options.threshold ?? smallestThreshold(xs, ys, greatCircle);
  if (!(threshold >= 0 && threshold < Infinity)) {
    throw new DriveshaftError("INVALID_PARAMETER", `threshold is ${threshold}, expected a finite number of at least 0`);
  }
  if (!(power > 0 && power < Infinity)) {
    throw new DriveshaftError("INVALID_PARAMETER", `power is ${power}, expected a finite number above 0`);
  }
  return withKernel(distanceKernel, (kernel) => {
    const graph = within(kernel, xs, ys, threshold, greatCircle, progress);
    if (binary) return graph;
    const band = measure(kernel, xs, ys, graph, greatCircle);
    const coincident = inUnits(kernel, band).indexOf(0);
    if (coincident >= 0) {
      const i = graph.offsets.findLastIndex((offset) => offset <= coincident);
      throw new DriveshaftError(
        "INVALID_PARAMETER",
        `points ${i} and ${graph.neighbors[coincident]} coincide, so their inverse distance is infinite`,
        { hint: "Use binary weights, a kernel, or one row for each place." },
      );
    }
    const bandwidths = kernel.float64(new Float64Array(band.n).fill(1));
    kernel.call.weigh(INVERSE, power, band.offsets, bandwidths, band.distances);
    return trusted({ ...graph, weights: kernel.readFloat64(band.distances) });
  });
}

/**
 * The smallest distance at which every point has a neighbor: the largest of the distances to the nearest one.
 * @throws INVALID_PARAMETER for fewer than two points
 */
export function smallestThreshold(xs: Float64Array, ys: Float64Array, greatCircle = false): number {
  checkPoints(xs, ys);
  if (xs.length < 2) {
    throw new DriveshaftError("INVALID_PARAMETER", `there are ${xs.length} points, at least 2 are needed`);
  }
  const nearest = knn(xs, ys, { k: 1, greatCircle });
  return withKernel(distanceKernel, (kernel) => {
    const distances = inUnits(kernel, measure(kernel, xs, ys, nearest, greatCircle));
    let largest = 0;
    for (const distance of distances) largest = Math.max(largest, distance);
    // so that rounding of the square does not lose the pair it came from
    return largest * (1 + 1e-12);
  });
}
