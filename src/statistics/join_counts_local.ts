import { DriveshaftError } from "../errors.js";
import { refuseDiagonal, type Weights } from "../weights/weights.js";
import { checkValues } from "./check-values.js";
import { conditionalZ } from "./conditional-moments.js";
import { exactCounts } from "./exact-counts.js";
import { inferSums, isExact, type SumInference, type SumInferenceResult } from "./infer-sums.js";
import { partsOf, poolsOfOnes } from "./pools.js";
import { exact } from "./rounding.js";
import { strataOf } from "./strata.js";

export interface JoinCountsLocal extends SumInferenceResult {
  /** Weighted count of the joins of a location; NaN for islands. f64 of shape (n,). */
  joins: Float64Array;
  /** Its exact z-score under conditional randomisation; NaN for islands and where the location itself is 0. */
  zScore: Float64Array;
}

/**
 * Local join counts BB_i = x_i sum_j w_ij x_j of a binary variable, with conditional permutation inference. Anselin and
 * Li (2019), doi:10.1007/s10109-019-00299-x. p is NaN where x_i is 0, since no draw could change the count.
 * @param x f64 of shape (n,), 0 or 1, both there
 * @param weights of n locations, binary as a rule; islands get NaN
 * @param options.alternative default "greater"
 * @param options.permutations default 9,999
 * @throws TOO_FEW_ROWS, CONSTANT_VALUES, INVALID_WEIGHTS, INVALID_PARAMETER
 */
export function joinCountsLocal(x: Float64Array, weights: Weights, options: SumInference = {}): JoinCountsLocal {
  checkBinary(x, "x");
  return joins(x, x, weights, options);
}

/**
 * Bivariate local join counts x_i (1 - y_i) sum_j w_ij y_j (1 - x_j): x here and y around, where the two exclude each
 * other. Anselin and Li (2019), doi:10.1007/s10109-019-00299-x.
 * @throws as joinCountsLocal
 */
export function joinCountsLocalBv(
  x: Float64Array,
  y: Float64Array,
  weights: Weights,
  options: SumInference = {},
): JoinCountsLocal {
  checkBinary(x, "x");
  checkBinary(y, "y");
  const here = x.map((value, i) => value * (1 - y[i]!));
  const around = y.map((value, i) => value * (1 - x[i]!));
  return joins(here, around, weights, options);
}

/**
 * Local join counts of co-location: prod_v x_vi sum_j w_ij prod_v x_vj, rows drawn together. Anselin and Li (2019),
 * doi:10.1007/s10109-019-00299-x.
 * @throws as joinCountsLocal
 */
export function joinCountsLocalCl(
  variables: Float64Array[],
  weights: Weights,
  options: SumInference = {},
): JoinCountsLocal {
  variables.forEach((x, v) => checkBinary(x, `variables[${v}]`));
  return joinCountsLocal(together(variables), weights, options);
}

/** 1 where every variable is 1. */
export function together(variables: Float64Array[]): Float64Array {
  const [first, ...others] = variables;
  if (!first) throw new DriveshaftError("INVALID_PARAMETER", "there are no variables, at least one is needed");
  return first.map((value, i) => others.reduce((product, other) => product * other[i]!, value));
}

function checkBinary(x: Float64Array, name: string): void {
  const at = x.findIndex((value) => value !== 0 && value !== 1);
  if (at < 0) return;
  throw new DriveshaftError("INVALID_PARAMETER", `${name}[${at}] is ${x[at]}, expected 0 or 1`, {
    hint: "Compare in the query: SELECT (crime > 30)::int AS high.",
  });
}

function joins(here: Float64Array, around: Float64Array, weights: Weights, options: SumInference): JoinCountsLocal {
  checkValues(around, weights, "x");
  refuseDiagonal(weights, "joinCountsLocal");
  const { n, offsets } = weights;
  const { alternative = "greater" } = options;
  const sign = here.map((value) => (value === 1 ? 1 : NaN));
  // the values themselves are drawn, so that counts of whole weights are whole
  const { observed, ...inference } = isExact(weights, options, false)
    ? exactCounts(around, weights, strataOf(options.strata, n), alternative, sign)
    : inferSums(around, exact, weights, { ...options, alternative, inference: "permutation" }, sign);
  const strata = strataOf(options.strata, n);
  const parts = partsOf(weights, poolsOfOnes(around, strata), strata);
  const result = new Float64Array(n).fill(NaN);
  const zScore = new Float64Array(n).fill(NaN);
  for (let i = 0; i < n; i++) {
    if (offsets[i] === offsets[i + 1]) continue;
    const lag = observed[i]!;
    result[i] = here[i]! * lag;
    if (here[i] === 1) zScore[i] = conditionalZ(lag, parts(i));
  }
  return { joins: result, zScore, ...inference };
}
