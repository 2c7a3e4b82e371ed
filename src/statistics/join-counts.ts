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
 * Global join counts of a binary variable with analytical inference under nonfree sampling and, on request, permutations:
 * BB = sum w_ij x_i x_j / 2, WW of 1 - x, BW = sum w_ij (x_i - x_j)^2 / 2. Cliff and Ord (1981), Spatial Processes.
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
  const products = crossProducts(x, weights, { ...options, squares: true });
  const { s0, cross, square, simulatedCross, simulatedSquare } = products;
  const { alternative } = options;
  // x^2 = x, so `square` is sum_i (row and column sum of i) x_i
  const counts = (both: number, margin: number): [bb: number, bw: number, ww: number] => [
    both / 2,
    margin / 2 - both,
    (s0 - margin + both) / 2,
  ];
  const observed = counts(cross, square);
  const simulated = [0, 1, 2].map((kind) =>
    simulatedCross.map((both, p) => counts(both, simulatedSquare[p]!)[kind as 0 | 1 | 2]),
  );
  const join = (kind: 0 | 1 | 2, expected: number, variance: number): JoinCount => ({
    count: observed[kind],
    expected,
    variance,
    ...scored(observed[kind], expected, variance, products.normalP),
    ...inferGlobal(observed[kind], simulated[kind]!, alternative, s0),
  });
  return {
    bb: join(0, ...same(ones, n, products)),
    bw: join(1, ...different(ones, n, products)),
    ww: join(2, ...same(n - ones, n, products)),
  };
}

/** b (b - 1) ... over n (n - 1) ..., `factors` of each: the probability that so many locations drawn are all among b. */
function falling(b: number, n: number, factors: number): number {
  let share = 1;
  for (let q = 0; q < factors; q++) share *= n > q ? (b - q) / (n - q) : 0;
  return share;
}

/** Expectation and variance of joins of two of the same kind, of which there are b. */
function same(b: number, n: number, { s0, s1, s2 }: CrossProducts): [expected: number, variance: number] {
  const expected = (s0 * falling(b, n, 2)) / 2;
  const variance =
    (s1 * falling(b, n, 2) + (s2 - 2 * s1) * falling(b, n, 3) + (s0 * s0 + s1 - s2) * falling(b, n, 4)) / 4;
  return [expected, variance - expected ** 2];
}

/** Expectation and variance of joins of a one and a zero. */
function different(b: number, n: number, { s0, s1, s2 }: CrossProducts): [expected: number, variance: number] {
  const w = n - b;
  const pair = (b * w) / (n * (n - 1));
  const expected = s0 * pair;
  // two pairs of locations that have both in common, one, none
  const none = n > 3 ? (4 * pair * (b - 1) * (w - 1)) / ((n - 2) * (n - 3)) : 0;
  const variance = (2 * s1 * pair + (s2 - 2 * s1) * pair + (s0 * s0 + s1 - s2) * none) / 4;
  return [expected, variance - expected ** 2];
}
