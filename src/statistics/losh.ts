import { autocorrelationKernel } from "../kernels/generated/autocorrelation.js";
import { withKernel } from "../kernels/load.js";
import type { Weights } from "../weights/weights.js";
import { checkValues } from "./check-values.js";
import { DriveshaftError } from "../errors.js";
import { spreadOf } from "./conditional-moments.js";
import { sumOfSquares } from "./quadratic-moments.js";
import { ofLags } from "./rounding.js";
import { rowSums } from "./row-sums.js";
import { standardised } from "./standardise.js";
import { lagOf } from "./lag.js";

/** f64 of shape (n,) each; NaN for islands. */
export interface Losh {
  /** Local spatial heteroscedasticity: 1 where values around vary as much as everywhere. */
  h: Float64Array;
  /**
   * Its variance under the chi-squared approximation, its test statistic 2 H / variance, and the upper-tail p-value.
   */
  variance: Float64Array;
  chiSquared: Float64Array;
  p: Float64Array;
}

/**
 * Local spatial heteroscedasticity H_i = sum_j w_ij |e_j|^a / (mean of |e|^a sum_j w_ij), e_j = y_j less the mean
 * around j, with the chi-squared approximation of its distribution: 2 H_i / v_i on 2 / v_i degrees of freedom. Ord and
 * Getis (2012), doi:10.1007/s00168-011-0492-y. Permuting values is not valid for it: a neighbor's residual depends on
 * its own neighbors.
 * @param y f64 of shape (n,), finite, not constant, n >= 3
 * @param weights of n locations, with a diagonal where locations are to count for their own mean and H; islands have no
 * residual: e is 0 there
 * @param options.power a, default 2: squared residuals, as variances are; 1 for absolute ones
 * @throws TOO_FEW_ROWS, CONSTANT_VALUES, INVALID_WEIGHTS, INVALID_PARAMETER
 */
export function losh(y: Float64Array, weights: Weights, options: { power?: number } = {}): Losh {
  const { power = 2 } = options;
  checkValues(y, weights);
  if (!(power > 0 && power < Infinity)) {
    throw new DriveshaftError("INVALID_PARAMETER", `power is ${power}, expected a finite number above 0`);
  }
  const { n, offsets, diagonal } = weights;
  const rows = rowSums(weights);
  const sum = (i: number): number => rows.sum[i]! + (diagonal?.[i] ?? 0);
  // H is the same of standardised values, whose residuals lose nothing beside a large mean
  const standard = standardised(y);
  const apart = ofLags(weights, standard);
  const deviations = lagOf(weights, standard.z).map((lag, i) => {
    if (!(sum(i) > 0)) return 0;
    const deviation = Math.abs(standard.z[i]! - lag / sum(i));
    return deviation > standard.error + apart[i]! / sum(i) ? deviation : 0;
  });
  const residuals = powersOf(deviations, power);
  const first = residuals.reduce((total, e) => total + e, 0) / n;
  const spread = sumOfSquares(residuals) / n;
  if (!(first > 0)) {
    throw new DriveshaftError(
      "CONSTANT_VALUES",
      "every value is the mean of those around it, so there is no variation",
    );
  }
  const around = lagOf(weights, residuals);
  const result: Losh = {
    h: new Float64Array(n).fill(NaN),
    variance: new Float64Array(n).fill(NaN),
    chiSquared: new Float64Array(n).fill(NaN),
    p: new Float64Array(n).fill(NaN),
  };
  return withKernel(autocorrelationKernel, ({ call }) => {
    for (let i = 0; i < n; i++) {
      const total = sum(i);
      if (offsets[i] === offsets[i + 1] || !(total > 0)) continue;
      const own = diagonal?.[i] ?? 0;
      const k = offsets[i + 1]! - offsets[i]! + Number(own > 0);
      const row = { k, sum: total, squares: rows.squares[i]! + own * own };
      const variance = (spread * n * spreadOf(row, n)) / ((n - 1) * (first * total) ** 2);
      result.h[i] = around[i]! / (first * total);
      result.variance[i] = variance;
      if (!(variance > 0)) continue;
      result.chiSquared[i] = (2 * result.h[i]!) / variance;
      result.p[i] = call.chiSquaredUpper(result.chiSquared[i]!, 2 / variance);
    }
    return result;
  });
}

function powersOf(values: Float64Array, power: number): Float64Array {
  return withKernel(autocorrelationKernel, ({ call, float64, readFloat64 }) => {
    const pointer = float64(values);
    call.raise(pointer, power);
    return readFloat64(pointer);
  });
}
