import { refuseDiagonal, type Weights } from "../weights/weights.js";
import { checkValues } from "./check-values.js";
import type { Inference } from "./inference.js";
import {
  crossProducts,
  inferGlobal,
  underBoth,
  type Analytical,
  type CrossProducts,
  type GlobalInferenceResult,
} from "./cross-products.js";
import { varianceNormal, varianceRandom } from "./quadratic-moments.js";
import { ofSum } from "./rounding.js";
import { standardised } from "./standardise.js";

export interface Geary extends GlobalInferenceResult, Analytical {
  /** Geary's C: expected 1 without autocorrelation, below 1 where neighbors are alike. */
  c: number;
}

/**
 * Global Geary's C with analytical inference under normality and randomisation and, on request, permutations:
 * C = (n - 1) sum w_ij (y_i - y_j)^2 / (2 S0 sum (y_i - mean)^2). Geary (1954), doi:10.2307/2986645; moments: Cliff and
 * Ord (1981), Spatial Processes. `greater` speaks of C itself, so it is the tail of negative autocorrelation.
 * @param y f64 of shape (n,), finite, not constant, n >= 3
 * @param weights of n locations; islands count in n and add nothing to the sums
 * @param options.permutations default 999
 * @throws TOO_FEW_ROWS, CONSTANT_VALUES, INVALID_WEIGHTS, INVALID_PARAMETER
 */
export function geary(y: Float64Array, weights: Weights, options: Inference = {}): Geary {
  checkValues(y, weights);
  refuseDiagonal(weights, "geary");
  const n = y.length;
  const standard = standardised(y);
  const { z } = standard;
  const rows = { factors: "deviations", squared: true } as const;
  const products = crossProducts(z, standard, weights, { ...options, rows });
  // half of sum w_ij (z_i - z_j)^2 is sum_i (half the row and column sum of i) z_i^2 - z'Wz, and sum z^2 = n
  const { s0 } = products;
  const factor = (n - 1) / (s0 * n);
  const of = (own: number, cross: number): number => factor * (s0 + own - cross);
  const c = of(products.rows, products.cross);
  const simulated = products.simulatedCross.map((cross, p) => of(products.simulatedRows[p]!, cross));
  const rounding = factor * (ofSum(4, s0) + products.rounding + products.rowsRounding);
  const inference = inferGlobal(c, simulated, options.alternative, rounding);
  return { c, ...analytical(c, z, products), ...inference };
}

/**
 * Moments under normality and randomisation: half the sum of squared differences is a constant, plus n sum_i a_i z_i^2,
 * less the form of the rest.
 */
function analytical(c: number, z: Float64Array, { s0, parts, normalP }: CrossProducts): Analytical {
  const n = z.length;
  const scale = ((n - 1) / s0) ** 2;
  const squares = z.map((value) => n * value * value);
  const moments = {
    expected: 1,
    varianceNormal: scale * varianceNormal(parts, n),
    varianceRandom: (scale * varianceRandom(parts, squares, z)) / n ** 2,
  };
  return underBoth(c, moments, normalP);
}
