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
import { standardised } from "./standardise.js";

export interface Moran extends GlobalInferenceResult, Analytical {
  /** Moran's I; expected -1 / (n - 1). */
  i: number;
}

/**
 * Global Moran's I with analytical inference under normality and randomisation and, on request, permutations.
 * Moran (1950), doi:10.1093/biomet/37.1-2.17; moments: Cliff and Ord (1981), Spatial Processes.
 * @param y f64 of shape (n,), finite, not constant, n >= 3
 * @param weights of n locations; islands count in n and add nothing to the sums
 * @param options.permutations default 999
 * @throws TOO_FEW_ROWS, CONSTANT_VALUES, INVALID_WEIGHTS, INVALID_PARAMETER
 * @example moran(y, queen(polygons)).i
 */
export function moran(y: Float64Array, weights: Weights, options: Inference = {}): Moran {
  checkValues(y, weights);
  refuseDiagonal(weights, "moran");
  const standard = standardised(y);
  const { z } = standard;
  const products = crossProducts(z, standard, weights, options);
  // with sum z^2 = n, I = n / S0 * z'Wz / z'z is z'Wz / S0
  const i = products.cross / products.s0;
  const simulated = products.simulatedCross.map((cross) => cross / products.s0);
  const inference = inferGlobal(i, simulated, options.alternative, products.rounding / products.s0);
  return { i, ...analytical(i, z, products), ...inference };
}

/** Moments under normality and randomisation: z'Wz is a constant, less 2 sum_i a_i z_i^2, plus the form of the rest. */
function analytical(i: number, z: Float64Array, { s0, parts, normalP }: CrossProducts): Analytical {
  const n = z.length;
  const squares = z.map((value) => -2 * value * value);
  const moments = {
    expected: -1 / (n - 1),
    varianceNormal: (n / s0) ** 2 * varianceNormal(parts, 2),
    varianceRandom: varianceRandom(parts, squares, z) / s0 ** 2,
  };
  return underBoth(i, moments, normalP);
}

export interface MoranBv extends GlobalInferenceResult {
  /** Bivariate Moran's I. */
  i: number;
}

/**
 * Bivariate global Moran's I: the slope of the lag of one variable on another, sum_i value_i lag(laggedValue)_i / S0 of
 * standardised values. Anselin, Syabri and Smirnov (2002), Visualizing multivariate spatial correlation with
 * dynamically linked windows. The lagged variable is permuted.
 * @param value f64 of shape (n,), finite, not constant, n >= 3
 * @param laggedValue the same
 * @param options.permutations default 999
 * @throws as moran
 */
export function moranBv(
  value: Float64Array,
  laggedValue: Float64Array,
  weights: Weights,
  options: Inference = {},
): MoranBv {
  checkValues(value, weights, "value");
  checkValues(laggedValue, weights, "laggedValue");
  refuseDiagonal(weights, "moranBv");
  const [focal, around] = [standardised(value), standardised(laggedValue)];
  const rounded = { error: Math.max(focal.error, around.error) };
  const products = crossProducts(around.z, rounded, weights, { ...options, fixed: focal.z });
  const { cross, simulatedCross, s0, rounding } = products;
  const simulated = simulatedCross.map((each) => each / s0);
  return { i: cross / s0, ...inferGlobal(cross / s0, simulated, options.alternative, rounding / s0) };
}
