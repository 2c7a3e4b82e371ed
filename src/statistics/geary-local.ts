import { DriveshaftError } from "../errors.js";
import { refuseDiagonal, type Weights } from "../weights/weights.js";
import { withKernel, type Kernel } from "../kernels/load.js";
import { checkValues, copyWeights, type AutocorrelationKernel } from "./autocorrelation-kernel.js";
import { conditionalZ, rowSums } from "./conditional-moments.js";
import { conditional, inferLocal, type LocalInference, type LocalInferenceResult } from "./crand.js";
import { standardised } from "./standardise.js";

export interface GearyLocal extends LocalInferenceResult {
  /** Standardised values of each variable, f64 of shape (n,). */
  z: Float64Array[];
  /** sum_j w_ij z_j of each variable; NaN for islands. */
  lagStd: Float64Array[];
  /** Local Geary's c, the mean over the variables; NaN for islands. */
  localC: Float64Array;
  /** Its exact z-score under conditional randomisation, for one variable; NaN for islands, and for several variables. */
  zScore: Float64Array;
}

/**
 * Local Geary's c with conditional permutation inference: c_i = sum_j w_ij (z_i - z_j)^2. Anselin (1995),
 * doi:10.1111/j.1538-4632.1995.tb00338.x; Anselin (2019), doi:10.1111/gean.12164. Small values are similarity: `lesser` is the
 * tail of positive autocorrelation.
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
  const zs = variables.map((y) => standardised(y).z);

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
  const drawn = conditional({ attributes: [squares, ...zs], coefficients }, weights, options);
  const inference = inferLocal(drawn, weights, options.alternative);

  // from the differences, not from the expanded square, which cancels
  const { localC, lagStd } = differences(zs, weights);
  const zScore = new Float64Array(n).fill(NaN);
  const powers = m === 1 ? powerSums(zs[0]!) : undefined;
  const rows = powers && rowSums(weights);
  for (let i = 0; i < n; i++) {
    if (offsets[i] === offsets[i + 1]) {
      localC[i] = NaN;
      for (const lag of lagStd) lag[i] = NaN;
      continue;
    }
    if (!powers || !rows) continue;
    const z = zs[0]![i]!;
    const square = z * z;
    // sums over the others of (z_i - z_j)^2 and of its square; sum z = 0 and sum z^2 = n
    const first = n * square + n;
    const second = n * square * square + 6 * n * square - 4 * z * powers.third + powers.fourth;
    zScore[i] = conditionalZ(localC[i]!, n - 1, first / (n - 1), second / (n - 1), rows.sum[i]!, rows.squares[i]!);
  }
  return { z: zs, lagStd, localC, zScore, ...inference };
}

/** Geary's c and the lags; islands have 0. */
function differences(zs: Float64Array[], weights: Weights): { localC: Float64Array; lagStd: Float64Array[] } {
  return withKernel("autocorrelation", (kernel: Kernel<AutocorrelationKernel>) => {
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

function powerSums(z: Float64Array): { third: number; fourth: number } {
  let third = 0;
  let fourth = 0;
  for (const value of z) {
    third += value * value * value;
    fourth += value * value * value * value;
  }
  return { third, fourth };
}
