import { DriveshaftError } from "../errors.js";
import {
  autocorrelationKernel,
  autocorrelationThreads,
  type AutocorrelationExports,
} from "../kernels/generated/autocorrelation.js";
import { withKernel, type Kernel } from "../kernels/load.js";
import { withThreads, type RunThreads } from "../kernels/threads.js";
import { equalWeights } from "../weights/transform.js";
import type { Weights } from "../weights/weights.js";
import { checkInference, checkWhole, MAX_PERMUTATIONS, type Inference } from "./inference.js";
import { pOfTails, shareOfDraws, type Alternative } from "./pseudo-p.js";
import type { Strata } from "./strata.js";

/** Whether locations share one table of draws, or have draws of their own. */
export const drawings = ["shared", "independent"] as const;
export type Draws = (typeof drawings)[number];

/** Options of local statistics with conditional permutation inference. */
export interface LocalInference extends Inference {
  /** `shared` (default) is faster by orders of magnitude; `independent` gives p-values without a common error. */
  draws?: Draws | undefined;
  /**
   * Ends a location after so many draws that are at least as extreme, whose p is that number over the draws it took:
   * Besag and Clifford (1991), doi:10.1093/biomet/78.2.301. Default 0: all permutations.
   */
  stop?: number | undefined;
}

/**
 * sum_j w_ij sum_a c_ia x_a(j): attributes of the neighbors on the scale of z, with coefficients of the location. Or,
 * of two attributes, the product of their lags, prod_a (c_ia + sum_j w_ij x_a(j)).
 */
export interface Statistic {
  /** f64 of shape (n,) each. */
  attributes: Float64Array[];
  /** f64 of shape (n, attributes). Without, and with one attribute, 1. */
  coefficients?: Float64Array;
  /** Default false. */
  product?: boolean;
  /** How far apart rounding may put the statistics of two draws that tie, by location: rounding.ts. */
  rounding: Float64Array;
  /** Within which neighbors are drawn, of sums; default from all. */
  strata?: Strata | undefined;
}

/** f64 and i32 of shape (n,); islands have 0. */
export interface Conditional {
  permutations: number;
  observed: Float64Array;
  /** Draws whose statistic is at least, at most the observed one; those that differ by rounding only are in both. */
  greater: Int32Array;
  lesser: Int32Array;
  /** Where locations end early: after how many draws, and at which each tail had so many, 0 where it never had. */
  stop?: { draws: number; greaterAt: Int32Array; lesserAt: Int32Array };
}

/** Locations between two reports of progress, with draws of their own. */
const CHUNK = 1024;

/**
 * Conditional permutation of a local statistic: the engine that fits. With equal weights in each row and one attribute
 * a binary search a location; else a matrix product; with independent draws, draw by draw; within strata, from a table
 * of draws of each.
 * @param sign by location, where the statistic is the engine's times something; NaN where there is no statistic
 * @throws INVALID_PARAMETER
 */
export function conditional(
  statistic: Statistic,
  weights: Weights,
  options: LocalInference,
  sign?: Float64Array,
): Conditional {
  const { permutations = 9999, seed = 12345, threads = 1, draws = "shared", stop = 0, progress } = options;
  checkInference(permutations, seed, threads);
  checkWhole("stop", stop, 0, MAX_PERMUTATIONS);
  const { n } = weights;
  const { strata } = statistic;
  if (strata && draws === "independent") {
    throw new DriveshaftError("INVALID_PARAMETER", "draws within strata are shared, not independent", {
      hint: "Leave out draws, or strata.",
    });
  }
  const equal = equalWeights(weights);

  const job = (kernel: Kernel<AutocorrelationExports>, run?: RunThreads): Conditional => {
    const { call } = kernel;
    const { plan, name, total, size } = planOf(kernel);
    if (stop > 0) call.endAfter(plan, stop, kernel.int32(tailsThatCount(weights, options.alternative, sign)));
    const pass = call[name] as (...args: number[]) => void;
    const blocks: number[][] = [];
    for (let first = 0; first < total; first += size) blocks.push([plan, first, Math.min(size, total - first)]);
    const join = run?.(name, () => blocks);
    blocks.forEach(([, first, count], done) => {
      progress?.(done / blocks.length);
      pass(plan, first!, count!, 0);
    });
    join?.();
    const result = {
      permutations,
      observed: kernel.readFloat64(call.observedOf(plan)),
      greater: kernel.readInt32(call.greaterOf(plan)),
      lesser: kernel.readInt32(call.lesserOf(plan)),
      ...(stop > 0 && {
        stop: {
          draws: stop,
          greaterAt: kernel.readInt32(call.greaterAtOf(plan)),
          lesserAt: kernel.readInt32(call.lesserAtOf(plan)),
        },
      }),
    };
    if (equal) scale(result.observed, equal, statistic.product ? 2 : 1);
    return result;
  };

  /** Plans the work in a kernel: `name` does it, in pieces of at most `size` of `total`. */
  function planOf({ call, float64, int32, kept }: Kernel<AutocorrelationExports>): Plan {
    const simple = statistic.attributes.length === 1 && !statistic.coefficients;
    // sorted sums are cheap for all locations, but do not tell which draw came when
    const sums = simple && equal && draws === "shared" && stop === 0 && !strata;
    // groups of one size have the same draws, which take longer to make than few locations to compare
    const largest = sums ? largestCardinality(weights) : 0;
    const isKept = largest > 0 && threads === 1 && n <= permutations && call.isOneBlock(largest, permutations);
    const drawn = isKept
      ? kept(`draws ${n} ${largest} ${permutations} ${seed}`, () => call.drawAll(n, largest, permutations, seed))
      : 0;
    const attributes = float64(joined(statistic.attributes, n));
    const offsets = int32(weights.offsets);
    const neighbors = int32(weights.neighbors);
    const inference = [permutations, seed, float64(toleranceOf(statistic, equal)), threads] as const;
    if (sums) {
      const plan = call.createSums(attributes, offsets, neighbors, ...inference, drawn);
      return { plan, name: "runSums", total: permutations, size: call.sumsBlock(plan) };
    }
    const coefficients = float64(coefficientsOf(statistic, n, equal));
    const weight = equal ? 0 : float64(weights.weights!);
    const form = [attributes, coefficients, offsets, neighbors, weight, ...inference] as const;
    if (draws === "independent") {
      const plan = call.createIndependent(...form, statistic.product ?? false);
      return { plan, name: "runIndependent", total: permutations === 0 ? 0 : n, size: CHUNK };
    }
    if (statistic.product) {
      const plan = call.createProducts(...form);
      return { plan, name: "runProducts", total: permutations, size: call.productsBlock(plan) };
    }
    if (strata) {
      const plan = call.createStrata(...form, int32(strata.of), int32(strata.members), int32(strata.begins));
      return { plan, name: "runStrata", total: permutations, size: call.strataBlock(plan) };
    }
    const plan = call.createForms(...form);
    return { plan, name: "runForms", total: permutations, size: call.formsBlock(plan) };
  }
  return threads > 1 ? withThreads(autocorrelationThreads, threads, job) : withKernel(autocorrelationKernel, job);
}

