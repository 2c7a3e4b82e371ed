import { DriveshaftError } from "../errors.js";
import { keepPairs } from "../weights/sets.js";
import { equalWeights } from "../weights/transform.js";
import { islands, type Weights } from "../weights/weights.js";
import { conditional, pOfCounts, type LocalInference, type LocalInferenceResult } from "./crand.js";
import { drawsFew, exactSums, FLOOR, isFew, LEAST, MOST_DRAWN, type Visit } from "./exact.js";
import { exactSumsWithin } from "./exact-strata.js";
import { checkInference } from "./inference.js";
import { pOfTails, pseudoP, type Alternative } from "./pseudo-p.js";
import { ofLags, type Rounded } from "./rounding.js";
import { describeStrata, sizeOf, strataOf, type Strata, type StrataUsed } from "./strata.js";

/**
 * Where p comes from: the conditional distribution itself, or draws from it. `auto` is exact where the weights are
 * equal within each row and no location draws more than 64 values, unless draws are to be independent; within strata it
 * draws for locations with neighbors in other ones.
 */
export const inferences = ["auto", "exact", "permutation"] as const;
export type InferenceKind = (typeof inferences)[number];

/** Options of local statistics whose inference may be exact. */
export interface SumInference extends LocalInference {
  /** Default "auto". */
  inference?: InferenceKind | undefined;
  /**
   * The stratum of each location, whole numbers from 0 of shape (n,): each neighbor is drawn from the locations of its
   * own stratum. Default: from all.
   */
  strata?: Int32Array | undefined;
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
  /** Where inference is exact but not at all locations: at how many p is of draws, and what no p of these is below. */
  drawn?: { locations: number; floor: number };
  /** Of inference within strata. */
  strata?: StrataUsed;
}

/** The lag of each location, and its inference. */
export interface InferredSums extends SumInferenceResult {
  observed: Float64Array;
}

const USE_AUTO = "Use inference auto: it draws where it has to.";

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
      { hint: USE_AUTO },
    );
  }
  return possible;
}

/**
 * Inference for a statistic that rises with the lag of an attribute. Within strata it is exact at locations whose
 * neighbors are all in their own stratum, where it may be.
 * @param sign by location, where the statistic is the lag times something: pOfCounts
 */
export function inferSums(
  attribute: Float64Array,
  rounded: Rounded,
  weights: Weights,
  options: SumInference,
  sign?: Float64Array,
): InferredSums {
  const { permutations = 9999, seed = 12345, threads = 1 } = options;
  checkInference(permutations, seed, threads);
  const strata = strataOf(options.strata, weights.n);
  const values: Values = { attribute, rounded, rounding: ofLags(weights, rounded), strata, sign };
  const said = describeStrata(attribute, rounded, weights, strata);
  const { exactly, drawn } = divided(weights, options, strata);
  const found = exactly && byDistribution(values, exactly, options.alternative);
  const sampled = drawn && byDraws(values, drawn, options);
  const { used, ...inferred } = found && sampled ? joined(found, sampled, drawn) : (found ?? sampled)!;
  return { ...inferred, used: { ...used, ...(said && { strata: said }) } };
}

/** What is summed, how far apart rounding may put lags that tie, what is drawn from, and the sign of the statistic. */
interface Values {
  attribute: Float64Array;
  rounded: Rounded;
  rounding: Float64Array;
  strata: Strata | undefined;
  sign: Float64Array | undefined;
}

/** Which rows of the weights are inferred exactly, and which by draws. */
interface Divided {
  exactly?: Weights;
  drawn?: Weights;
}

/** @throws INVALID_PARAMETER where exact inference is asked for and does not reach all locations */
function divided(weights: Weights, options: SumInference, strata: Strata | undefined): Divided {
  if (!isExact(weights, options, !strata)) return { drawn: weights };
  if (!strata) return { exactly: weights };
  const { n, offsets, neighbors } = weights;
  const isWithin = Uint8Array.from({ length: n }, (_, i) => {
    const [stratum, own] = [strata.of[i]!, neighbors.subarray(offsets[i], offsets[i + 1])];
    return Number(own.every((j) => strata.of[j] === stratum) && isFew(own.length, sizeOf(strata, stratum)));
  });
  const exactly = keepPairs(weights, (_, i) => isWithin[i] === 1);
  const drawn = keepPairs(weights, (_, i) => isWithin[i] === 0);
  if (drawn.neighbors.length === 0) return { exactly };
  if (options.inference === "exact") {
    const across = n - islands(drawn);
    const message = `${across} locations have neighbors in other strata, or too many for exact inference`;
    throw new DriveshaftError("INVALID_PARAMETER", message, { hint: USE_AUTO });
  }
  return exactly.neighbors.length === 0 ? { drawn } : { exactly, drawn };
}

function byDraws({ attribute, rounding, strata, sign }: Values, weights: Weights, options: SumInference): InferredSums {
  const { permutations = 9999, alternative = "two-sided" } = options;
  const drawn = conditional({ attributes: [attribute], rounding, strata }, weights, options, sign);
  return {
    observed: drawn.observed,
    p: pOfCounts(drawn, weights, alternative, sign),
    used: { inference: "permutation", floor: pseudoP(0, 0, permutations, alternative), width: 0 },
  };
}

function byDistribution(
  { attribute, rounded, rounding, strata, sign }: Values,
  weights: Weights,
  alternative: Alternative = "two-sided",
): InferredSums {
  const { n, offsets } = weights;
  const p = new Float64Array(n).fill(NaN);
  let width = 0;
  const visit: Visit = (i, greater, lesser, spread) => {
    const s = sign ? sign[i]! : 1;
    if (offsets[i] === offsets[i + 1] || Number.isNaN(s)) return;
    // of a statistic that is always 0 all draws tie
    if (s === 0) p[i] = 1;
    else p[i] = s > 0 ? pOfTails(greater, lesser, alternative) : pOfTails(lesser, greater, alternative);
    if (s === 0 || p[i] <= LEAST) return;
    const share = (alternative === "two-sided" ? 2 * spread : spread) / p[i];
    if (share > width) width = share;
  };
  const { observed, bins } = strata
    ? exactSumsWithin(attribute, rounded, weights, rounding, strata, visit)
    : exactSums(attribute, rounded, weights, rounding, visit);
  const floor = bins === 0 ? 0 : pOfTails(FLOOR, FLOOR, alternative);
  return { observed, p, used: { inference: "exact", floor, width } };
}

/** Exact inference, completed by that of the locations that are drawn. */
function joined(exactly: InferredSums, drawn: InferredSums, { n, offsets }: Weights): InferredSums {
  const [observed, p] = [exactly.observed.slice(), exactly.p.slice()];
  let locations = 0;
  for (let i = 0; i < n; i++) {
    if (offsets[i] === offsets[i + 1]) continue;
    observed[i] = drawn.observed[i]!;
    p[i] = drawn.p[i]!;
    locations++;
  }
  return { observed, p, used: { ...exactly.used, drawn: { locations, floor: drawn.used.floor } } };
}
