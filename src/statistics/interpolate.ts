import { DriveshaftError } from "../errors.js";
import { alongStripes, locator, valueIn } from "../geometry/locate.js";
import { tinOf, type Tin } from "../geometry/tin.js";
import type { Progress } from "../job/progress.js";
import { interpolationKernel } from "../kernels/generated/interpolation.js";
import { withKernel } from "../kernels/load.js";
import { plant } from "../kernels/points.js";
import { checkPoints, CHUNK } from "../weights/knn.js";
import { checkNumbers } from "./check-numbers.js";

/** Points with values, and targets where values are predicted. */
export interface Samples {
  /** f64 of shape (n,), finite, at least one. */
  xs: Float64Array;
  ys: Float64Array;
  values: Float64Array;
}

export interface Targets {
  /** f64 of shape (m,), finite. */
  xs: Float64Array;
  ys: Float64Array;
}

export interface IdwOptions {
  /** Of the distance, by which weights fall; above 0 to 100, default 2. */
  power?: number | undefined;
  /** How many of the nearest points count, no more than there are; default 12. */
  neighbors?: number | "all" | undefined;
  /** Measure along the sphere instead of in the plane, default false. */
  greatCircle?: boolean;
  progress?: Progress;
}

/** Neighbors of inverse distance weighting where no number is asked for. */
export const IDW_NEIGHBORS = 12;

/** Neighbors at most, but for all: what is kept of a search is in order of distance. */
export const MOST_NEIGHBORS = 1000;

/** Powers of distances at most. */
export const MOST_POWER = 100;

/** Targets from all points between two reports of progress. */
const CHUNK_FROM_ALL = 64;

/**
 * Values at targets by inverse distance weighting: Σ v_j d_j^-p / Σ d_j^-p over the nearest points, of points equally
 * near those of lower index. At points with values it is their mean. Shepard (1968), doi:10.1145/800186.810616.
 * @returns f64 of shape (m,)
 * @throws INVALID_PARAMETER
 */
export function idw(samples: Samples, targets: Targets, options: IdwOptions = {}): Float64Array {
  const { power = 2, neighbors = IDW_NEIGHBORS } = options;
  if (!(power > 0 && power <= MOST_POWER)) {
    throw new DriveshaftError("INVALID_PARAMETER", `power is ${power}, expected a number above 0, up to ${MOST_POWER}`);
  }
  return weighted(samples, targets, { ...options, power, neighbors });
}

/**
 * Values at targets by the mean of the nearest points, one by default; of points equally near those of lower index.
 * @returns f64 of shape (m,)
 * @throws INVALID_PARAMETER
 */
export function nearestMean(samples: Samples, targets: Targets, options: Omit<IdwOptions, "power"> = {}): Float64Array {
  return weighted(samples, targets, { ...options, power: 0, neighbors: options.neighbors ?? 1 });
}

function weighted(
  { xs, ys, values }: Samples,
  targets: Targets,
  { power, neighbors, greatCircle = false, progress }: IdwOptions & { power: number; neighbors: number | "all" },
): Float64Array {
  check(xs, ys, values);
  checkPoints(targets.xs, targets.ys, "target");
  if (neighbors !== "all" && !(Number.isInteger(neighbors) && neighbors >= 1 && neighbors <= MOST_NEIGHBORS)) {
    const message = `neighbors is ${neighbors}, expected a whole number from 1 to ${MOST_NEIGHBORS}, or all`;
    throw new DriveshaftError("INVALID_PARAMETER", message);
  }
  const n = xs.length;
  const m = targets.xs.length;
  if (m === 0) return new Float64Array(0);
  const isAll = neighbors === "all" || neighbors >= n;
  return withKernel(interpolationKernel, (kernel) => {
    const { call } = kernel;
    const tree = plant(kernel, xs, ys, greatCircle);
    const seekers = plant(kernel, targets.xs, targets.ys, greatCircle);
    const plan = call.createPredictions(seekers, tree, isAll ? 1 : neighbors, kernel.float64(values), power);
    const predicted = kernel.float64(m);
    const [nearby, fromAll] = greatCircle
      ? [call.predictSpace, call.predictFromAllSpace]
      : [call.predictPlane, call.predictFromAllPlane];
    const [predict, chunk] = isAll ? [fromAll, CHUNK_FROM_ALL] : [nearby, CHUNK];
    for (let begin = 0; begin < m; begin += chunk) {
      progress?.(begin / m);
      predict(plan, begin, Math.min(m, begin + chunk), predicted);
    }
    return kernel.readFloat64(predicted);
  });
}

/**
 * Values at targets, linear in the Delaunay triangle of points that each is in; NaN outside their hull. Points at one
 * place have the mean of their values.
 * @returns f64 of shape (m,), and the surface
 * @throws INVALID_PARAMETER; INVALID_GEOMETRY where all points lie on a line
 */
export function barycentric({ xs, ys, values }: Samples, targets: Targets): { predicted: Float64Array; tin: Tin } {
  check(xs, ys, values);
  checkPoints(targets.xs, targets.ys, "target");
  const tin = tinOf(xs, ys, values);
  const find = locator(xs, ys, tin.triangulation);
  const predicted = new Float64Array(targets.xs.length).fill(NaN);
  for (const i of alongStripes(targets.xs, targets.ys)) {
    const [x, y] = [targets.xs[i]!, targets.ys[i]!];
    const triangle = find(x, y);
    if (triangle >= 0) predicted[i] = valueIn(xs, ys, tin.triangulation, tin.values, triangle, x, y);
  }
  return { predicted, tin };
}

/** @throws INVALID_PARAMETER */
function check(xs: Float64Array, ys: Float64Array, values: Float64Array): void {
  checkPoints(xs, ys);
  checkNumbers(values);
  if (values.length === xs.length && values.length > 0) return;
  const message = `there are ${xs.length} points and ${values.length} values, expected as many, at least one`;
  throw new DriveshaftError("INVALID_PARAMETER", message);
}
