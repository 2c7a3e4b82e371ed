import { DriveshaftError } from "../errors.js";
import type { Kernel } from "../kernels/load.js";
import type { Float64Pointer, Int32Pointer } from "../kernels/pointer.js";
import type { Progress } from "../job/progress.js";
import { checkWeights, type Weights } from "../weights/weights.js";
import type { Alternative } from "./pseudo-p.js";

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
  kernel: Kernel<unknown>,
  w: Weights,
): { offsets: Int32Pointer; neighbors: Int32Pointer; weight: Float64Pointer | 0 } {
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
