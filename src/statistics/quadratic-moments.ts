import { withKernel, type Kernel } from "../kernels/load.js";
import type { AutocorrelationKernel } from "./autocorrelation-kernel.js";
import { ofSum } from "./rounding.js";

/**
 * Moments of sum_ij w_ij z_i z_j over permutations of z, in a form that does not cancel. Off the diagonal the symmetric
 * t_ij = (w_ij + w_ji) / 2 is the sum of its mean, of a part a_i + a_j of the rows, and of a rest whose rows sum to 0, as in the
 * analysis of variance. With sum z = 0 the form is then a constant, less 2 sum_i a_i z_i^2, plus the form of the rest, and the two
 * are not correlated. The usual sums of S0, S1, S2 say the same, and cancel on graphs that are regular or nearly complete.
 */
export interface WeightParts {
  n: number;
  /** sum_i a_i^2, and the sum of squares of the rest over i != j; 0 where they are rounding error. */
  rows: number;
  rest: number;
}

/** @param margins sum_j w_ij + sum_j w_ji by location */
export function weightParts(margins: Float64Array, s0: number, s1: number): WeightParts {
  const n = margins.length;
  const mean = s0 / n;
  let squares = 0;
  for (const margin of margins) squares += (margin / 2 - mean) ** 2;
  if (squares <= n * ofSum(n, mean) ** 2) squares = 0;
  const rows = n > 2 ? squares / (n - 2) ** 2 : 0;
  const all = s1 / 2;
  const rest = all - (s0 * mean) / (n - 1) - 2 * (n - 2) * rows;
  return { n, rows, rest: rest > ofSum(16 * n, all) ? rest : 0 };
}

/**
 * Variance under randomisation of sum_i a_i f_i plus the form of the rest.
 * @param f what is dealt out to the rows
 * @param z what the rest is a form of; its mean does not matter
 */
export function varianceRandom({ n, rows, rest }: WeightParts, f: Float64Array, z: Float64Array): number {
  if (n < 4) return NaN;
  return rows * (sumOfSquares(f) / (n - 1)) + 2 * rest * quadrupleMean(z);
}

/**
 * Variance under normality of sum_ij q_ij z_i z_j / sum z^2, q being the rest and `factor` a_i on the diagonal.
 */
export function varianceNormal({ n, rows, rest }: WeightParts, factor: number): number {
  return (2 * ((factor * factor * (n - 2) * rows) / n + rest)) / ((n - 1) * (n + 1));
}

/** Of the deviations from the mean; 0 where they are rounding error. */
function sumOfSquares(f: Float64Array): number {
  const n = f.length;
  const mean = f.reduce((sum, value) => sum + value, 0) / n;
  let [squares, largest] = [0, 0];
  for (const value of f) {
    squares += (value - mean) ** 2;
    largest = Math.max(largest, Math.abs(value));
  }
  return squares > n * ofSum(4, largest) ** 2 ? squares : 0;
}

function quadrupleMean(z: Float64Array): number {
  return withKernel("autocorrelation", ({ call, float64 }: Kernel<AutocorrelationKernel>) =>
    call.quadrupleMean(float64(z)),
  );
}
