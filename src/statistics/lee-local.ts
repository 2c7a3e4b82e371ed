import type { Weights } from "../weights/weights.js";
import { checkValues } from "./autocorrelation-kernel.js";
import { conditional, inferLocal, type LocalInference, type LocalInferenceResult } from "./crand.js";
import { lagOf } from "./lag.js";
import { mantelMoments, outerMatrix, powerSums, productMatrix, shifted, without, type PowerSums } from "./mantel.js";
import { above, ofLags } from "./rounding.js";
import { standardised } from "./standardise.js";

export interface LeeLocal extends LocalInferenceResult {
  /** Local Lee's L, whose mean is the global one; NaN for islands. f64 of shape (n,), as all here. */
  localL: Float64Array;
  /** sum_j w_ij x_j of the standardised x, and of y; NaN for islands. */
  lagX: Float64Array;
  lagY: Float64Array;
  /** 1 where that lag is above the mean by more than rounding, else 0. u8 of shape (n,). */
  highX: Uint8Array;
  highY: Uint8Array;
  /** Its exact z-score under conditional randomisation; NaN for islands and where every draw has the same statistic. */
  zScore: Float64Array;
}

/**
 * Local Lee's L, where two variables are high or low together around a location: with standardised x and y
 * L_i = n (sum_j w_ij x_j) (sum_j w_ij y_j) / sum_i (sum_j w_ij)^2. Lee (2001), doi:10.1007/s101090100064; z: Lee (2009),
 * doi:10.1111/j.1538-4632.2009.00749.x. Neighbors are drawn with both their values.
 * @param x f64 of shape (n,), finite, not constant, n >= 3
 * @param y the same
 * @param weights of n locations, of which the diagonal counts; islands get NaN
 * @param options.permutations default 9,999
 * @throws TOO_FEW_ROWS, CONSTANT_VALUES, INVALID_WEIGHTS, INVALID_PARAMETER
 */
export function leeLocal(x: Float64Array, y: Float64Array, weights: Weights, options: LocalInference = {}): LeeLocal {
  checkValues(x, weights, "x");
  checkValues(y, weights, "y");
  const { n, offsets, diagonal } = weights;
  const [standardX, standardY] = [standardised(x), standardised(y)];
  const [zx, zy] = [standardX.z, standardY.z];
  const own = new Float64Array(2 * n);
  for (let i = 0; i < n && diagonal; i++) {
    own[2 * i] = diagonal[i]! * zx[i]!;
    own[2 * i + 1] = diagonal[i]! * zy[i]!;
  }
  const [roundingX, roundingY] = [ofLags(weights, standardX), ofLags(weights, standardY)];
  const rows = rowPowers(weights);
  // each lag moves by its rounding, times what the other is at most; in the draw and in what was observed
  const rounding = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const weight = rows[0][i]! + (diagonal?.[i] ?? 0);
    rounding[i] = 2 * weight * (roundingX[i]! * standardY.largest + roundingY[i]! * standardX.largest);
  }
  const drawn = conditional({ attributes: [zx, zy], coefficients: own, product: true, rounding }, weights, options);
  const lagX = lagOf(weights, zx);
  const lagY = lagOf(weights, zy);
  const localL = new Float64Array(n).fill(NaN);
  const zScore = new Float64Array(n).fill(NaN);
  const whole = powerSums(zx, zy);
  let scale = 0;
  for (let i = 0; i < n; i++) {
    if (offsets[i] === offsets[i + 1]) {
      lagX[i] = lagY[i] = NaN;
      continue;
    }
    scale += (rows[0][i]! + (diagonal?.[i] ?? 0)) ** 2;
    const others = without(whole, zx[i]!, zy[i]!);
    const product = lagX[i]! * lagY[i]!;
    zScore[i] = conditionalZ(product, others, own[2 * i]!, own[2 * i + 1]!, [
      rows[0][i]!,
      rows[1][i]!,
      rows[2][i]!,
      rows[3][i]!,
    ]);
    localL[i] = product;
  }
  for (let i = 0; i < n; i++) localL[i]! *= n / scale;
  const [highX, highY] = [above(lagX, roundingX), above(lagY, roundingY)];
  return { localL, lagX, lagY, highX, highY, zScore, ...inferLocal(drawn, weights, options.alternative) };
}

/** z of (u + sum_j w_j x_j) (v + sum_j w_j y_j) where the pairs (x_j, y_j) are drawn from the others. */
function conditionalZ(
  observed: number,
  others: PowerSums,
  u: number,
  v: number,
  [w, w2, w3, w4]: [number, number, number, number],
): number {
  if (w === 0) return NaN;
  // what the location adds to a lag is the same as so much more of every value drawn
  const pool = shifted(others, u / w, v / w);
  const { mean, variance } = mantelMoments(outerMatrix(w, w2, w3, w4), productMatrix(pool), pool.count);
  // what is left where all others are neighbors, or equal, is rounding error
  return variance > 1e-12 * mean * mean && variance > 1e-14 * w2 * w2 ? (observed - mean) / Math.sqrt(variance) : NaN;
}

/** Sums of the weights of each row, of their squares, third and fourth powers. */
function rowPowers({ n, offsets, weights }: Weights): [Float64Array, Float64Array, Float64Array, Float64Array] {
  const sums: ReturnType<typeof rowPowers> = [
    new Float64Array(n),
    new Float64Array(n),
    new Float64Array(n),
    new Float64Array(n),
  ];
  for (let i = 0; i < n; i++) {
    const k = offsets[i + 1]! - offsets[i]!;
    for (let q = offsets[i]!; q < offsets[i + 1]!; q++) {
      const weight = weights ? weights[q]! : 1 / k;
      let power = 1;
      for (const sum of sums) sum[i]! += power *= weight;
    }
  }
  return sums;
}
