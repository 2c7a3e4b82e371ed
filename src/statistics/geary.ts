import { refuseDiagonal, type Weights } from "../weights/weights.js";
import { checkValues, type Inference } from "./autocorrelation-kernel.js";
import {
  crossProducts,
  inferGlobal,
  underBoth,
  type Analytical,
  type CrossProducts,
  type GlobalInferenceResult,
} from "./cross-products.js";
import { standardised } from "./standardise.js";

export interface Geary extends GlobalInferenceResult, Analytical {
  /** Geary's C: expected 1 without autocorrelation, below 1 where neighbors are alike. */
  c: number;
}

/**
 * Global Geary's C with analytical inference under normality and randomisation and, on request, permutations:
 * C = (n - 1) sum w_ij (y_i - y_j)^2 / (2 S0 sum (y_i - mean)^2). Geary (1954), doi:10.2307/2986645; moments: Cliff and Ord
 * (1981), Spatial Processes. `greater` speaks of C itself, so it is the tail of negative autocorrelation.
 * @param y f64 of shape (n,), finite, not constant, n >= 3
 * @param weights of n locations; islands count in n and add nothing to the sums
 * @param options.permutations default 999
 * @throws TOO_FEW_ROWS, CONSTANT_VALUES, INVALID_WEIGHTS, INVALID_PARAMETER
 */
export function geary(y: Float64Array, weights: Weights, options: Inference = {}): Geary {
  checkValues(y, weights);
  refuseDiagonal(weights, "geary");
  const n = y.length;
  const { z } = standardised(y);
  const products = crossProducts(z, weights, { ...options, squares: true });
  // sum w_ij (z_i - z_j)^2 = sum_i (row and column sum of i) z_i^2 - 2 z'Wz, and sum z^2 = n
  const factor = (n - 1) / (2 * products.s0 * n);
  const { simulatedCross, simulatedSquare } = products;
  const c = factor * (products.square - 2 * products.cross);
  const simulated = simulatedCross.map((cross, p) => factor * (simulatedSquare[p]! - 2 * cross));
  let kurtosis = 0;
  for (const value of z) kurtosis += value ** 4 / n;
  return { c, ...analytical(c, n, kurtosis, products), ...inferGlobal(c, simulated, options.alternative) };
}

/** Moments under normality and randomisation. */
function analytical(c: number, n: number, kurtosis: number, { s0, s1, s2, normalP }: CrossProducts): Analytical {
  const varianceNormal = ((2 * s1 + s2) * (n - 1) - 4 * s0 * s0) / (2 * (n + 1) * s0 * s0);
  const first = (n - 1) * s1 * (n * n - 3 * n + 3 - (n - 1) * kurtosis);
  const second = 0.25 * (n - 1) * s2 * (n * n + 3 * n - 6 - (n * n - n + 2) * kurtosis);
  const third = s0 * s0 * (n * n - 3 - (n - 1) ** 2 * kurtosis);
  const varianceRandom = n < 4 ? NaN : (first - second + third) / (n * (n - 2) * (n - 3) * s0 * s0);
  return underBoth(c, { expected: 1, varianceNormal, varianceRandom }, normalP);
}
