import type { DistanceExports } from "./generated/distance.js";
import type { Kernel } from "./load.js";
import type { Float64Pointer, Pointer } from "./pointer.js";

/** What kernels that measure distances export for points on the sphere, and those with a tree for planting it. */
type SphereExports = Pick<DistanceExports, "toUnitSphere">;
type TreeExports = Pick<DistanceExports, "toUnitSphere" | "plantPlane" | "plantSpace">;

/** Coordinates in a kernel's memory: of the plane, or of space for points on the unit sphere. */
export type Coordinates =
  | { plane: [x: Float64Pointer, y: Float64Pointer] }
  | { space: [x: Float64Pointer, y: Float64Pointer, z: Float64Pointer] };

/** Copies points into a kernel: as they are, or longitudes and latitudes as unit vectors. */
export function copyPoints(
  kernel: Kernel<SphereExports>,
  xs: Float64Array,
  ys: Float64Array,
  greatCircle: boolean,
): Coordinates {
  const plane: [Float64Pointer, Float64Pointer] = [kernel.float64(xs), kernel.float64(ys)];
  if (!greatCircle) return { plane };
  const space: [Float64Pointer, Float64Pointer, Float64Pointer] = [
    kernel.float64(xs.length),
    kernel.float64(xs.length),
    kernel.float64(xs.length),
  ];
  kernel.call.toUnitSphere(...plane, ...space);
  return { space };
}

/** Plants a tree over points in a kernel. */
export function plant(
  kernel: Kernel<TreeExports>,
  xs: Float64Array,
  ys: Float64Array,
  greatCircle: boolean,
): Pointer<"Tree"> {
  const points = copyPoints(kernel, xs, ys, greatCircle);
  return "space" in points ? kernel.call.plantSpace(...points.space) : kernel.call.plantPlane(...points.plane);
}
