import { withKernel, type Kernel } from "../kernels/load.js";
import { standardise, type AutocorrelationKernel } from "./autocorrelation-kernel.js";

/** A variable with mean 0 and sd 1 (population), and the two it had. */
export interface Standardised {
  z: Float64Array;
  mean: number;
  sd: number;
}

/** @throws INVALID_PARAMETER where the squares of the values leave the range of f64 */
export function standardised(y: Float64Array): Standardised {
  return withKernel("autocorrelation", (kernel: Kernel<AutocorrelationKernel>) => {
    const { z, mean, sd } = standardise(kernel, y);
    return { z: kernel.readFloat64(z), mean, sd };
  });
}
