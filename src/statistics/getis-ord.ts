import { DriveshaftError } from "../errors.js";
import { refuseDiagonal, type Weights } from "../weights/weights.js";
import { checkValues, type Inference } from "./autocorrelation-kernel.js";
import {
  crossProducts,
  inferGlobal,
  scored,
  type CrossProducts,
  type GlobalInferenceResult,
} from "./cross-products.js";

export interface GetisOrd extends GlobalInferenceResult {
  /** General G: the share of all products of two values that neighbors have. */
  g: number;
  /** S0 / (n (n - 1)). */
  expected: number;
  /** Variance, z and two-sided p if values were assigned to locations at random; NaN for fewer than 4 locations. */
  varianceRandom: number;
  zRandom: number;
  pRandom: number;
}

/**
 * Getis and Ord's general G with analytical inference under randomisation and, on request, permutations:
 * G = sum w_ij y_i y_j / sum_{i != j} y_i y_j. Getis and Ord (1992), doi:10.1111/j.1538-4632.1992.tb00261.x.
 * @param y f64 of shape (n,), finite, not negative, not constant, n >= 3
 * @param weights of n locations, binary as a rule; islands count in n and add nothing to the sums
 * @param options.permutations default 999
 * @throws TOO_FEW_ROWS, CONSTANT_VALUES, INVALID_WEIGHTS, INVALID_PARAMETER
 */
export function getisOrd(y: Float64Array, weights: Weights, options: Inference = {}): GetisOrd {
  checkValues(y, weights);
  refuseDiagonal(weights, "getisOrd");
  const negative = y.findIndex((value) => value < 0);
  if (negative >= 0) {
    throw new DriveshaftError(
      "INVALID_PARAMETER",
      `y[${negative}] is ${y[negative]}, but general G needs values of at least 0`,
      {
        hint: "Name a variable that is never negative, such as a count or a rate.",
      },
    );
  }
  const n = y.length;
  const mean = y.reduce((a, b) => a + b, 0) / n;
  // G does not change with the unit
  const x = y.map((value) => value / mean);
  const m = [1, 2, 3, 4].map((power) => x.reduce((sum, value) => sum + value ** power, 0));
  const all = m[0]! ** 2 - m[1]!;
  if (!(all > 0)) {
    throw new DriveshaftError("INVALID_PARAMETER", "only one value is not 0, so no two values have a product");
  }
  const products = crossProducts(x, weights, options);
  const g = products.cross / all;
  const simulated = products.simulatedCross.map((cross) => cross / all);
  const { pSim, zSim } = inferGlobal(g, simulated, options.alternative, products.s0 / (n * (n - 1)));
  return { g, ...analytical(g, n, m, all, products), pSim, zSim };
}

/** Moments under randomisation: Getis and Ord (1992), appendix. */
function analytical(
  g: number,
  n: number,
  [m1, m2, m3, m4]: number[],
  all: number,
  { s0, s1, s2, normalP }: CrossProducts,
): Omit<GetisOrd, "g" | "pSim" | "zSim"> {
  const expected = s0 / (n * (n - 1));
  const b0 = (n * n - 3 * n + 3) * s1 - n * s2 + 3 * s0 * s0;
  const b1 = -((n * n - n) * s1 - 2 * n * s2 + 6 * s0 * s0);
  const b2 = -(2 * n * s1 - (n + 3) * s2 + 6 * s0 * s0);
  const b3 = 4 * (n - 1) * s1 - 2 * (n + 1) * s2 + 8 * s0 * s0;
  const b4 = s1 - s2 + s0 * s0;
  const sum = b0 * m2! ** 2 + b1 * m4! + b2 * m1! ** 2 * m2! + b3 * m1! * m3! + b4 * m1! ** 4;
  const varianceRandom = n < 4 ? NaN : sum / (all ** 2 * n * (n - 1) * (n - 2) * (n - 3)) - expected ** 2;
  const { z, p } = scored(g, expected, varianceRandom, normalP);
  return { expected, varianceRandom, zRandom: z, pRandom: p };
}
