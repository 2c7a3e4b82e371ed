import { DriveshaftError } from "../errors.js";
import { withKernel, type Kernel } from "../kernels/load.js";
import type { Weights } from "../weights/weights.js";
import {
  checkInference,
  checkValues,
  copyWeights,
  TOLERANCE,
  type Inference,
  type MoranKernel,
} from "./moran-kernel.js";
import { pseudoP } from "./pseudo-p.js";

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
    const { offsets, neighbors, weight } = copyWeights(kernel, weights);
    const z = kernel.float64(n);
    call.standardise(kernel.float64(y), z, kernel.float64(2));
    const sums = kernel.float64(n);
    call.neighborSums(z, offsets, neighbors, weight, sums);
    const sw = kernel.float64(3);
    call.weightSums(offsets, neighbors, weight, sw);
    const [s0, s1, s2] = kernel.readFloat64(sw) as unknown as [number, number, number];
    if (s0 === 0)
      throw new DriveshaftError("INVALID_WEIGHTS", "no location has a neighbor, so Moran's I is not defined");

    // with sum z^2 = n, I = n / S0 * z'Wz / z'z is z'Wz / S0
    const zs = kernel.readFloat64(z);
    const lags = neighborMeans(kernel.readFloat64(sums), weights);
    let cross = 0;
    let fourth = 0;
    for (let i = 0; i < n; i++) {
      cross += zs[i]! * lags[i]!;
      fourth += zs[i]! ** 4;
    }
    const i = cross / s0;
    const expected = -1 / (n - 1);
    const square = expected * expected;
    const varianceNormal = (n * n * s1 - n * s2 + 3 * s0 * s0) / ((n * n - 1) * s0 * s0) - square;
    const kurtosis = fourth / n;
    const varianceRandom =
      n < 4
        ? NaN
        : (n * ((n * n - 3 * n + 3) * s1 - n * s2 + 3 * s0 * s0) -
            kurtosis * (n * (n - 1) * s1 - 2 * n * s2 + 6 * s0 * s0)) /
            ((n - 1) * (n - 2) * (n - 3) * s0 * s0) -
          square;
    const zNormal = (i - expected) / Math.sqrt(varianceNormal);
    const zRandom = (i - expected) / Math.sqrt(varianceRandom);
    const twoSided = (score: number): number => (Number.isNaN(score) ? NaN : 2 * call.normalUpper(Math.abs(score)));

    const crossSim = kernel.float64(Math.ceil(permutations / LANES) * LANES);
    const shuffled = kernel.float64(n);
    const lanes = kernel.float64(n * LANES);
    for (let first = 0; first < permutations; first += LANES) {
      progress?.(first / permutations);
      call.permuteGlobal(z, offsets, neighbors, weight, seed, first, shuffled, lanes, crossSim);
    }
    const simulated = kernel.readFloat64(crossSim).subarray(0, permutations);
    let greater = 0;
    let lesser = 0;
    let sum = 0;
    let sumSquares = 0;
    for (const value of simulated) {
      const sim = value / s0;
      if (sim >= i - TOLERANCE) greater++;
      if (sim <= i + TOLERANCE) lesser++;
      sum += sim;
      sumSquares += sim * sim;
    }
    const mean = sum / permutations;
    const sd = Math.sqrt(sumSquares / permutations - mean * mean);
    return {
      i,
      expected,
      varianceNormal,
      zNormal,
      pNormal: twoSided(zNormal),
      varianceRandom,
      zRandom,
      pRandom: twoSided(zRandom),
      pSim: permutations > 0 ? pseudoP(greater, lesser, permutations, alternative) : NaN,
      zSim: permutations > 0 && sd > TOLERANCE ? (i - mean) / sd : NaN,
    };
  });
}

/** Turns sums over neighbors into means where weights are row-standardised, in place; islands keep 0. */
function neighborMeans(sums: Float64Array, { n, offsets, weights }: Weights): Float64Array {
  if (weights) return sums;
  for (let i = 0; i < n; i++) {
    const cardinality = offsets[i + 1]! - offsets[i]!;
    if (cardinality > 0) sums[i] = sums[i]! / cardinality;
  }
  return sums;
}
