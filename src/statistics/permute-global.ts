import { DriveshaftError } from "../errors.js";
import {
  autocorrelationKernel,
  autocorrelationThreads,
  type AutocorrelationExports,
} from "../kernels/generated/autocorrelation.js";
import { withKernel, type Kernel } from "../kernels/load.js";
import type { Float64Pointer } from "../kernels/pointer.js";
import { withThreads, type Arguments, type RunThreads } from "../kernels/threads.js";
import { localityOrder, renumber } from "../weights/locality.js";
import type { Weights } from "../weights/weights.js";
import { checkInference, type Inference } from "./inference.js";

/** Permutations that one pass over the neighbors serves. */
const LANES = 8;

/** Elements that the results of the permutations take. */
export const roomFor = (permutations: number): number => Math.ceil(permutations / LANES) * LANES;

/** So many permutations of so many locations are worth another order. */
const MANY = 32;
const LARGE = 8192;

/** Weights and values in an order in which neighbors are near each other in memory, where that is worth its time. */
export function inLocality(
  weights: Weights,
  values: Float64Array[],
  { permutations = 999 }: Inference,
): { weights: Weights; values: Float64Array[] } {
  if (permutations < MANY || weights.n < LARGE) return { weights, values };
  const order = localityOrder(weights);
  return {
    weights: renumber(weights, order),
    values: values.map((all) => Float64Array.from(order, (i) => all[i]!)),
  };
}

/**
 * Runs a function of the kernel on all permutations, a pass at a time. `args` are its arguments for the pass that
 * begins with permutation `first`, with a thread's scratch: n values, and `variables` times LANES n of them.
 */
type Permute = <Name extends "permuteGlobal" | "permuteLags">(
  name: Name,
  n: number,
  variables: number,
  args: (
    first: number,
    shuffled: Float64Pointer,
    ...lanes: Float64Pointer[]
  ) => Parameters<AutocorrelationExports[Name]>,
) => void;

/** Runs a job on as many threads as the options say, which share its passes. @throws INVALID_PARAMETER */
export function onThreads<Result>(
  { permutations = 999, seed = 12345, threads = 1, progress }: Inference,
  job: (kernel: Kernel<AutocorrelationExports>, permute: Permute) => Result,
): Result {
  checkInference(permutations, seed, threads);
  const withPermute = (kernel: Kernel<AutocorrelationExports>, run?: RunThreads): Result =>
    job(kernel, (name, n, variables, args) => {
      const scratch = Array.from({ length: permutations > 0 ? threads : 0 }, () => ({
        shuffled: kernel.float64(n),
        lanes: Array.from({ length: variables }, () => kernel.float64(n * LANES)),
      }));
      const callsOf = (thread: number): Arguments[] => {
        const calls = [];
        for (let first = thread * LANES; first < permutations; first += threads * LANES) {
          const { shuffled, lanes } = scratch[thread]!;
          calls.push(args(first, shuffled, ...lanes));
        }
        return calls;
      };
      const join = run?.(name, callsOf);
      const pass = kernel.call[name] as (...args: Arguments) => void;
      const calls = callsOf(0);
      calls.forEach((each, done) => {
        progress?.(done / calls.length);
        pass(...each);
      });
      join?.();
    });
  return threads > 1
    ? withThreads(autocorrelationThreads, threads, withPermute)
    : withKernel(autocorrelationKernel, withPermute);
}

export const noNeighbors = (): DriveshaftError =>
  new DriveshaftError("INVALID_WEIGHTS", "no location has a neighbor, so there is nothing to compare");

/** Two-sided p-value of a z-score under the normal distribution; NaN of NaN. */
export const normalP =
  ({ call }: Kernel<AutocorrelationExports>) =>
  (score: number): number =>
    Number.isNaN(score) ? NaN : 2 * call.normalUpper(Math.abs(score));
