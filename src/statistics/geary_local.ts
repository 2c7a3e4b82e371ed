import { DriveshaftError } from "../errors.js";
import { refuseDiagonal, type Weights } from "../weights/weights.js";
import { autocorrelationKernel } from "../kernels/generated/autocorrelation.js";
import { withKernel } from "../kernels/load.js";
import { checkValues } from "./check-values.js";
import { copyWeights } from "../kernels/weights.js";
import { conditionalZ } from "./conditional-moments.js";
import { conditional, pOfCounts, type LocalInference, type LocalInferenceResult } from "./crand.js";
import { momentsOfDifferences } from "./difference-moments.js";
import { rowSums } from "./row-sums.js";
import { above, ofLags, ofSum } from "./rounding.js";
import { standardised } from "./standardise.js";

export interface GearyLocal extends LocalInferenceResult {
  /** Standardised values of each variable, f64 of shape (n,). */
  z: Float64Array[];
  /** sum_j w_ij z_j of each variable; NaN for islands. */
  lagStd: Float64Array[];
  /** Local Geary's c, the mean over the variables; NaN for islands. */
  localC: Float64Array;
  /** Its exact z-score under conditional randomisation; NaN for islands, and where every draw ties. */
  zScore: Float64Array;
  /**
   * By variable, 1 where the value is above the mean by more than rounding, else 0; the same of the lag. u8 of shape
   * (n,).
   */
  high: Uint8Array[];
  highLag: Uint8Array[];
}

/**
 * Local Geary's c with conditional permutation inference: c_i = sum_j w_ij (z_i - z_j)^2. Anselin (1995),
 * doi:10.1111/j.1538-4632.1995.tb00338.x; Anselin (2019), doi:10.1111/gean.12164. Small values are similarity: `lesser`
 * is the tail of positive autocorrelation.
 * @param y f64 of shape (n,), finite, not constant, n >= 3
 * @param weights of n locations; islands get NaN
 * @param options.permutations default 9,999
 * @throws TOO_FEW_ROWS, CONSTANT_VALUES, INVALID_WEIGHTS, INVALID_PARAMETER
 */
export function gearyLocal(y: Float64Array, weights: Weights, options: LocalInference = {}): GearyLocal {
  return gearyLocalMv([y], weights, options);
}

/**
 * Multivariate local Geary's c: the mean of c_i over the variables, rows of them drawn together. Anselin (2019),
 * doi:10.1111/gean.12164.
 * @param variables each f64 of shape (n,), finite, not constant
 * @throws as gearyLocal
 */
export function gearyLocalMv(variables: Float64Array[], weights: Weights, options: LocalInference = {}): GearyLocal {
  if (variables.length === 0) {
    throw new DriveshaftError("INVALID_PARAMETER", "there are no variables, at least one is needed");
  }
  variables.forEach((y, v) => checkValues(y, weights, variables.length === 1 ? "y" : `variables[${v}]`));
  refuseDiagonal(weights, "gearyLocal");
  const { n, offsets } = weights;
  const m = variables.length;
  const standard = variables.map((y) => standardised(y));
  const zs = standard.map(({ z }) => z);

  // sum_v (z_i - z_j)^2 / m = sum_v z_i^2 / m + (sum_v z_j^2 / m) - sum_v (2 z_i / m) z_j: the first is constant
  const squares = new Float64Array(n);
  const coefficients = new Float64Array(n * (m + 1));
  for (let i = 0; i < n; i++) {
    coefficients[i * (m + 1)] = 1;
    for (let v = 0; v < m; v++) {
      const z = zs[v]![i]!;
      squares[i]! += (z * z) / m;
      coefficients[i * (m + 1) + 1 + v] = (-2 * z) / m;
    }
  }
  // from the differences, not from the expanded square, which cancels
  const { localC, lagStd } = differences(zs, weights);
  const rows = rowSums(weights);
  const error = Math.max(...standard.map((each) => each.error));
  const rounding = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    rounding[i] = ofDifferences(offsets[i + 1]! - offsets[i]!, localC[i]!, rows.sum[i]!, squares[i]!, error);
  }
  const drawn = conditional({ attributes: [squares, ...zs], coefficients, rounding }, weights, options);
  const p = pOfCounts(drawn, weights, options.alternative);
  const zScore = new Float64Array(n).fill(NaN);
  const moments = momentsOfDifferences(zs);
  for (let i = 0; i < n; i++) {
    if (offsets[i] === offsets[i + 1]) {
      localC[i] = NaN;
      for (const lag of lagStd) lag[i] = NaN;
      continue;
    }
    // rounding moves a squared difference by that of the difference, twice
    const mean = moments.means[i]!;
    const pool = { count: n - 1, mean, variance: moments.variances[i]!, rounding: 2 * Math.sqrt(mean) * error };
    const row = { k: offsets[i + 1]! - offsets[i]!, sum: rows.sum[i]!, squares: rows.squares[i]! };
    zScore[i] = conditionalZ(localC[i]!, [{ row, pool }]);
  }
  const high = standard.map((each) => above(each.z, each.error));
  const highLag = standard.map((each, v) => above(lagStd[v]!, ofLags(weights, each)));
  return { z: zs, lagStd, localC, zScore, high, highLag, p };
}

/**
 * How far apart rounding may put the expanded squares of a draw and of the observed neighbors, where both have the same
 * c. By Minkowski's inequality the neighbors of any draw with that c are no farther from 0, in the norm of the weights,
 * than the location and c allow: |z_j| <= |z_i| + sqrt(c). So a value far away adds nothing to the bounds of others.
 */
function ofDifferences(k: number, c: number, weight: number, square: number, error: number): number {
  const own = Math.sqrt(weight * square);
  const apart = Math.sqrt(c);
  const terms = (own + apart) * (3 * own + apart);
  const moved = 2 * error * Math.sqrt(weight);
  return ofSum(k, 2 * terms) + moved * (2 * apart + moved);
}

/** Geary's c and the lags; islands have 0. */
function differences(zs: Float64Array[], weights: Weights): { localC: Float64Array; lagStd: Float64Array[] } {
  return withKernel(autocorrelationKernel, (kernel) => {
    const n = weights.n;
    const w = copyWeights(kernel, weights);
    const [c, lag] = [kernel.float64(n), kernel.float64(n)];
    const localC = new Float64Array(n);
    const lagStd = zs.map((z) => {
      kernel.call.squaredDifferences(kernel.float64(z), w.offsets, w.neighbors, w.weight, c, lag);
      const own = kernel.viewFloat64(c);
      for (let i = 0; i < n; i++) localC[i]! += own[i]! / zs.length;
      return kernel.readFloat64(lag);
    });
    return { localC, lagStd };
  });
}
