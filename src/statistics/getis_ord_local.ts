import { DriveshaftError } from "../errors.js";
import { checkValues } from "./check-values.js";
import { heaviest } from "../weights/self.js";
import type { Weights } from "../weights/weights.js";
import { conditionalZ } from "./conditional-moments.js";
import { inferSums, type SumInference, type SumInferenceResult } from "./infer-sums.js";
import { partsOf, poolsOf } from "./pools.js";
import { rowSums } from "./row-sums.js";
import { ofSum } from "./rounding.js";
import { standardised } from "./standardise.js";
import { strataOf } from "./strata.js";

export interface GetisOrdLocal extends SumInferenceResult {
  /**
   * Local G or G*, the share of the sum of all values that is around a location; NaN for islands. f64 of shape (n,).
   */
  localG: Float64Array;
  /** sum_j w_ij y_j, with the location itself for G*; NaN for islands. */
  lag: Float64Array;
  /** Its exact z-score under randomisation; NaN for islands. */
  zScore: Float64Array;
  /** That of the sum around the location given its own value, which is zScore of G; p is of this. */
  zConditional: Float64Array;
}

/**
 * Local Getis-Ord G_i and G_i* with conditional permutation inference: G_i = sum_j w_ij y_j / sum_{j != i} y_j; G_i*
 * counts the location itself on both sides. Getis and Ord (1992), doi:10.1111/j.1538-4632.1992.tb00261.x; Ord and Getis
 * (1995), doi:10.1111/j.1538-4632.1995.tb00912.x, also for z.
 * @param y f64 of shape (n,), finite, not constant, with a positive sum; n >= 3
 * @param weights of n locations, binary as a rule; islands get NaN. Their diagonal is the weight of the location itself
 * in G*; without one it weighs as much as the heaviest of its neighbors.
 * @param options.star G*, default false
 * @param options.permutations default 9,999
 * @throws TOO_FEW_ROWS, CONSTANT_VALUES, INVALID_WEIGHTS, INVALID_PARAMETER
 */
export function getisOrdLocal(
  y: Float64Array,
  weights: Weights,
  options: SumInference & { star?: boolean } = {},
): GetisOrdLocal {
  checkValues(y, weights);
  const { star = false } = options;
  const { n, offsets } = weights;
  const total = y.reduce((a, b) => a + b, 0);
  const size = y.reduce((a, b) => a + Math.abs(b), 0);
  if (!(total > 0)) {
    throw new DriveshaftError("INVALID_PARAMETER", `the values sum to ${total}; Getis-Ord's G needs a positive sum`, {
      hint: "Name a variable with positive values, such as a count or a rate.",
    });
  }
  const standard = standardised(y);
  const { z, mean, sd } = standard;
  const sign = new Float64Array(n).fill(1);
  // where the others sum to less than nothing, G falls as the lag rises
  if (!star) {
    for (let i = 0; i < n; i++) {
      const rest = total - y[i]!;
      sign[i] = Math.abs(rest) > ofSum(n, size) ? Math.sign(rest) : NaN;
    }
  }
  // the location keeps its value, so G and G* rise with the same sum
  const { observed, ...inference } = inferSums(z, standard, weights, options, sign);
  const { sum } = rowSums(weights);
  const strata = strataOf(options.strata, n);
  const parts = partsOf(weights, poolsOf(standard, strata), strata);
  const selves = weights.diagonal ?? heaviest(weights);
  const lag = new Float64Array(n).fill(NaN);
  const localG = new Float64Array(n).fill(NaN);
  const zScore = new Float64Array(n).fill(NaN);
  const zConditional = new Float64Array(n).fill(NaN);
  for (let i = 0; i < n; i++) {
    if (offsets[i] === offsets[i + 1]) continue;
    const lagStd = observed[i]!;
    zConditional[i] = sign[i]! * conditionalZ(lagStd, parts(i));
    if (star) {
      const own = selves[i]!;
      const withOwn = lagStd + own * z[i]!;
      lag[i] = mean * (sum[i]! + own) + sd * withOwn;
      localG[i] = lag[i]! / total;
      zScore[i] = conditionalZ(withOwn, parts(i, own));
    } else {
      lag[i] = mean * sum[i]! + sd * lagStd;
      localG[i] = lag[i]! / (total - y[i]!);
      zScore[i] = zConditional[i]!;
    }
  }
  return { localG, lag, zScore, zConditional, ...inference };
}
