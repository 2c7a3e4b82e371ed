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
  const n = y.length;
  const { z } = standardised(y);
  const products = crossProducts(z, weights, options);
  // with sum z^2 = n, I = n / S0 * z'Wz / z'z is z'Wz / S0
  const i = products.cross / products.s0;
  const simulated = products.simulatedCross.map((cross) => cross / products.s0);
  let kurtosis = 0;
  for (const value of z) kurtosis += value ** 4 / n;
  return { i, ...analytical(i, n, kurtosis, products), ...inferGlobal(i, simulated, options.alternative) };
}

/** Moments under normality and randomisation. */
function analytical(i: number, n: number, kurtosis: number, { s0, s1, s2, normalP }: CrossProducts): Analytical {
  const expected = -1 / (n - 1);
  const square = expected * expected;
  const varianceNormal = (n * n * s1 - n * s2 + 3 * s0 * s0) / ((n * n - 1) * s0 * s0) - square;
  const random = n * ((n * n - 3 * n + 3) * s1 - n * s2 + 3 * s0 * s0);
  const fourth = kurtosis * (n * (n - 1) * s1 - 2 * n * s2 + 6 * s0 * s0);
  const varianceRandom = n < 4 ? NaN : (random - fourth) / ((n - 1) * (n - 2) * (n - 3) * s0 * s0) - square;
  return underBoth(i, { expected, varianceNormal, varianceRandom }, normalP);
}

export interface MoranBv extends GlobalInferenceResult {
  /** Bivariate Moran's I. */
  i: number;
}

/**
 * Bivariate global Moran's I: the slope of the lag of one variable on another, sum_i value_i lag(laggedValue)_i / S0 of
 * standardised values. Anselin, Syabri and Smirnov (2002), Visualizing multivariate spatial correlation with dynamically
 * linked windows. The lagged variable is permuted.
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
  const fixed = standardised(value).z;
  const { cross, simulatedCross, s0 } = crossProducts(standardised(laggedValue).z, weights, { ...options, fixed });
  const simulated = simulatedCross.map((each) => each / s0);
  return { i: cross / s0, ...inferGlobal(cross / s0, simulated, options.alternative) };
}
