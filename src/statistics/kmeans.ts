import { DriveshaftError } from "../errors.js";
import { EARTH_RADIUS } from "../geometry/earth.js";
import { kmeansKernel } from "../kernels/generated/kmeans.js";
import { withKernel } from "../kernels/load.js";
import { copyPoints } from "../kernels/points.js";
import type { Progress } from "../job/progress.js";
import { checkPoints } from "../weights/knn.js";

export interface Kmeans {
  /** Cluster of each point, 0 to k - 1, clusters numbered from the largest, i32 of shape (n,). */
  clusters: Int32Array;
  /** Distance of each point to its center, in units of the coordinates or metres, f64 of shape (n,). */
  distances: Float64Array;
  /** Centers by cluster, f64 of shape (k,). */
  centerXs: Float64Array;
  centerYs: Float64Array;
  /** Sum of squared distances to the centers; on the sphere, of squared chords in metres. */
  inertia: number;
  /** Lloyd iterations of the best start, and whether it had converged by then. */
  iterations: number;
  converged: boolean;
}

/**
 * k-means clustering of points: Lloyd's iteration from greedy k-means++ seeds, the best of `nInit` starts by inertia.
 * Lloyd (1982), doi:10.1109/TIT.1982.1056489; Arthur and Vassilvitskii (2007), k-means++.
 * @param xs f64 of shape (n,), x or longitude in degrees; finite
 * @param ys f64 of shape (n,), y or latitude in degrees; finite
 * @param options.k number of clusters, 1 to n - 1
 * @param options.nInit number of starts, default 10
 * @param options.maxIterations default 300
 * @param options.seed default 12345
 * @param options.greatCircle cluster on the sphere instead of in the plane, default false
 * @param options.centers starting centers instead of seeds, x and y alternating, f64 of shape (2 k,); plane only
 * @throws K_TOO_LARGE where k is not below n, or fewer than k points are distinct; INVALID_PARAMETER
 */
export function kmeans(
  xs: Float64Array,
  ys: Float64Array,
  options: {
    k: number;
    nInit?: number;
    maxIterations?: number;
    seed?: number;
    greatCircle?: boolean;
    centers?: Float64Array;
    progress?: Progress;
  },
): Kmeans {
  const { k, maxIterations = 300, seed = 12345, greatCircle = false, centers, progress } = options;
  const nInit = centers ? 1 : (options.nInit ?? 10);
  const n = xs.length;
  checkPoints(xs, ys);
  for (const [name, value] of Object.entries({ k, nInit, maxIterations })) {
    if (!Number.isInteger(value) || value < 1)
      throw new DriveshaftError("INVALID_PARAMETER", `${name} is ${value}, expected a whole number of at least 1`);
  }
  if (k >= n)
    throw new DriveshaftError("K_TOO_LARGE", `k is ${k}, but there are only ${n} points`, {
      hint: `Use a k below ${n}.`,
    });
  if (centers && (greatCircle || centers.length !== 2 * k)) {
    throw new DriveshaftError(
      "INVALID_PARAMETER",
      `centers has ${centers.length} elements, expected 2 k = ${2 * k}, in the plane`,
    );
  }

  return withKernel(kmeansKernel, (kernel) => {
    const { call } = kernel;
    const points = copyPoints(kernel, xs, ys, greatCircle);
    const plan = "space" in points ? call.createSpace(...points.space, k) : call.createPlane(...points.plane, k);
    const [seedCenters, step, settle, read] = greatCircle
      ? [call.seedSpace, call.stepSpace, call.settleSpace, call.readSpace]
      : [call.seedPlane, call.stepPlane, call.settlePlane, call.readPlane];
    const result = [kernel.int32(n), kernel.float64(n), kernel.float64(k), kernel.float64(k)] as const;

    let best = { inertia: Infinity, iterations: 0, converged: false };
    let output: Omit<Kmeans, keyof typeof best> | undefined;
    for (let start = 0; start < nInit; start++) {
      if (centers) call.setCenters(plan, kernel.float64(centers));
      else {
        const distinct = seedCenters(plan, seed, start);
        if (distinct < k) {
          throw new DriveshaftError("K_TOO_LARGE", `k is ${k}, but only ${distinct} points are distinct`, {
            hint: `Use a k of at most ${distinct}.`,
          });
        }
      }
      let iterations = 0;
      let changes = n;
      while (iterations < maxIterations && changes > 0) {
        progress?.((start + iterations / maxIterations) / nInit);
        changes = step(plan);
        iterations++;
      }
      const inertia = settle(plan);
      if (inertia >= best.inertia) continue;
      best = { inertia, iterations, converged: changes === 0 };
      read(plan, ...result);
      const [clusters, distances, centerXs, centerYs] = result;
      output = {
        clusters: kernel.readInt32(clusters),
        distances: kernel.readFloat64(distances),
        centerXs: kernel.readFloat64(centerXs),
        centerYs: kernel.readFloat64(centerYs),
      };
    }
    if (greatCircle) {
      output!.distances.forEach((arc, i, distances) => (distances[i] = arc * EARTH_RADIUS));
      best.inertia *= EARTH_RADIUS ** 2;
    }
    return { ...best, ...numberBySize(output!, k) };
  });
}

/** Numbers clusters from the largest, equal sizes in the order of their first points. */
function numberBySize<R extends Pick<Kmeans, "clusters" | "centerXs" | "centerYs">>(result: R, k: number): R {
  const sizes = new Int32Array(k);
  const first = new Int32Array(k).fill(result.clusters.length);
  result.clusters.forEach((cluster, i) => {
    if (sizes[cluster]!++ === 0) first[cluster] = i;
  });
  const order = Int32Array.from(sizes.keys()).sort((a, b) => sizes[b]! - sizes[a]! || first[a]! - first[b]!);
  const numbers = new Int32Array(k);
  order.forEach((cluster, number) => (numbers[cluster] = number));
  return {
    ...result,
    clusters: result.clusters.map((cluster) => numbers[cluster]!),
    centerXs: Float64Array.from(order, (cluster) => result.centerXs[cluster]!),
    centerYs: Float64Array.from(order, (cluster) => result.centerYs[cluster]!),
  };
}
