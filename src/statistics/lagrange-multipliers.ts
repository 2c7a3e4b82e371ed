import { autocorrelationKernel } from "../kernels/generated/autocorrelation.js";
import { withKernel } from "../kernels/load.js";
import { copyWeights } from "../kernels/weights.js";
import type { Weights } from "../weights/weights.js";
import { withLags } from "./lag.js";
import { project, sumOfProducts, type LeastSquares } from "./least-squares.js";
import { noNeighbors, normalP } from "./permute-global.js";
import { chiSquared, type Test } from "./residual-tests.js";

/**
 * Whether what a regression leaves out is in space: in a lag of the dependent variable, or in the errors. Anselin
 * (1988), doi:10.1111/j.1538-4632.1988.tb00159.x; robust forms, each of which lets the other be: Anselin, Bera, Florax
 * and Yoon (1996), doi:10.1016/0166-0462(95)02111-6.
 */
export interface SpatialTests {
  lmLag: Test;
  lmError: Test;
  robustLmLag: Test;
  robustLmError: Test;
  /** Both at once. */
  sarma: Test;
  moranResiduals: MoranOfResiduals;
}

/** Moran's I of residuals, which are not free. Cliff and Ord (1981), Spatial Processes; two-sided p. */
export interface MoranOfResiduals {
  i: number;
  expected: number;
  variance: number;
  z: number;
  p: number;
}

/** Of a difference, the share of its terms that is not rounding. */
const TOLD = 1e-11;

/**
 * Tests of residuals in space.
 * @param u residuals over their root mean square, f64 of shape (n,); NaN where they are rounding
 * @throws INVALID_WEIGHTS where no location has a neighbor
 */
export function spatialTests(fit: LeastSquares, u: Float64Array, weights: Weights): SpatialTests {
  const { n, fitted, rss } = fit;
  const { s0, trace } = sumsOf(weights);
  if (s0 === 0) throw noNeighbors();
  const rootMeanSquare = Math.sqrt(rss / n);
  const [lagOfFitted, lagOfU] = withLags(weights, (lag) => [
    lag(fitted.map((value) => value / rootMeanSquare)),
    lag(u),
  ]);
  const ofErrors = sumOfProducts(u, lagOfU);
  const ofLag = ofErrors + sumOfProducts(u, lagOfFitted);
  const { rest } = project(fit, lagOfFitted);
  // information on the lag: of the errors' part, and of the rest of W X b
  const own = sumOfProducts(rest, rest);
  const information = trace + own;
  const isApart = own > TOLD * information;
  const lmError = ofErrors ** 2 / trace;
  const robustLag = isApart ? (ofLag - ofErrors) ** 2 / own : NaN;
  const robustError = isApart ? (ofErrors - (trace / information) * ofLag) ** 2 / ((trace * own) / information) : NaN;
  return {
    lmLag: chiSquared(fit, ofLag ** 2 / information, 1),
    lmError: chiSquared(fit, lmError, 1),
    robustLmLag: chiSquared(fit, robustLag, 1),
    robustLmError: chiSquared(fit, robustError, 1),
    sarma: chiSquared(fit, robustLag + lmError, 2),
    moranResiduals: moranOfResiduals(fit, weights, ofErrors / s0, s0, trace),
  };
}

/** S0, and S1, which is tr(W'W + WW). */
function sumsOf(weights: Weights): { s0: number; trace: number } {
  return withKernel(autocorrelationKernel, (kernel) => {
    const w = copyWeights(kernel, weights);
    const [sums, margins] = [kernel.float64(3), kernel.float64(weights.n)];
    kernel.call.weightSums(w.offsets, w.neighbors, w.weight, sums, margins);
    const [s0, s1] = kernel.readFloat64(sums);
    return { s0: s0!, trace: s1! };
  });
}

/**
 * Moments of e'We / e'e over directions e of the space that the covariates leave, M being the projection on it. With
 * U = W + W' they are traces of MU and MUMU, and with a basis Q of the covariates tr(MU) = -tr(Q'UQ) and tr(MUMU) =
 * tr(UU) - 2 tr(Q'UUQ) + tr(Q'UQQ'UQ).
 */
function moranOfResiduals(
  { kernel, n, k, basis }: LeastSquares,
  weights: Weights,
  i: number,
  s0: number,
  trace: number,
): MoranOfResiduals {
  const w = copyWeights(kernel, weights);
  const lags = kernel.float64(n);
  const coordinates = kernel.float64(k);
  let [first, second] = [0, 2 * trace];
  for (let m = 0; m < k; m++) {
    kernel.viewFloat64(lags).fill(0);
    kernel.call.addLagsBothWays(basis, m, w.offsets, w.neighbors, w.weight, lags);
    const whole = kernel.viewFloat64(lags);
    second -= 2 * sumOfProducts(whole, whole);
    kernel.call.project(basis, n, k, lags, coordinates);
    const along = kernel.viewFloat64(coordinates);
    first -= along[m]!;
    second += sumOfProducts(along, along);
  }
  const df = n - k;
  const expected = first / 2 / df;
  const square = (second / 2 + first ** 2 / 4) / (df * (df + 2));
  const spread = square - expected ** 2;
  const variance = spread > TOLD * square ? spread : 0;
  const factor = n / s0;
  const score = variance > 0 ? (i / factor - expected) / Math.sqrt(variance) : NaN;
  return {
    i,
    expected: factor * expected,
    variance: factor ** 2 * variance,
    z: score,
    p: withKernel(autocorrelationKernel, (other) => normalP(other)(score)),
  };
}
