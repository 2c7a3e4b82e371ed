import { DriveshaftError } from "../errors.js";
import type { Weights } from "../weights/weights.js";
import { checkValues } from "./check-values.js";
import type { SumInference } from "./infer-sums.js";
import { joinCountsLocal, together, type JoinCountsLocal } from "./join_counts_local.js";

export interface QuantileLisa extends JoinCountsLocal {
  /** 1 where the location is in the quantile of every variable, else 0. */
  inside: Float64Array;
}

/** Which quantile of a variable: number `quantile` of `quantiles`, 1 the lowest. */
export interface Quantile {
  quantiles: number;
  quantile: number;
}

/**
 * Quantile LISA: local join counts of being in a quantile, of one variable or of several together. Anselin (2019),
 * Quantile local spatial autocorrelation, Letters in Spatial and Resource Sciences 12. A value is in quantile q of k
 * where it is above the (q - 1) / k and at most the q / k percentile, linearly interpolated; the lowest quantile
 * includes the minimum.
 * @param variables each f64 of shape (n,), finite, not constant
 * @param options.alternative default "greater"
 * @throws TOO_FEW_ROWS, CONSTANT_VALUES, INVALID_WEIGHTS, INVALID_PARAMETER
 */
export function quantileLisa(
  variables: Float64Array[],
  weights: Weights,
  options: SumInference & Quantile,
): QuantileLisa {
  const { quantiles, quantile } = options;
  if (!Number.isInteger(quantiles) || quantiles < 2) {
    throw new DriveshaftError("INVALID_PARAMETER", `quantiles is ${quantiles}, expected a whole number of at least 2`);
  }
  if (!Number.isInteger(quantile) || quantile < 1 || quantile > quantiles) {
    throw new DriveshaftError(
      "INVALID_PARAMETER",
      `quantile is ${quantile}, expected a whole number from 1 to ${quantiles}`,
    );
  }
  variables.forEach((y, v) => checkValues(y, weights, `variables[${v}]`));
  const inside = together(variables.map((y) => inQuantile(y, options)));
  return { inside, ...joinCountsLocal(inside, weights, options) };
}

function inQuantile(y: Float64Array, { quantiles, quantile }: Quantile): Float64Array {
  const sorted = y.slice().sort();
  const low = quantile === 1 ? -Infinity : atOrBelow(sorted, quantile - 1, quantiles);
  const high = atOrBelow(sorted, quantile, quantiles);
  return y.map((value) => Number(value > low && value <= high));
}

/**
 * The largest value that is at most the percentile `part` / `parts`, linearly interpolated between order statistics:
 * definition 7 of Hyndman and Fan (1996), doi:10.1080/00031305.1996.10473566. No value lies between two order
 * statistics, so the rank below tells all, in whole numbers, and no interpolation is rounded past a value at a
 * boundary.
 */
function atOrBelow(sorted: Float64Array, part: number, parts: number): number {
  const places = part * (sorted.length - 1);
  return sorted[(places - (places % parts)) / parts]!;
}
