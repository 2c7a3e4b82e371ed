import { DriveshaftError } from "../errors.js";
import { withKernel, type Kernel, type Pointer } from "../kernels/load.js";
import type { Progress } from "../progress.js";
import type { Weights } from "../weights/weights.js";
import {
  checkInference,
  checkValues,
  copyWeights,
  standardise,
  TOLERANCE,
  type Inference,
  type MoranKernel,
} from "./moran-kernel.js";
import { pseudoP, type Alternative } from "./pseudo-p.js";

/** Permutations that one pass of the global kernel serves. */
const LANES = 8;

export interface Moran {
  /** Moran's I. */
  i: number;
  /** -1 / (n - 1). */
  expected: number;
  /** Variance, z and two-sided p if values were drawn from a normal distribution. */
  varianceNormal: number;
  zNormal: number;
  pNormal: number;
  /** The same if values were assigned to locations at random. */
  varianceRandom: number;
  zRandom: number;
  pRandom: number;
  /** From permutations of the values over all locations; NaN without. */
  pSim: number;
  zSim: number;
}

/**
 * Global Moran's I with analytical inference under normality and randomisation and, on request, permutations.
 * Moran (1950), doi:10.1093/biomet/37.1-2.17; moments: Cliff and Ord (1981), Spatial Processes.
 * @param y f64 of shape (n,), finite, not constant, n >= 3
 * @param weights of n locations; islands count in n and add nothing to the sums
 * @param options.permutations default 999
 * @throws TOO_FEW_ROWS, CONSTANT_VALUES, INVALID_WEIGHTS, INVALID_PARAMETER
 * @example moran(y, queen(polygons)).i
 */
export function moran(y: Float64Array, weights: Weights, options: Inference = {}): Moran {
  const { permutations = 999, seed = 12345, alternative = "two-sided", progress } = options;
  checkValues(y, weights);
  checkInference(permutations, seed);
  return withKernel("moran", (kernel: Kernel<MoranKernel>) => {
    const { call } = kernel;
    const n = y.length;
    const w = copyWeights(kernel, weights);
    const { z } = standardise(kernel, y);
    const lags = kernel.float64(n);
    call.neighborSums(z, w.offsets, w.neighbors, w.weight, lags);
    const sums = kernel.float64(3);
    call.weightSums(w.offsets, w.neighbors, w.weight, sums);
    const [s0, s1, s2] = kernel.readFloat64(sums) as unknown as [number, number, number];
    if (s0 === 0) {
      throw new DriveshaftError("INVALID_WEIGHTS", "no location has a neighbor, so Moran's I is not defined");
    }
    // with sum z^2 = n, I = n / S0 * z'Wz / z'z is z'Wz / S0
    const zs = kernel.viewFloat64(z);
    const lag = kernel.viewFloat64(lags);
    let cross = 0;
    let fourth = 0;
    for (let i = 0; i < n; i++) {
      const cardinality = weights.weights ? 1 : weights.offsets[i + 1]! - weights.offsets[i]!;
      if (cardinality > 0) cross += (zs[i]! * lag[i]!) / cardinality;
      fourth += zs[i]! ** 4;
    }
    const i = cross / s0;
    const simulated = simulate(kernel, z, w, { n, s0, permutations, seed, progress });
    const p = (score: number): number => (Number.isNaN(score) ? NaN : 2 * call.normalUpper(Math.abs(score)));
    return { i, ...analytical(i, n, fourth / n, s0, s1, s2, p), ...inference(i, simulated, alternative) };
  });
}

type Analytical = Omit<Moran, "i" | "pSim" | "zSim">;

/** Moments under normality and randomisation; the latter needs 4 locations. `p` is the two-sided p-value of a z-score. */
function analytical(
  i: number,
  n: number,
  kurtosis: number,
  s0: number,
  s1: number,
  s2: number,
  p: (score: number) => number,
): Analytical {
  const expected = -1 / (n - 1);
  const square = expected * expected;
  const varianceNormal = (n * n * s1 - n * s2 + 3 * s0 * s0) / ((n * n - 1) * s0 * s0) - square;
  const random = n * ((n * n - 3 * n + 3) * s1 - n * s2 + 3 * s0 * s0);
  const fourth = kurtosis * (n * (n - 1) * s1 - 2 * n * s2 + 6 * s0 * s0);
  const varianceRandom = n < 4 ? NaN : (random - fourth) / ((n - 1) * (n - 2) * (n - 3) * s0 * s0) - square;
  const zNormal = (i - expected) / Math.sqrt(varianceNormal);
  const zRandom = (i - expected) / Math.sqrt(varianceRandom);
  return { expected, varianceNormal, zNormal, pNormal: p(zNormal), varianceRandom, zRandom, pRandom: p(zRandom) };
}

/** Moran's I of each permutation of the values over all locations. */
function simulate(
  kernel: Kernel<MoranKernel>,
  z: Pointer,
  w: ReturnType<typeof copyWeights>,
  plan: { n: number; s0: number; permutations: number; seed: number; progress: Progress | undefined },
): Float64Array {
  const { n, s0, permutations, seed, progress } = plan;
  if (permutations === 0) return new Float64Array(0);
  const cross = kernel.float64(Math.ceil(permutations / LANES) * LANES);
  const shuffled = kernel.float64(n);
  const lanes = kernel.float64(n * LANES);
  for (let first = 0; first < permutations; first += LANES) {
    progress?.(first / permutations);
    kernel.call.permuteGlobal(z, w.offsets, w.neighbors, w.weight, seed, first, shuffled, lanes, cross);
  }
  return kernel
    .viewFloat64(cross)
    .subarray(0, permutations)
    .map((value) => value / s0);
}

/** Pseudo p-value and z-score of I among simulated ones; NaN without. */
function inference(i: number, simulated: Float64Array, alternative: Alternative): Pick<Moran, "pSim" | "zSim"> {
  const permutations = simulated.length;
  if (permutations === 0) return { pSim: NaN, zSim: NaN };
  let greater = 0;
  let lesser = 0;
  let sum = 0;
  let squares = 0;
  for (const value of simulated) {
    if (value >= i - TOLERANCE) greater++;
    if (value <= i + TOLERANCE) lesser++;
    sum += value;
    squares += value * value;
  }
  const mean = sum / permutations;
  const sd = Math.sqrt(squares / permutations - mean * mean);
  return { pSim: pseudoP(greater, lesser, permutations, alternative), zSim: sd > TOLERANCE ? (i - mean) / sd : NaN };
}
