import { DriveshaftError } from "../errors.js";
import type { Kernel, Pointer } from "../kernels/load.js";
import type { Progress } from "../job/progress.js";
import { checkWeights, type Weights } from "../weights/weights.js";
import type { Alternative } from "./pseudo-p.js";

/** The exports of the module `autocorrelation`. */
export interface AutocorrelationKernel {
  standardise(y: Pointer, z: Pointer, scale: Pointer): void;
  neighborSums(values: Pointer, offsets: Pointer, neighbors: Pointer, weights: Pointer, sums: Pointer): void;
  squaredDifferences(
    z: Pointer,
    offsets: Pointer,
    neighbors: Pointer,
    weights: Pointer,
    differences: Pointer,
    lags: Pointer,
  ): void;
  weightSums(offsets: Pointer, neighbors: Pointer, weights: Pointer, sums: Pointer, margins: Pointer): void;
  lagProducts(offsets: Pointer, neighbors: Pointer, weights: Pointer, own: Pointer, rest: Pointer): number;
  raise(values: Pointer, power: number): void;
  quadrupleMean(x: Pointer, y: Pointer): number;
  variancesOfOthers(z: Pointer, variances: Pointer): void;
  momentsOfDifferences(z: Pointer, means: Pointer, variances: Pointer): void;
  normalUpper(z: number): number;
  chiSquaredUpper(x: number, df: number): number;
  permuteGlobal(
    z: Pointer,
    fixed: Pointer,
    factors: Pointer,
    squared: number,
    offsets: Pointer,
    neighbors: Pointer,
    weights: Pointer,
    seed: number,
    first: number,
    shuffled: Pointer,
    lanes: Pointer,
    cross: Pointer,
    rows: Pointer,
  ): void;
  permuteLags(
    x: Pointer,
    y: Pointer,
    offsets: Pointer,
    neighbors: Pointer,
    weights: Pointer,
    seed: number,
    first: number,
    shuffled: Pointer,
    lanesX: Pointer,
    lanesY: Pointer,
    cross: Pointer,
  ): void;
  createSums(
    values: Pointer,
    offsets: Pointer,
    neighbors: Pointer,
    permutations: number,
    seed: number,
    tolerance: Pointer,
    threads: number,
  ): Pointer;
  sumsBlock(plan: Pointer): number;
  runSums: RunPlan;
  createForms(...form: Form): Pointer;
  formsBlock(plan: Pointer): number;
  runForms: RunPlan;
  createProducts(...form: Form): Pointer;
  productsBlock(plan: Pointer): number;
  runProducts: RunPlan;
  createIndependent(...form: [...Form, product: number]): Pointer;
  runIndependent: RunPlan;
  observedOf(plan: Pointer): Pointer;
  greaterOf(plan: Pointer): Pointer;
  lesserOf(plan: Pointer): Pointer;
  moments(plan: Pointer, permutations: number, mean: Pointer, sd: Pointer): void;
}

type Form = [
  attributes: Pointer,
  coefficients: Pointer,
  offsets: Pointer,
  neighbors: Pointer,
  weights: Pointer,
  permutations: number,
  seed: number,
  tolerance: Pointer,
  threads: number,
];

type RunPlan = (plan: Pointer, first: number, size: number, thread: number) => void;

/** Options of statistics with permutation inference. */
export interface Inference {
  /** Number of permutations; 0 for none. */
  permutations?: number;
  /** Whole number from 0 to 2^53 - 1, default 12345. Same seed, same bytes. */
  seed?: number;
  /** Default "two-sided". */
  alternative?: Alternative;
  /** Default 1; the result does not depend on it. */
  threads?: number | undefined;
  progress?: Progress | undefined;
}

/** Copies weights into a kernel. */
export function copyWeights(
  kernel: Kernel<AutocorrelationKernel>,
  w: Weights,
): { offsets: Pointer; neighbors: Pointer; weight: Pointer } {
  return {
    offsets: kernel.int32(w.offsets),
    neighbors: kernel.int32(w.neighbors),
    weight: w.weights ? kernel.float64(w.weights) : 0,
  };
}

/**
 * Checks a variable and its weights. `name` is what messages call the variable.
 * @throws TOO_FEW_ROWS, CONSTANT_VALUES, INVALID_PARAMETER, INVALID_WEIGHTS
 */
export function checkValues(y: Float64Array, weights: Weights, name = "y"): void {
  if (weights.n !== y.length)
    throw new DriveshaftError(
      "INVALID_WEIGHTS",
      `weights are for ${weights.n} locations, but ${name} has ${y.length} values`,
    );
  if (y.length < 3) throw new DriveshaftError("TOO_FEW_ROWS", `there are ${y.length} values, at least 3 are needed`);
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < y.length; i++) {
    const value = y[i]!;
    if (!Number.isFinite(value))
      throw new DriveshaftError("INVALID_PARAMETER", `${name}[${i}] is ${value}, expected a finite number`);
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low === high) {
    throw new DriveshaftError(
      "CONSTANT_VALUES",
      `every value ${name === "y" ? "" : `of ${name} `}is ${low}; without variation there is no autocorrelation`,
      {
        hint: "Name a column that varies.",
      },
    );
  }
  checkWeights(weights);
}

/** @throws INVALID_PARAMETER */
export function checkInference(permutations: number, seed: number, threads: number): void {
  const check = (name: string, value: number, least: number, most: number): void => {
    if (Number.isInteger(value) && value >= least && value <= most) return;
    throw new DriveshaftError(
      "INVALID_PARAMETER",
      `${name} is ${value}, expected a whole number from ${least} to ${most}`,
    );
  };
  check("permutations", permutations, 0, MAX_PERMUTATIONS);
  check("seed", seed, 0, Number.MAX_SAFE_INTEGER);
  check("threads", threads, 1, MAX_THREADS);
}

/** Enough for Bonferroni at a million locations, and every count stays an i32. */
export const MAX_PERMUTATIONS = 99_999_999;

export const MAX_THREADS = 64;
