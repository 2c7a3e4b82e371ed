import { centerKernel } from "../kernels/generated/center.js";
import { withKernel } from "../kernels/load.js";
import { checkPoints } from "../weights/knn.js";
import { checkPointWeights } from "./point-weights.js";

/** Where points lie and how far they spread, in units of the coordinates. Every divisor is the total weight. */
export interface MeanCenter {
  /** Number of points, those without weight too. */
  n: number;
  centerX: number;
  centerY: number;
  /** The place with the least sum of weighted distances to the points. */
  medianX: number;
  medianY: number;
  /** Root mean squared distance to the center. */
  standardDistance: number;
  /** Of the deviational ellipse: square roots of the eigenvalues of the covariance, without a factor of sqrt 2. */
  semiMajor: number;
  semiMinor: number;
  /** Of the major axis, in degrees counter-clockwise from x, from 0 to below 180; 0 where both axes are equal. */
  angle: number;
}

/**
 * Mean center, median, standard distance and deviational ellipse of weighted points in the plane.
 *
 * Ellipse: Yuill (1971), doi:10.2307/490885. Median to 1e-9 of the extent: Weiszfeld (1937; in English 2009,
 * doi:10.1007/s10479-008-0352-z) with Newton's steps, and where it is one of the points, Vardi and Zhang (2000),
 * doi:10.1073/pnas.97.4.1423. Of points on a line that have several medians it is the middle of them. Points that lie
 * on a line but for rounding lie on it: the minor axis is 0.
 * @param xs f64 of shape (n,), finite, and their squares too
 * @param ys f64 of shape (n,), likewise
 * @param options.weights f64 of shape (n,), finite, at least 0 and not all 0; default 1 each. A point without weight
 *   takes no part
 * @throws INVALID_PARAMETER, also where a coordinate or a weight is NaN or there is no point; OUT_OF_MEMORY
 */
export function meanCenter(xs: Float64Array, ys: Float64Array, options: { weights?: Float64Array } = {}): MeanCenter {
  const n = xs.length;
  const { weights = new Float64Array(n).fill(1) } = options;
  checkPoints(xs, ys);
  checkPointWeights(weights, n);
  return withKernel(centerKernel, (kernel) => {
    const results = kernel.float64(8);
    kernel.call.describe(kernel.float64(xs), kernel.float64(ys), kernel.float64(weights), results);
    const [centerX, centerY, medianX, medianY, standardDistance, semiMajor, semiMinor, angle] = kernel.readFloat64(
      results,
    ) as unknown as [number, number, number, number, number, number, number, number];
    return { n, centerX, centerY, medianX, medianY, standardDistance, semiMajor, semiMinor, angle };
  });
}