function largestCardinality({ n, offsets }: Weights): number {
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, offsets[i + 1]! - offsets[i]!);
  return largest;
}

/** By location, the tails by which it may end early: 1 of large, 2 of small statistics of the engine. */
function tailsThatCount(
  { n, offsets }: Weights,
  alternative: Alternative = "two-sided",
  sign?: Float64Array,
): Int32Array {
  const [greater, lesser] = [1, 2];
  return Int32Array.from({ length: n }, (_, i) => {
    const s = sign ? sign[i]! : 1;
    // where every draw ties p is 1
    if (offsets[i] === offsets[i + 1] || Number.isNaN(s) || s === 0) return 0;
    if (alternative === "greater") return s > 0 ? greater : lesser;
    if (alternative === "lesser") return s > 0 ? lesser : greater;
    return greater + lesser;
  });
}

/** A plan, and the function of the kernel that goes on with it. */
type Plan =
  PlanOf<"runSums"> | PlanOf<"runForms"> | PlanOf<"runProducts"> | PlanOf<"runIndependent"> | PlanOf<"runStrata">;

interface PlanOf<Name extends keyof AutocorrelationExports> {
  plan: Parameters<AutocorrelationExports[Name]>[0];
  name: Name;
  total: number;
  size: number;
}

/** The engines take equal weights as 1, so what is added to a lag is so much larger. */
function coefficientsOf({ coefficients, product }: Statistic, n: number, equal?: Float64Array): Float64Array {
  if (!coefficients) return new Float64Array(n).fill(1);
  if (!product || !equal) return coefficients;
  return coefficients.map((own, at) => own / (equal[at >> 1]! || 1));
}

/** The rounding of a statistic whose equal weights are taken as 1. */
function toleranceOf({ rounding, product }: Statistic, equal?: Float64Array): Float64Array {
  if (!equal) return rounding;
  const tolerance = new Float64Array(equal.length);
  for (let i = 0; i < equal.length; i++) {
    const factor = product ? equal[i]! * equal[i]! : equal[i]!;
    if (factor > 0) tolerance[i] = rounding[i]! / factor;
  }
  return tolerance;
}

/** Brings statistics of weights of 1 to the weights there are, of which they have this power. */
function scale(observed: Float64Array, equal: Float64Array, power: 1 | 2): void {
  for (let i = 0; i < equal.length; i++) observed[i]! *= power === 2 ? equal[i]! * equal[i]! : equal[i]!;
}

function joined(arrays: Float64Array[], n: number): Float64Array {
  const all = new Float64Array(arrays.length * n);
  arrays.forEach((array, a) => all.set(array, a * n));
  return all;
}

/** What inference says of a local statistic. */
export interface LocalInferenceResult {
  /** p-values, f64 of shape (n,); NaN for islands, and where nothing is drawn. */
  p: Float64Array;
}

/**
 * Reads the p-values of a local statistic off the counts of the engine, f64 of shape (n,); NaN for islands and without
 * permutations.
 * @param sign by location, where the statistic is the engine's times something: negative turns the tails round, and at
 * 0 every draw ties; NaN where there is no statistic
 */
export function pOfCounts(
  { permutations, greater, lesser, stop }: Conditional,
  { offsets, n }: Weights,
  alternative: Alternative = "two-sided",
  sign?: Float64Array,
): Float64Array {
  const p = new Float64Array(n).fill(NaN);
  if (permutations === 0) return p;
  const tail = (counts: Int32Array, at: Int32Array | undefined, i: number): number =>
    at && at[i]! > 0 ? stop!.draws / at[i]! : shareOfDraws(counts[i]!, permutations);
  for (let i = 0; i < n; i++) {
    const s = sign ? sign[i]! : 1;
    if (offsets[i] === offsets[i + 1] || Number.isNaN(s)) continue;
    const above = tail(greater, stop?.greaterAt, i);
    const below = tail(lesser, stop?.lesserAt, i);
    if (s === 0) p[i] = 1;
    else p[i] = s > 0 ? pOfTails(above, below, alternative) : pOfTails(below, above, alternative);
  }
  return p;
}
