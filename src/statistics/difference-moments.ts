import { autocorrelationKernel } from "../kernels/generated/autocorrelation.js";
import { withKernel } from "../kernels/load.js";

/** Mean and population variance of something over all other locations, f64 of shape (n,) each. */
export interface MomentsOfOthers {
  means: Float64Array;
  variances: Float64Array;
}

/**
 * Of the mean over the variables of (z_i - z_j)^2, over all others j.
 * @param zs standardised variables, f64 of shape (n,) each
 */
export function momentsOfDifferences(zs: Float64Array[]): MomentsOfOthers {
  if (zs.length > 1) return ofSeveral(zs);
  const [z] = zs as [Float64Array];
  return withKernel(autocorrelationKernel, (kernel) => {
    const [means, variances] = [kernel.float64(z.length), kernel.float64(z.length)];
    kernel.call.momentsOfDifferences(kernel.float64(z), means, variances);
    return { means: kernel.readFloat64(means), variances: kernel.readFloat64(variances) };
  });
}

/** A variance below this share of the square of the mean has lost its digits, and is formed anew. */
const CANCELED = 1 / 4096;

/** From sums of products of powers of two variables, which all locations share. */
function ofSeveral(zs: Float64Array[]): MomentsOfOthers {
  const n = zs[0]!.length;
  const m = zs.length;
  const means = new Float64Array(n);
  const squares = new Float64Array(n);
  for (const z of zs) for (let i = 0; i < n; i++) means[i]! += (n * z[i]! * z[i]! + n) / (m * (n - 1));
  for (const x of zs) {
    for (const y of zs) {
      const { s11, s12, s21, s22 } = crossPowers(x, y);
      // sum_j (a - x_j)^2 (b - y_j)^2; the values sum to 0 and their squares to n
      for (let i = 0; i < n; i++) {
        const [a, b] = [x[i]!, y[i]!];
        const sum = n * (a * a * b * b + a * a + b * b) + 4 * a * b * s11 - 2 * (a * s12 + b * s21) + s22;
        squares[i]! += sum / (m * m * (n - 1));
      }
    }
  }
  const variances = squares.map((square, i) => {
    const variance = square - means[i]! * means[i]!;
    return variance > CANCELED * means[i]! * means[i]! ? variance : varianceAround(zs, i, means[i]!);
  });
  return { means, variances };
}

/** sum x y, x y^2, x^2 y and x^2 y^2. */
function crossPowers(x: Float64Array, y: Float64Array): { s11: number; s12: number; s21: number; s22: number } {
  let [s11, s12, s21, s22] = [0, 0, 0, 0];
  for (let j = 0; j < x.length; j++) {
    const product = x[j]! * y[j]!;
    s11 += product;
    s12 += product * y[j]!;
    s21 += product * x[j]!;
    s22 += product * product;
  }
  return { s11, s12, s21, s22 };
}

/** The variance of the differences from one location, from their deviations. */
function varianceAround(zs: Float64Array[], i: number, mean: number): number {
  const n = zs[0]!.length;
  let rest = 0;
  let squares = 0;
  for (let j = 0; j < n; j++) {
    if (j === i) continue;
    let deviation = -mean;
    for (const z of zs) deviation += ((z[i]! - z[j]!) * (z[i]! - z[j]!)) / zs.length;
    rest += deviation;
    squares += deviation * deviation;
  }
  return Math.max(0, squares - (rest * rest) / (n - 1)) / (n - 1);
}
