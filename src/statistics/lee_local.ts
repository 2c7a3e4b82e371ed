import type { Weights } from "../weights/weights.js";
import { checkValues } from "./check-values.js";
import { spreadOf, type Row } from "./conditional-moments.js";
import { conditional, pOfCounts, type LocalInference, type LocalInferenceResult } from "./crand.js";
import { withLags } from "./lag.js";
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
 * L_i = n (sum_j w_ij x_j) (sum_j w_ij y_j) / sum_i (sum_j w_ij)^2. Lee (2001), doi:10.1007/s101090100064; z: Lee
 * (2009), doi:10.1111/j.1538-4632.2009.00749.x. Neighbors are drawn with both their values.
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
  const [lagX, lagY] = withLags(weights, (lagOf) => [lagOf(zx), lagOf(zy)]);
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
    const product = lagX[i]! * lagY[i]!;
    const row = { k: offsets[i + 1]! - offsets[i]!, sum: rows[0][i]!, squares: rows[1][i]! };
    const others = poolOf(whole, zx, zy, i);
    zScore[i] = conditionalZ(
      [lagX[i]!, lagY[i]!],
      [own[2 * i]! + row.sum * others.meanX, own[2 * i + 1]! + row.sum * others.meanY],
      others.centered,
      [row, rows[2][i]!, rows[3][i]!],
      rounding[i]!,
    );
    localL[i] = product;
  }
  for (let i = 0; i < n; i++) localL[i]! *= n / scale;
  const [highX, highY] = [above(lagX, roundingX), above(lagY, roundingY)];
  return { localL, lagX, lagY, highX, highY, zScore, p: pOfCounts(drawn, weights, options.alternative) };
}

/** What a location's neighbors are drawn from: means, and power sums of the deviations from them. */
interface Pairs {
  meanX: number;
  meanY: number;
  centered: PowerSums;
}

/** A location with a larger share of a power sum has those of the others formed anew: at most eight have. */
const SHARE = 1 / 8;

/** The pairs of all others than location i. */
function poolOf(whole: PowerSums, zx: Float64Array, zy: Float64Array, i: number): Pairs {
  const [u, v] = [zx[i]!, zy[i]!];
  const count = whole.count - 1;
  const [meanX, meanY] = [-u / count, -v / count];
  const large = u * u > SHARE * whole.xx || v * v > SHARE * whole.yy || u * u * v * v > SHARE * whole.xxyy;
  if (!large) return { meanX, meanY, centered: shifted(without(whole, u, v), -meanX, -meanY) };
  const others = (z: Float64Array, mean: number): Float64Array =>
    z.filter((_, j) => j !== i).map((value) => value - mean);
  return { meanX, meanY, centered: powerSums(others(zx, meanX), others(zy, meanY)) };
}

/**
 * z of the product of two lags U + A and V + B, where U and V are their means and A and B the weighted sums of
 * deviations drawn: the product is U V + U B + V A + A B, whose variance is that of its parts and twice how they vary
 * together.
 * @param rounding below what sd every draw has the same product
 */
function conditionalZ(
  [lagX, lagY]: [number, number],
  [u, v]: [number, number],
  pool: PowerSums,
  [row, w3, w4]: [Row, number, number],
  rounding: number,
): number {
  const { count, xx, xy, yy, xxy, xyy } = pool;
  const { sum: w, squares: w2 } = row;
  const spread = spreadOf(row, count) / (count - 1);
  if (spread === 0) return NaN;
  // sums over two and three different neighbors
  const [two, three] = [w * w2 - w3, w * w * w - 3 * w * w2 + 2 * w3];
  const skew = (w3 - (3 * two) / (count - 1) + (count > 2 ? (2 * three) / ((count - 1) * (count - 2)) : 0)) / count;
  const both = mantelMoments(outerMatrix(w, w2, w3, w4), productMatrix(pool), count);
  const variance = spread * (u * u * yy + v * v * xx + 2 * u * v * xy) + 2 * skew * (u * xyy + v * xxy) + both.variance;
  const [a, b] = [lagX - u, lagY - v];
  return variance > rounding * rounding ? (u * b + v * a + a * b - both.mean) / Math.sqrt(variance) : NaN;
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
