import { sphereKernel } from "../kernels/generated/sphere.js";
import { withKernel } from "../kernels/load.js";
import { POINT, POLYGON, type Geometry } from "./geometry.js";
import { ringsOfFeatures } from "./take-features.js";

/**
 * Area centroids of polygons on the sphere (holes taken away), points as they are, NaN for features without a place; in
 * degrees. Edges are the shorter great-circle arcs between longitudes and latitudes, so a ring may cross the date line
 * or go around a pole; it bounds the smaller of its sides, whatever way it turns. A feature without area, such as a
 * polygon on a line, gets the direction of the mean of its vertices' unit vectors.
 */
export function sphericalCentroids(geometry: Geometry): { xs: Float64Array; ys: Float64Array } {
  const { kinds, featureOffsets } = geometry;
  const xs = new Float64Array(kinds.length).fill(NaN);
  const ys = new Float64Array(kinds.length).fill(NaN);
  const polygons: number[] = [];
  kinds.forEach((kind, i) => {
    if (kind === POLYGON) polygons.push(i);
    if (kind !== POINT) return;
    xs[i] = geometry.xs[featureOffsets[i]!]!;
    ys[i] = geometry.ys[featureOffsets[i]!]!;
  });
  if (polygons.length === 0) return { xs, ys };
  withKernel(sphereKernel, (kernel) => {
    const rings = ringsOfFeatures(geometry);
    const [lons, lats] = [kernel.float64(polygons.length), kernel.float64(polygons.length)];
    kernel.call.centroids(
      kernel.float64(geometry.xs),
      kernel.float64(geometry.ys),
      kernel.int32(geometry.ringOffsets),
      kernel.int32(Int32Array.from(geometry.holes)),
      kernel.int32(Int32Array.from(polygons, (i) => rings[i]!)),
      kernel.int32(Int32Array.from(polygons, (i) => rings[i + 1]!)),
      lons,
      lats,
    );
    const [centroidLons, centroidLats] = [kernel.viewFloat64(lons), kernel.viewFloat64(lats)];
    polygons.forEach((i, polygon) => {
      xs[i] = centroidLons[polygon]!;
      ys[i] = centroidLats[polygon]!;
    });
  });
  return { xs, ys };
}
