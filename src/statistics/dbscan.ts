import { DriveshaftError } from "../errors.js";
import { EARTH_RADIUS } from "../geometry/earth.js";
import type { Progress } from "../job/progress.js";
import { dbscanKernel, dbscanThreads, type DbscanExports } from "../kernels/generated/dbscan.js";
import { withKernel, type Kernel } from "../kernels/load.js";
import { copyPoints } from "../kernels/points.js";
import { withThreads, type Arguments, type RunThreads } from "../kernels/threads.js";
import { checkPoints } from "../weights/knn.js";
import { checkWhole, MAX_THREADS } from "./inference.js";
import { numberBySize } from "./number-by-size.js";

/** Kinds of points, by their number. */
export const pointKinds = ["core", "border", "noise"] as const;

/** Parts that a thread takes of the lines of cells, since points lie more densely in some. */
const PARTS = 16;

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
 * @param options.threads default 1; the result does not depend on it
 * @throws INVALID_PARAMETER
 */
export function dbscan(
  xs: Float64Array,
  ys: Float64Array,
  options: { eps: number; minPoints?: number; greatCircle?: boolean; threads?: number; progress?: Progress },
): Dbscan {
  const { eps, minPoints = 5, greatCircle = false, threads = 1, progress } = options;
  const n = xs.length;
  checkPoints(xs, ys);
  if (!(eps > 0 && eps < Infinity))
    throw new DriveshaftError("INVALID_PARAMETER", `eps is ${eps}, expected a finite number above 0`);
  if (!Number.isInteger(minPoints) || minPoints < 1)
    throw new DriveshaftError("INVALID_PARAMETER", `minPoints is ${minPoints}, expected a whole number of at least 1`);
  checkWhole("threads", threads, 1, MAX_THREADS);
  if (n === 0) return { clusters: new Int32Array(0), kinds: new Int32Array(0), sizes: new Int32Array(0) };

  function inKernel(kernel: Kernel<DbscanExports>, run?: RunThreads): Dbscan {
    const { call } = kernel;
    const points = copyPoints(kernel, xs, ys, greatCircle);
    // no more than n + 1 points, which are as many as cannot be
    const enough = Math.min(minPoints, n + 1);
    const square = greatCircle ? call.squareOverArc(eps / EARTH_RADIUS) : eps * eps;
    const plan =
      "space" in points
        ? call.createSpace(...points.space, square, enough, threads)
        : call.createPlane(...points.plane, square, enough, threads);
    const lines = call.countLines(plan);
    const parts = threads > 1 ? PARTS * threads : 1;
    const edge = (part: number): number => Math.floor((lines * part) / parts);
    /** Has a function do its work in all lines, on all threads. */
    function pass(name: "plant" | "findCores" | "connect" | "assign"): void {
      const full = `${name}${greatCircle ? "Space" : "Plane"}` as const;
      const callsOf = (thread: number): Arguments[] => {
        const calls: Arguments[] = [];
        for (let part = thread; part < parts; part += threads) calls.push([plan, edge(part), edge(part + 1)]);
        return calls;
      };
      const join = run?.(full, callsOf);
      for (const [, begin, end] of callsOf(0)) call[full](plan, begin as number, end as number, 0);
      join?.();
    }
    progress?.(0.4);
    // threads look into each other's cells
    if (run && (greatCircle ? call.reserveSpace : call.reservePlane)(plan)) pass("plant");
    pass("findCores");
    progress?.(0.6);
    pass("connect");
    progress?.(0.8);
    pass("assign");
    const [labels, kinds] = [kernel.int32(n), kernel.int32(n)];
    const count = call.label(plan, labels, kinds);
    const { clusters, sizes } = numberBySize(kernel.viewInt32(labels), count);
    return { clusters, kinds: kernel.readInt32(kinds), sizes };
  }
  return threads > 1 ? withThreads(dbscanThreads, threads, inKernel) : withKernel(dbscanKernel, inKernel);
}
