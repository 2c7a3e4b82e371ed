import { DriveshaftError } from "../errors.js";
import { centerKernel } from "../kernels/generated/center.js";
import { withKernel } from "../kernels/load.js";
import { POLYGON, type Geometry } from "./geometry.js";

export interface Ellipse {
  centerX: number;
  centerY: number;
  /** In units of the coordinates. */
  semiMajor: number;
  semiMinor: number;
  /** Of the major axis, in degrees counter-clockwise from x. */
  angle: number;
}

/**
 * An ellipse, such as meanCenter finds one, as a polygon. Its vertices lie on it, counter-clockwise from an end of the
 * major axis by equal steps of the eccentric anomaly. Where an axis is 0 it has no area.
 * @param vertices how many, at least 3, default 64: with them the polygon has 99.8 % of the area
 * @throws INVALID_PARAMETER, also where a number is NaN
 */
export function ellipse({ centerX, centerY, semiMajor, semiMinor, angle }: Ellipse, vertices = 64): Geometry {
  for (const [name, value] of Object.entries({ centerX, centerY, angle })) {
    if (!Number.isFinite(value))
      throw new DriveshaftError("INVALID_PARAMETER", `${name} is ${value}, expected a finite number`);
  }
  for (const [name, value] of Object.entries({ semiMajor, semiMinor })) {
    if (!(value >= 0 && value < Infinity))
      throw new DriveshaftError("INVALID_PARAMETER", `${name} is ${value}, expected a finite number of at least 0`);
  }
  if (!Number.isInteger(vertices) || vertices < 3)
    throw new DriveshaftError("INVALID_PARAMETER", `vertices is ${vertices}, expected a whole number of at least 3`);
  return withKernel(centerKernel, (kernel) => {
    const [xs, ys] = [kernel.float64(vertices), kernel.float64(vertices)];
    kernel.call.outline(centerX, centerY, semiMajor, semiMinor, angle, xs, ys);
    return {
      xs: kernel.readFloat64(xs),
      ys: kernel.readFloat64(ys),
      ringOffsets: Int32Array.of(0, vertices),
      holes: Uint8Array.of(0),
      featureOffsets: Int32Array.of(0, vertices),
      kinds: Uint8Array.of(POLYGON),
    };
  });
}
