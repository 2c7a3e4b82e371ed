import { DriveshaftError } from "../errors.js";
import { EARTH_RADIUS } from "../geometry/earth.js";
import type { Progress } from "../job/progress.js";
import { dbscanKernel } from "../kernels/generated/dbscan.js";
import { withKernel } from "../kernels/load.js";
import { copyPoints } from "../kernels/points.js";
import { checkPoints } from "../weights/knn.js";
import { numberBySize } from "./number-by-size.js";

/** Kinds of points, by their number. */
export const pointKinds = ["core", "border", "noise"] as const;

export interface Dbscan {
  /** Cluster of each point, clusters numbered from the largest, -1 for noise, i32 of shape (n,). */
  clusters: Int32Array;
  /** Kind of each point: 0 core, 1 border, 2 noise, i32 of shape (n,). */
  kinds: Int32Array;
  /** Points by cluster. */
  sizes: Int32Array;
}

/**
 * Density-based clusters of points: core points have at least `minPoints` points within `eps`, themselves among them;
 * core points within `eps` of each other are of one cluster; a border point, which is no core point but within `eps` of
 * one, is of the cluster of the first such. All others are noise.
 * Ester, Kriegel, Sander and Xu (1996), A density-based algorithm for discovering clusters, KDD-96; by cells of which
 * all points are within `eps` of each other: de Berg, Gunawan and Roeloffzen (2017), doi:10.4230/LIPIcs.ISAAC.2017.25.
 * @param xs f64 of shape (n,), x or longitude in degrees; finite
 * @param ys f64 of shape (n,), y or latitude in degrees; finite
 * @param options.eps distance within which points are near each other, in units of the coordinates or metres; above 0
 * @param options.minPoints points within eps that make a core point, itself among them, default 5
 * @param options.greatCircle measure along the sphere instead of in the plane, default false
 * @throws INVALID_PARAMETER
 */
export function dbscan(
  xs: Float64Array,
  ys: Float64Array,
  options: { eps: number; minPoints?: number; greatCircle?: boolean; progress?: Progress },
): Dbscan {
  const { eps, minPoints = 5, greatCircle = false, progress } = options;
  const n = xs.length;
  checkPoints(xs, ys);
  if (!(eps > 0 && eps < Infinity))
    throw new DriveshaftError("INVALID_PARAMETER", `eps is ${eps}, expected a finite number above 0`);
  if (!Number.isInteger(minPoints) || minPoints < 1)
    throw new DriveshaftError("INVALID_PARAMETER", `minPoints is ${minPoints}, expected a whole number of at least 1`);
  if (n === 0) return { clusters: new Int32Array(0), kinds: new Int32Array(0), sizes: new Int32Array(0) };

  return withKernel(dbscanKernel, (kernel) => {
    const { call } = kernel;
    const points = copyPoints(kernel, xs, ys, greatCircle);
    // no more than n + 1 points, which are as many as cannot be
    const enough = Math.min(minPoints, n + 1);
    const square = greatCircle ? call.squareOverArc(eps / EARTH_RADIUS) : eps * eps;
    const [plan, findCores, connect, assign] =
      "space" in points
        ? [call.createSpace(...points.space, square, enough), call.findCoresSpace, call.connectSpace, call.assignSpace]
        : [call.createPlane(...points.plane, square, enough), call.findCoresPlane, call.connectPlane, call.assignPlane];
    progress?.(0.4);
    findCores(plan);
    progress?.(0.6);
    connect(plan);
    progress?.(0.8);
    const [labels, kinds] = [kernel.int32(n), kernel.int32(n)];
    const count = assign(plan, labels, kinds);
    const { clusters, sizes } = numberBySize(kernel.viewInt32(labels), count);
    return { clusters, kinds: kernel.readInt32(kinds), sizes };
  });
}
