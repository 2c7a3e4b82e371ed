import type { Kernel, Pointer } from "./load.js";

/** What kernels that measure distances export for points on the sphere. */
export interface SphereExports {
  toUnitSphere(lons: Pointer, lats: Pointer, xs: Pointer, ys: Pointer, zs: Pointer): void;
}

/** Coordinates in a kernel's memory: of the plane, or of space for points on the unit sphere. */
export type Coordinates = { plane: [x: Pointer, y: Pointer] } | { space: [x: Pointer, y: Pointer, z: Pointer] };

/** Copies points into a kernel: as they are, or longitudes and latitudes as unit vectors. */
export function copyPoints(
  kernel: Kernel<SphereExports>,
  xs: Float64Array,
  ys: Float64Array,
  greatCircle: boolean,
): Coordinates {
  const plane: [Pointer, Pointer] = [kernel.float64(xs), kernel.float64(ys)];
  if (!greatCircle) return { plane };
  const space: [Pointer, Pointer, Pointer] = [
    kernel.float64(xs.length),
    kernel.float64(xs.length),
    kernel.float64(xs.length),
  ];
  kernel.call.toUnitSphere(...plane, ...space);
  return { space };
}
