import { DriveshaftError } from "../errors.js";
import { autocorrelationKernel } from "../kernels/generated/autocorrelation.js";
import { withKernel } from "../kernels/load.js";
import { UNIT, type Rounded } from "./rounding.js";

/** A variable with mean 0 and sd 1 (population), and the two it had. */
export interface Standardised extends Rounded {
  z: Float64Array;
  mean: number;
  sd: number;
}

/**
 * @throws INVALID_PARAMETER where the values lie so close together or so far apart that their squares leave the range
 * of f64
 */
export function standardised(y: Float64Array): Standardised {
  return withKernel(autocorrelationKernel, (kernel) => {
    const z = kernel.float64(y.length);
    const scale = kernel.float64(4);
    kernel.call.standardise(kernel.float64(y), z, scale);
    const [mean, sd, size, largest] = kernel.readFloat64(scale) as unknown as [number, number, number, number];
    if (!(sd > 0 && sd < Infinity)) {
      throw new DriveshaftError("INVALID_PARAMETER", `the standard deviation of the values comes out as ${sd}`, {
        hint: "Scale the values: their squares leave the range of double precision.",
      });
    }
    // a decimal is off by half a unit as it comes in, and so is the mean of them; the deviation and its quotient add to
    // that
    return { z: kernel.readFloat64(z), mean, sd, largest, error: (4 * UNIT * size) / sd };
  });
}

/** The population variance of the values of all other locations, by location. */
export function variancesOfOthers(z: Float64Array): Float64Array {
  return withKernel(autocorrelationKernel, ({ call, float64, readFloat64 }) => {
    const variances = float64(z.length);
    call.variancesOfOthers(float64(z), variances);
    return readFloat64(variances);
  });
}
