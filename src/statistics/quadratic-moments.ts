import { autocorrelationKernel } from "../kernels/generated/autocorrelation.js";
import { withKernel } from "../kernels/load.js";
import { ofSum } from "./rounding.js";

/**
 * Moments of sum_ij w_ij z_i z_j over permutations of z, in a form that does not cancel. Off the diagonal the symmetric
 * t_ij = (w_ij + w_ji) / 2 is the sum of its mean, of a part a_i + a_j of the rows, and of a rest whose rows sum to 0,
 * as in the analysis of variance. With sum z = 0 the form is then a constant, less 2 sum_i a_i z_i^2, plus the form of
 * the rest, and the two are not correlated. The usual sums of S0, S1, S2 say the same, and cancel on graphs that are
 * regular or nearly complete.
 */
export interface WeightParts {
  n: number;
  /** sum_i a_i^2, and the sum of squares of the rest over i != j; 0 where they are rounding error. */
  rows: number;
  rest: number;
}

/**
 * @param rows sum_{j != i} t_ij by location
 * @param squares sum_{i != j} t_ij^2
 */
export function weightParts(rows: Float64Array, squares: number): WeightParts {
  const n = rows.length;
  const mean = rows.reduce((sum, value) => sum + value, 0) / n;
  const shares = rowShares(rows);
  const ofRows = shares.reduce((sum, value) => sum + value * value, 0);
  const rest = squares - (n * mean * mean) / (n - 1) - 2 * (n - 2) * ofRows;
  return { n, rows: ofRows, rest: n > 3 && rest > ofSum(16 * n, squares) ? rest : 0 };
}

/** a_i, from the sums of the rows off the diagonal; 0 where all are equal but for rounding. */
export function rowShares(rows: Float64Array): Float64Array {
  const n = rows.length;
  const mean = rows.reduce((sum, value) => sum + value, 0) / n;
  const deviations = rows.map((sum) => sum - mean);
  const squares = deviations.reduce((sum, value) => sum + value * value, 0);
  if (n < 3 || squares <= n * ofSum(n, mean) ** 2) return deviations.fill(0);
  return deviations.map((value) => value / (n - 2));
}

/**
 * Variance under randomisation of sum_i a_i f_i plus the form of the rest; NaN for fewer than 4 locations.
 * @param f what is dealt out to the rows
 * @param z what the rest is a form of; its mean does not matter
 */
export function varianceRandom({ n, rows, rest }: WeightParts, f: Float64Array, z: Float64Array): number {
  return n < 4 ? NaN : rows * (sumOfSquares(f) / (n - 1)) + varianceOfRest(rest, z, z);
}

/** Variance under randomisation of sum_ij r_ij x_i y_j, r being the rest. */
export function varianceOfRest(rest: number, x: Float64Array, y: Float64Array): number {
  if (rest === 0) return 0;
  return withKernel(autocorrelationKernel, ({ call, float64 }) => {
    return 2 * rest * call.quadrupleMean(float64(x), float64(y));
  });
}

/**
 * Variance under normality of sum_ij q_ij z_i z_j / sum z^2, q being the rest and `factor` a_i on the diagonal.
 */
export function varianceNormal({ n, rows, rest }: WeightParts, factor: number): number {
  return (2 * ((factor * factor * (n - 2) * rows) / n + rest)) / ((n - 1) * (n + 1));
}

/** Of the deviations from the mean; 0 where they are rounding error. */
export function sumOfSquares(f: Float64Array): number {
  const n = f.length;
  const mean = f.reduce((sum, value) => sum + value, 0) / n;
  let [squares, largest] = [0, 0];
  for (const value of f) {
    squares += (value - mean) ** 2;
    largest = Math.max(largest, Math.abs(value));
  }
  return squares > n * ofSum(4, largest) ** 2 ? squares : 0;
}
