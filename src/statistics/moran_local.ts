import type { Weights } from "../weights/weights.js";
import { refuseDiagonal } from "../weights/weights.js";
import { checkValues } from "./check-values.js";
import { conditionalZ } from "./conditional-moments.js";
import { inferSums, type SumInference, type SumInferenceResult } from "./infer-sums.js";
import { partsOf, poolsOf } from "./pools.js";
import { rowSums } from "./row-sums.js";
import { above, ofLags, settled } from "./rounding.js";
import { standardised, type Standardised } from "./standardise.js";
import { strataOf } from "./strata.js";

export interface MoranLocal extends SumInferenceResult {
  /** (y - mean) / sd, population sd, f64 of shape (n,), as all that follow. */
  z: Float64Array;
  /** sum_j w_ij y_j, the mean of the neighbors' values with row-standardised weights; NaN for islands. */
  lag: Float64Array;
  /** The same of the standardised values. */
  lagStd: Float64Array;
  /** Local Moran's I; NaN for islands. */
  localI: Float64Array;
  /** Its exact z-score under conditional randomisation; NaN for islands, and where z is 0 or every draw ties. */
  zScore: Float64Array;
  /** 1 where the value is above the mean by more than rounding, else 0; the same of the lag. u8 of shape (n,). */
  high: Uint8Array;
  highLag: Uint8Array;
}

/**
 * Local Moran's I with conditional permutation inference. Anselin (1995), doi:10.1111/j.1538-4632.1995.tb00338.x:
 * I_i = (n - 1) z_i lag_i / sum z^2.
 * @param y f64 of shape (n,), finite, not constant, n >= 3
 * @param weights of n locations; islands get NaN
 * @param options.permutations default 9,999
 * @throws TOO_FEW_ROWS, CONSTANT_VALUES, INVALID_WEIGHTS, INVALID_PARAMETER
 * @example moranLocal(y, knn(xs, ys, { k: 8 }), { permutations: 999 }).localI[0]
 */
export function moranLocal(y: Float64Array, weights: Weights, options: SumInference = {}): MoranLocal {
  checkValues(y, weights);
  refuseDiagonal(weights, "moranLocal");
  const own = standardised(y);
  return against(own, own, weights, options);
}

/**
 * Bivariate local Moran's I: the value at a location against the lag of another variable around it. Anselin, Syabri and
 * Smirnov (2002), Visualizing multivariate spatial correlation with dynamically linked windows. It says nothing of the
 * correlation of the two at the same place.
 * @param value f64 of shape (n,), finite, not constant
 * @param laggedValue the variable whose lag is taken, the same
 * @throws as moranLocal
 */
export function moranLocalBv(
  value: Float64Array,
  laggedValue: Float64Array,
  weights: Weights,
  options: SumInference = {},
): MoranLocal {
  checkValues(value, weights, "value");
  checkValues(laggedValue, weights, "laggedValue");
  refuseDiagonal(weights, "moranLocalBv");
  return against(standardised(value), standardised(laggedValue), weights, options);
}

/** The value of a location, times the lag of what is around it. */
function against(focal: Standardised, around: Standardised, weights: Weights, options: SumInference): MoranLocal {
  const { n, offsets } = weights;
  const signs = settled(focal.z, focal.error);
  const { observed: lagStd, ...inference } = inferSums(around.z, around, weights, options, signs);
  const strata = strataOf(options.strata, n);
  const parts = partsOf(weights, poolsOf(around, strata), strata);
  const { sum } = rowSums(weights);
  const lag = new Float64Array(n);
  const localI = new Float64Array(n);
  const zScore = new Float64Array(n);
  const share = (n - 1) / n;
  for (let i = 0; i < n; i++) {
    if (offsets[i] === offsets[i + 1]) {
      lag[i] = lagStd[i] = localI[i] = zScore[i] = NaN;
      continue;
    }
    const z = focal.z[i]!;
    lag[i] = around.mean * sum[i]! + around.sd * lagStd[i]!;
    // sum z^2 = n with the population sd
    localI[i] = share * z * lagStd[i]!;
    const score = conditionalZ(lagStd[i]!, parts(i));
    zScore[i] = signs[i]! > 0 ? score : signs[i]! < 0 ? -score : NaN;
  }
  const [high, highLag] = [above(focal.z, focal.error), above(lagStd, ofLags(weights, around))];
  return { z: focal.z, lag, lagStd, localI, zScore, high, highLag, ...inference };
}
