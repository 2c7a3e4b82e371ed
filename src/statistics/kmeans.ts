import { DriveshaftError } from "../errors.js";
import { EARTH_RADIUS } from "../geometry/earth.js";
import { kmeansKernel, type KmeansExports } from "../kernels/generated/kmeans.js";
import { withKernel, type Kernel } from "../kernels/load.js";
import type { Float64Pointer } from "../kernels/pointer.js";
import { checkPoints } from "../weights/knn.js";
import { checkColumns, standardisedColumns } from "./columns.js";
import { checkOptions, lloyd, type Clusters, type LloydOptions } from "./lloyd.js";

/** Clusters of points, with distances in units of the coordinates or metres. */
export interface Kmeans extends Omit<Clusters, "centers"> {
  /** Centers by cluster, f64 of shape (k,). */
  centerXs: Float64Array;
  centerYs: Float64Array;
}

/**
 * k-means clustering of points: Lloyd's iteration from greedy k-means++ seeds, the best of `nInit` starts by inertia,
 * on the sphere that of chords in metres. Lloyd (1982), doi:10.1109/TIT.1982.1056489; Arthur and Vassilvitskii (2007),
 * k-means++.
 * @param xs f64 of shape (n,), x or longitude in degrees; finite
 * @param ys f64 of shape (n,), y or latitude in degrees; finite
 * @param options.greatCircle cluster on the sphere instead of in the plane, default false
 * @param options.centers starting centers instead of seeds, x and y alternating, f64 of shape (2 k,); plane only
 * @throws K_TOO_LARGE where k is not below n, or fewer than k points are distinct; INVALID_PARAMETER
 */
export function kmeans(xs: Float64Array, ys: Float64Array, options: LloydOptions & { greatCircle?: boolean }): Kmeans {
  const { greatCircle = false } = options;
  checkPoints(xs, ys);
  checkOptions(xs.length, 2, options);
  if (options.centers && greatCircle) {
    throw new DriveshaftError("INVALID_PARAMETER", "centers are given on the sphere, expected in the plane");
  }
  return withKernel(kmeansKernel, (kernel) => {
    const columns = greatCircle ? unitVectors(kernel, xs, ys) : [xs, ys];
    const { centers, ...found } = lloyd(kernel, columns, greatCircle, options);
    if (!greatCircle) return { ...found, centerXs: centers[0]!, centerYs: centers[1]! };
    const arcs = kernel.float64(found.distances);
    kernel.call.toArcs(arcs);
    const [x, y, z] = centers.map((axis) => kernel.float64(axis)) as [Float64Pointer, Float64Pointer, Float64Pointer];
    const [lons, lats] = [kernel.float64(found.k), kernel.float64(found.k)];
    kernel.call.toDegrees(x, y, z, lons, lats);
    return {
      ...found,
      distances: kernel.readFloat64(arcs).map((arc) => arc * EARTH_RADIUS),
      inertia: found.inertia * EARTH_RADIUS ** 2,
      scores: found.scores.map((score) => ({ ...score, inertia: score.inertia * EARTH_RADIUS ** 2 })),
      centerXs: kernel.readFloat64(lons),
      centerYs: kernel.readFloat64(lats),
    };
  });
}

/** Longitudes and latitudes as unit vectors, by axis. */
function unitVectors(kernel: Kernel<KmeansExports>, lons: Float64Array, lats: Float64Array): Float64Array[] {
  const n = lons.length;
  const [x, y, z] = [kernel.float64(n), kernel.float64(n), kernel.float64(n)];
  kernel.call.toUnitSphere(kernel.float64(lons), kernel.float64(lats), x, y, z);
  return [x, y, z].map((axis) => kernel.readFloat64(axis));
}

/** Clusters of rows by columns of numbers; centers, distances and inertia are in the space that was clustered. */
export interface KmeansColumns extends Clusters {
  /** The centers in units of the columns, by column, f64 of shape (k,) each. */
  columnCenters: Float64Array[];
}

/**
 * k-means clustering of rows by columns of numbers, as kmeans() does of points.
 * @param columns each f64 of shape (n,), finite
 * @param options.standardize of each column subtract the mean and divide by the population sd first, whatever the
 *   weights, default true
 * @param options.names of the columns, for messages
 * @throws CONSTANT_VALUES where a column that is standardised is; K_TOO_LARGE, INVALID_PARAMETER
 */
export function kmeansColumns(
  columns: Float64Array[],
  options: LloydOptions & { standardize?: boolean; names?: string[] },
): KmeansColumns {
  const { standardize = true, names = columns.map((_, a) => `columns[${a}]`) } = options;
  checkColumns(columns, names);
  checkOptions(columns[0]!.length, columns.length, options);
  const scales = standardize ? standardisedColumns(columns, names) : columns.map((z) => ({ z, mean: 0, sd: 1 }));
  const z = scales.map((scale) => scale.z);
  const found = withKernel(kmeansKernel, (kernel) => lloyd(kernel, z, false, options));
  const columnCenters = found.centers.map((center, a) => {
    const { mean, sd } = scales[a]!;
    return center.map((value) => mean + sd * value);
  });
  return { ...found, columnCenters };
}
