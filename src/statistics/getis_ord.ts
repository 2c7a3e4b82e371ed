import { DriveshaftError } from "../errors.js";
import { refuseDiagonal, type Weights } from "../weights/weights.js";
import { checkValues } from "./check-values.js";
import type { Inference } from "./inference.js";
import {
  crossProducts,
  inferGlobal,
  scored,
  type CrossProducts,
  type GlobalInferenceResult,
} from "./cross-products.js";
import { varianceRandom as variance } from "./quadratic-moments.js";
import { ofSum } from "./rounding.js";
import { standardised } from "./standardise.js";

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
  const standard = standardised(y);
  const { z, mean, sd } = standard;
  // G does not change with the unit
  const x = y.map((value) => value / mean);
  // sum_{i != j} x_i x_j, where sum x = n
  const all = n * n - x.reduce((sum, value) => sum + value * value, 0);
  if (!(all > ofSum(n, n * n))) {
    throw new DriveshaftError("INVALID_PARAMETER", "only one value is not 0, so no two values have a product");
  }
  const rows = { factors: "deviations", squared: false } as const;
  const products = crossProducts(z, standard, weights, { ...options, rows });
  const { rounding, rowsRounding } = products;
  // with x = 1 + c z the sum of the products of neighbors is S0 + 2 c sum_i (half the row and column sum of i) z_i +
  // c^2 z'Wz; only what permutations change is compared, so that nothing of it is lost beside a large mean
  const c = sd / mean;
  const of = (own: number, cross: number): number => (2 * c * own + c * c * cross) / all;
  const varied = of(products.rows, products.cross);
  const simulated = products.simulatedCross.map((cross, p) => of(products.simulatedRows[p]!, cross));
  const inference = inferGlobal(varied, simulated, options.alternative, of(rowsRounding, rounding));
  const { cross } = crossProducts(x, { error: 0 }, weights, { permutations: 0 });
  return { g: cross / all, ...analytical(varied, z, c, all, products), ...inference };
}

/** Moments under randomisation of the part of G that permutations change. */
function analytical(
  varied: number,
  z: Float64Array,
  c: number,
  all: number,
  { s0, parts, normalP }: CrossProducts,
): Omit<GetisOrd, "g" | "pSim" | "zSim"> {
  const n = z.length;
  const dealt = z.map((value) => 2 * c * value * (n - 2 - c * value));
  const scaled = z.map((value) => c * value);
  const varianceRandom = variance(parts, dealt, scaled) / all ** 2;
  const expected = (-c * c * s0) / (n - 1) / all;
  const { z: zRandom, p: pRandom } = scored(varied, expected, varianceRandom, normalP);
  return { expected: s0 / (n * (n - 1)), varianceRandom, zRandom, pRandom };
}
