import { DriveshaftError } from "../errors.js";
import type { Progress } from "../job/progress.js";
import type { Alternative } from "./pseudo-p.js";

/** Enough for Bonferroni at a million locations, and every count stays an i32. */
export const MAX_PERMUTATIONS = 99_999_999;

export const MAX_THREADS = 64;

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

/** @throws INVALID_PARAMETER */
export function checkInference(permutations: number, seed: number, threads: number): void {
  checkWhole("permutations", permutations, 0, MAX_PERMUTATIONS);
  checkWhole("seed", seed, 0, Number.MAX_SAFE_INTEGER);
  checkWhole("threads", threads, 1, MAX_THREADS);
}

/** @throws INVALID_PARAMETER */
export function checkWhole(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new DriveshaftError(
    "INVALID_PARAMETER",
    `${name} is ${value}, expected a whole number from ${least} to ${most}`,
  );
}
