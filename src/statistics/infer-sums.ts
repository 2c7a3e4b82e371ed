import { DriveshaftError } from "../errors.js";
import { equalWeights } from "../weights/transform.js";
import type { Weights } from "../weights/weights.js";
import { conditional, pOfCounts, type LocalInference, type LocalInferenceResult } from "./crand.js";
import { drawsFew, exactSums, FLOOR, MOST_DRAWN } from "./exact.js";
import { checkInference } from "./inference.js";
import { pOfTails, pseudoP } from "./pseudo-p.js";
import { ofLags, type Rounded } from "./rounding.js";

/**
 * Where p comes from: the conditional distribution itself, or draws from it. `auto` is exact where the weights are
 * equal within each row and no location draws more than 64 values, unless draws are to be independent.
 */
export const inferences = ["auto", "exact", "permutation"] as const;
export type InferenceKind = (typeof inferences)[number];

/** Options of local statistics whose inference may be exact. */
export interface SumInference extends LocalInference {
  /** Default "auto". */
  inference?: InferenceKind | undefined;
}

export interface SumInferenceResult extends LocalInferenceResult {
  used: UsedInference;
}

/** What inference was used, and how far it reaches. */
export interface UsedInference {
  inference: Exclude<InferenceKind, "auto">;
  /** No p is smaller, since that many draws do not tell it, or transforms their rounding. */
  floor: number;
  /** By what share rounding to bins may have changed p, at most over the locations whose p is above 1e-9. */
  width: number;
}

/** The lag of each location, and its inference. */
export interface InferredSums extends SumInferenceResult {
  observed: Float64Array;
}

/** Smaller p do not count in `width`. */
const LEAST = 1e-9;

/**
 * Whether inference is exact: what was asked for, or what the weights allow.
 * @param few whether there is no closed form, so that locations may draw few values only
 * @throws INVALID_PARAMETER where exact inference is asked for and the weights do not allow it
 */
export function isExact(weights: Weights, { inference = "auto", draws }: SumInference, few = true): boolean {
  if (inference === "permutation" || (inference === "auto" && draws === "independent")) return false;
  const equal = equalWeights(weights) !== undefined;
  const possible = equal && (!few || drawsFew(weights));
  if (inference === "exact" && !possible) {
    throw new DriveshaftError(
      "INVALID_PARAMETER",
      equal
        ? `a location has more than ${MOST_DRAWN} neighbors, too many for exact inference`
        : "the weights differ within a row, and exact inference needs equal ones",
      { hint: "Use inference auto: it draws where it has to." },
    );
  }
  return possible;
}

/**
 * Inference for a statistic that rises with the lag of an attribute.
 * @param sign by location, where the statistic is the lag times something: pOfCounts
 */
export function inferSums(
  attribute: Float64Array,
  rounded: Rounded,
  weights: Weights,
  options: SumInference,
  sign?: Float64Array,
): InferredSums {
  const { alternative = "two-sided", permutations = 9999, seed = 12345, threads = 1 } = options;
  const rounding = ofLags(weights, rounded);
  if (!isExact(weights, options)) {
    const drawn = conditional({ attributes: [attribute], rounding }, weights, options, sign);
    return {
      observed: drawn.observed,
      p: pOfCounts(drawn, weights, alternative, sign),
      used: { inference: "permutation", floor: pseudoP(0, 0, permutations, alternative), width: 0 },
    };
  }
  checkInference(permutations, seed, threads);
  const { n, offsets } = weights;
  const p = new Float64Array(n).fill(NaN);
  let width = 0;
  const { observed, bins } = exactSums(attribute, rounded, weights, rounding, (i, greater, lesser, spread) => {
    const s = sign ? sign[i]! : 1;
    if (offsets[i] === offsets[i + 1] || Number.isNaN(s)) return;
    // of a statistic that is always 0 all draws tie
    if (s === 0) p[i] = 1;
    else p[i] = s > 0 ? pOfTails(greater, lesser, alternative) : pOfTails(lesser, greater, alternative);
    if (s === 0 || p[i] <= LEAST) return;
    const share = (alternative === "two-sided" ? 2 * spread : spread) / p[i];
    if (share > width) width = share;
  });
  const floor = bins === 0 ? 0 : pOfTails(FLOOR, FLOOR, alternative);
  return { observed, p, used: { inference: "exact", floor, width } };
}
