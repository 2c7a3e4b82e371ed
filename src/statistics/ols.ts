import { DriveshaftError } from "../errors.js";
import { regressionKernel } from "../kernels/generated/regression.js";
import { withKernel } from "../kernels/load.js";
import { transform } from "../weights/transform.js";
import { refuseDiagonal, type Weights } from "../weights/weights.js";
import { spatialTests, type SpatialTests } from "./lagrange-multipliers.js";
import {
  coefficientsOf,
  inverseDiagonal,
  leastSquares,
  sumOfProducts,
  type LeastSquares,
  type VariableNames,
} from "./least-squares.js";
import { residualTests, type ResidualTests } from "./residual-tests.js";

export interface OlsOptions {
  /** Of the rows; with them residuals are tested in space, after each row of weights was standardised. */
  weights?: Weights;
  /** What messages call the variables; default y and covariates[j]. */
  names?: VariableNames;
}

export interface Ols extends Fit, ResidualTests {
  /** Where there are weights. */
  spatial?: SpatialTests;
}

interface Fit {
  /** Of the intercept, then of each covariate; f64 of shape (k,) each. */
  coefficients: Float64Array;
  standardErrors: Float64Array;
  t: Float64Array;
  /** Two-sided, of Student's t with n - k degrees of freedom. */
  p: Float64Array;
  /** Variance inflation: 1 / (1 - R2) of a covariate on the others; NaN of the intercept. */
  vif: Float64Array;
  /** f64 of shape (n,) each; `influence` is the diagonal of the hat matrix. */
  predicted: Float64Array;
  residuals: Float64Array;
  influence: Float64Array;
  r2: number;
  adjustedR2: number;
  rss: number;
  /** rss / (n - k). */
  sigma2: number;
  /** That all coefficients but the intercept are 0. */
  f: { statistic: number; df: [number, number]; p: number };
  /** Of normal errors, at the variance rss / n, which counts as a parameter. */
  logLikelihood: number;
  aic: number;
  bic: number;
  /** Belsley's: of all columns, with the intercept's, each of length one. */
  conditionNumber: number;
  /** The covariates give the dependent variable but for rounding; there is nothing to test then. */
  isExact: boolean;
}

/**
 * Ordinary least squares with an intercept, and tests of what it supposes. Belsley, Kuh and Welsch (1980), Regression
 * Diagnostics, doi:10.1002/0471725153, and what is said of the tests.
 * @param y f64 of shape (n,), finite, not constant; n > k = covariates + 1
 * @param covariates f64 of shape (n,) each, likewise, none a linear combination of others
 * @throws INVALID_PARAMETER, also where covariates are collinear; CONSTANT_VALUES, TOO_FEW_ROWS, INVALID_WEIGHTS,
 *   OUT_OF_MEMORY
 * @example ols(crime, [income, value], { weights: queen(polygons) }).coefficients
 */
export function ols(y: Float64Array, covariates: Float64Array[], options: OlsOptions = {}): Ols {
  const { names = { dependent: "y", covariates: covariates.map((_, j) => `covariates[${j}]`) } } = options;
  const weights = options.weights && rowStandardised(options.weights, y.length);
  if (covariates.length === 0) throw new DriveshaftError("INVALID_PARAMETER", "there are no covariates");
  return withKernel(regressionKernel, (kernel) => {
    const fit = leastSquares(kernel, y, covariates, names);
    const u = fit.residuals.map((value) => (fit.isExact ? NaN : value / Math.sqrt(fit.rss / fit.n)));
    return {
      ...described(fit, y),
      ...residualTests(fit, u),
      ...(weights && { spatial: spatialTests(fit, u, weights) }),
    };
  });
}

/** @throws INVALID_WEIGHTS */
function rowStandardised(weights: Weights, n: number): Weights {
  if (weights.n !== n) {
    throw new DriveshaftError("INVALID_WEIGHTS", `weights are for ${weights.n} locations, but y has ${n} values`);
  }
  refuseDiagonal(weights, "ols");
  return transform(weights, "R");
}

function described(fit: LeastSquares, y: Float64Array): Fit {
  const { kernel, n, k, explained, unit, isExact } = fit;
  const { call } = kernel;
  const total = fit.rss + explained;
  const variance = fit.rss / (n - k);
  const coefficients = coefficientsOf(fit);
  const inverse = inverseDiagonal(fit);
  const standardErrors = inverse.map((value, j) => (Math.sqrt(variance * value) * unit) / fit.units[j]!);
  const t = coefficients.map((value, j) => value / standardErrors[j]!);
  const f = explained / (k - 1) / variance;
  const residuals = fit.residuals.map((value) => value * unit);
  const rss = fit.rss * unit * unit;
  const logLikelihood = call.logLikelihood(n, rss);
  return {
    coefficients,
    standardErrors,
    t,
    p: t.map((value) => call.fUpper(value * value, 1, n - k)),
    vif: inverse.map((value, j) => (j === 0 ? NaN : value * variationOf(fit, j))),
    predicted: y.map((value, i) => value - residuals[i]!),
    residuals,
    influence: influenceOf(fit),
    r2: explained / total,
    adjustedR2: 1 - (variance * (n - 1)) / total,
    rss,
    sigma2: rss / (n - k),
    f: { statistic: f, df: [k - 1, n - k], p: call.fUpper(f, k - 1, n - k) },
    logLikelihood,
    aic: 2 * (k + 1) - 2 * logLikelihood,
    bic: (k + 1) * call.log(n) - 2 * logLikelihood,
    conditionNumber: conditionOf(fit),
    isExact,
  };
}

/** Column j of the triangle, which has the lengths and angles of that of the variables. */
const columnOf = ({ triangle, k }: LeastSquares, j: number): Float64Array =>
  Float64Array.from({ length: k }, (_, m) => triangle[m * k + j]!);

/** The sum of squared deviations of a covariate from its mean. */
function variationOf(fit: LeastSquares, j: number): number {
  const deviations = columnOf(fit, j).subarray(1);
  return sumOfProducts(deviations, deviations);
}

function influenceOf({ kernel, n, k, basis }: LeastSquares): Float64Array {
  const influences = kernel.float64(n);
  kernel.call.influence(basis, n, k, influences);
  return kernel.readFloat64(influences);
}

function conditionOf(fit: LeastSquares): number {
  const { kernel, k } = fit;
  const columns = new Float64Array(k * k);
  for (let j = 0; j < k; j++) {
    const column = columnOf(fit, j);
    const length = Math.sqrt(sumOfProducts(column, column));
    columns.set(
      column.map((value) => value / length),
      j * k,
    );
  }
  return kernel.call.conditionNumber(kernel.float64(columns), k);
}
