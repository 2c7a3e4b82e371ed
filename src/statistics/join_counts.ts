import { DriveshaftError } from "../errors.js";
import { refuseDiagonal, type Weights } from "../weights/weights.js";
import { checkValues } from "./check-values.js";
import type { Inference } from "./inference.js";
import { crossProducts, inferGlobal, scored, type GlobalInferenceResult } from "./cross-products.js";
import { varianceRandom, type WeightParts } from "./quadratic-moments.js";
import { ofSum } from "./rounding.js";

/** One kind of join. */
export interface JoinCount extends GlobalInferenceResult {
  /** Weighted number of joins, each pair once. */
  count: number;
  /** Expectation, variance, z and two-sided p if the ones were assigned to locations at random (nonfree sampling). */
  expected: number;
  variance: number;
  z: number;
  p: number;
}

export interface JoinCounts {
  /** Of two ones, of a one and a zero, of two zeros. */
  bb: JoinCount;
  bw: JoinCount;
  ww: JoinCount;
}

/**
 * Global join counts of a binary variable with analytical inference under nonfree sampling and, on request,
 * permutations: BB = sum w_ij x_i x_j / 2, WW of 1 - x, BW = sum w_ij (x_i - x_j)^2 / 2. Cliff and Ord (1981), Spatial
 * Processes.
 * @param x f64 of shape (n,), 0 or 1, both there, n >= 4
 * @param weights of n locations, binary as a rule; islands count in n and add nothing to the sums
 * @param options.permutations default 999
 * @throws TOO_FEW_ROWS, CONSTANT_VALUES, INVALID_WEIGHTS, INVALID_PARAMETER
 */
export function joinCounts(x: Float64Array, weights: Weights, options: Inference = {}): JoinCounts {
  checkValues(x, weights, "x");
  refuseDiagonal(weights, "joinCounts");
  const other = x.findIndex((value) => value !== 0 && value !== 1);
  if (other >= 0) {
    throw new DriveshaftError("INVALID_PARAMETER", `x[${other}] is ${x[other]}, expected 0 or 1`, {
      hint: "Compare in the query: SELECT (crime > 30)::int AS high.",
    });
  }
  const n = x.length;
  const ones = x.reduce((a, b) => a + b, 0);
  const products = crossProducts(x, { error: 0 }, weights, {
    ...options,
    rows: { factors: "margins", squared: false },
  });
  const { s0, parts, cross, rows, simulatedCross, simulatedRows } = products;
  const rounding = ofSum(4, s0) + products.rounding + products.rowsRounding;
  const { alternative } = options;
  // x^2 = x, so `of` is sum_i (half the row and column sum of i) x_i^2
  const counts = (both: number, of: number): [bb: number, bw: number, ww: number] => [
    both / 2,
    of - both,
    s0 / 2 - of + both / 2,
  ];
  const observed = counts(cross, rows);
  const simulated = [0, 1, 2].map((kind) =>
    simulatedCross.map((both, p) => counts(both, simulatedRows[p]!)[kind as 0 | 1 | 2]),
  );
  const join = (kind: 0 | 1 | 2, expected: number, variance: number): JoinCount => ({
    count: observed[kind],
    expected,
    variance,
    ...scored(observed[kind], expected, variance, products.normalP),
    ...inferGlobal(observed[kind], simulated[kind]!, alternative, rounding),
  });
  const p = ones / n;
  const [fromOnes, fromZeros] = [x.map((value) => value - p), x.map((value) => p - value)];
  const pair = (b: number): number => (b * (b - 1)) / (n * (n - 1));
  return {
    bb: join(0, (s0 * pair(ones)) / 2, same(fromOnes, p, parts)),
    bw: join(1, (s0 * ones * (n - ones)) / (n * (n - 1)), different(fromOnes, parts)),
    ww: join(2, (s0 * pair(n - ones)) / 2, same(fromZeros, 1 - p, parts)),
  };
}

/**
 * Variance of the joins of two of a kind, whose share is p and whose deviations from it d: sum w (p + d_i) (p + d_j) /
 * 2.
 */
function same(d: Float64Array, p: number, parts: WeightParts): number {
  return (
    varianceRandom(
      parts,
      d.map((value) => 2 * value * (p * (parts.n - 2) - value)),
      d,
    ) / 4
  );
}

/** Variance of the joins of a one and a zero, half the sum of the squared differences of the deviations d. */
function different(d: Float64Array, parts: WeightParts): number {
  return varianceRandom(
    parts,
    d.map((value) => parts.n * value * value),
    d,
  );
}
