import { DriveshaftError } from "../errors.js";
import { withKernel, type Kernel, type Pointer } from "../kernels/load.js";
import { withThreads, type RunThreads } from "../kernels/threads.js";
import type { Progress } from "../progress.js";
import { checkWeights, type Weights } from "../weights/weights.js";
import { pseudoP, type Alternative } from "./pseudo-p.js";

interface MoranKernel {
  standardise(y: Pointer, z: Pointer, meanAndSd: Pointer): void;
  neighborSums(values: Pointer, offsets: Pointer, neighbors: Pointer, weights: Pointer, sums: Pointer): void;
  weightSums(offsets: Pointer, neighbors: Pointer, weights: Pointer, sums: Pointer): void;
  normalUpper(z: number): number;
  permuteGlobal(
    z: Pointer,
    offsets: Pointer,
    neighbors: Pointer,
    weights: Pointer,
    seed: number,
    first: number,
    shuffled: Pointer,
    lanes: Pointer,
    cross: Pointer,
  ): void;
  planLocal(
    z: Pointer,
    offsets: Pointer,
    observed: Pointer,
    permutations: number,
    seed: number,
    tolerance: number,
    threads: number,
  ): Pointer;
  blockSize(plan: Pointer): number;
  permuteLocal(plan: Pointer, first: number, size: number, thread: number): void;
  greaterOf(plan: Pointer): Pointer;
  lesserOf(plan: Pointer): Pointer;
  moments(plan: Pointer, permutations: number, mean: Pointer, sd: Pointer): void;
}

/** Draws that differ from the observed by no more than this, on the scale of z, tie with it. */
const TOLERANCE = 1e-9;

/** Permutations that one pass of the global kernel serves. */
const LANES = 8;

export interface Inference {
  /** Number of permutations; 0 for none. */
  permutations?: number;
  /** Whole number from 0 to 2^53 - 1, default 12345. Same seed, same bytes. */
  seed?: number;
  /** Default "two-sided". */
  alternative?: Alternative;
  progress?: Progress | undefined;
}

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

export interface MoranLocal {
  /** (y - mean) / sd, population sd, f64 of shape (n,), as all that follow. */
  z: Float64Array;
  /** Weighted mean of the neighbors' values; NaN for islands. */
  lag: Float64Array;
  /** The same of z. */
  lagStd: Float64Array;
  /** Local Moran's I; NaN for islands. */
  localI: Float64Array;
  /** Pseudo p-value; NaN for islands and without permutations. */
  pSim: Float64Array;
  /** (I - mean) / sd over the permutations; NaN for islands, and where every permutation has the same sum. */
  zSim: Float64Array;
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
    const { offsets, neighbors, weight } = load(kernel, weights);
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

/**
 * Local Moran's I with conditional permutation inference by the shared-reference engine. Anselin (1995),
 * doi:10.1111/j.1538-4632.1995.tb00338.x: I_i = (n - 1) z_i lag_i / sum z^2.
 * @param y f64 of shape (n,), finite, not constant, n >= 3
 * @param weights with equal weights in each row, as queen, rook and knn give; islands get NaN
 * @param options.permutations default 9,999
 * @param options.threads default 1; the result does not depend on it
 * @throws TOO_FEW_ROWS, CONSTANT_VALUES, INVALID_WEIGHTS, INVALID_PARAMETER
 * @example moranLocal(y, knn(xs, ys, { k: 8 }), { permutations: 999 }).localI[0]
 */
export function moranLocal(
  y: Float64Array,
  weights: Weights,
  options: Inference & { threads?: number } = {},
): MoranLocal {
  const { permutations = 9999, seed = 12345, alternative = "two-sided", threads = 1, progress } = options;
  checkValues(y, weights);
  checkInference(permutations, seed);
  if (!Number.isInteger(threads) || threads < 1 || threads > 64) {
    throw new DriveshaftError("INVALID_PARAMETER", `threads is ${threads}, expected a whole number from 1 to 64`);
  }
  if (weights.weights) {
    throw new DriveshaftError("INVALID_WEIGHTS", "moranLocal needs row-standardised weights, equal within each row", {
      hint: "Leave out weights.weights: each neighbor then weighs 1 / cardinality.",
    });
  }
  const job = (kernel: Kernel<MoranKernel>, run?: RunThreads): MoranLocal => {
    const { call } = kernel;
    const n = y.length;
    const { offsets, neighbors } = load(kernel, weights);
    const z = kernel.float64(n);
    const meanAndSd = kernel.float64(2);
    call.standardise(kernel.float64(y), z, meanAndSd);
    const sums = kernel.float64(n);
    call.neighborSums(z, offsets, neighbors, 0, sums);
    const mean = kernel.float64(n);
    const sd = kernel.float64(n);
    const plan = call.planLocal(z, offsets, sums, permutations, seed, TOLERANCE, threads);

    const blocks: number[][] = [];
    const size = call.blockSize(plan);
    for (let first = 0; first < permutations; first += size)
      blocks.push([plan, first, Math.min(size, permutations - first)]);
    const stop = run?.("permuteLocal", blocks);
    blocks.forEach(([, first, count], done) => {
      progress?.(done / blocks.length);
      call.permuteLocal(plan, first!, count!, 0);
    });
    stop?.();
    if (permutations > 0) call.moments(plan, permutations, mean, sd);
    return readLocal(kernel, weights, permutations, alternative, { z, meanAndSd, sums, plan, mean, sd });
  };
  return threads > 1 ? withThreads("moran", threads, job) : withKernel("moran", job);
}

/** The result of local Moran from what the kernel left in its memory. */
function readLocal(
  kernel: Kernel<MoranKernel>,
  { n, offsets }: Weights,
  permutations: number,
  alternative: Alternative,
  at: Record<"z" | "meanAndSd" | "sums" | "plan" | "mean" | "sd", Pointer>,
): MoranLocal {
  const z = kernel.readFloat64(at.z);
  const [center, scale] = kernel.readFloat64(at.meanAndSd) as unknown as [number, number];
  const sums = kernel.viewFloat64(at.sums);
  const greater = kernel.viewInt32(kernel.call.greaterOf(at.plan));
  const lesser = kernel.viewInt32(kernel.call.lesserOf(at.plan));
  const means = kernel.viewFloat64(at.mean);
  const sds = kernel.viewFloat64(at.sd);
  const lag = new Float64Array(n).fill(NaN);
  const lagStd = new Float64Array(n).fill(NaN);
  const localI = new Float64Array(n).fill(NaN);
  const pSim = new Float64Array(n).fill(NaN);
  const zSim = new Float64Array(n).fill(NaN);
  for (let i = 0; i < n; i++) {
    const cardinality = offsets[i + 1]! - offsets[i]!;
    if (cardinality === 0) continue;
    const zi = z[i]!;
    const sum = sums[i]!;
    const mean = sum / cardinality;
    lagStd[i] = mean;
    lag[i] = center + scale * mean;
    // sum z^2 = n with the population sd
    localI[i] = ((n - 1) / n) * zi * mean;
    if (permutations === 0) continue;
    // the engine counts sums; I_i rises with the sum where z_i > 0, falls where z_i < 0, and is always 0 where z_i = 0
    const above = zi > 0 ? greater[i]! : zi < 0 ? lesser[i]! : permutations;
    const below = zi > 0 ? lesser[i]! : zi < 0 ? greater[i]! : permutations;
    pSim[i] = pseudoP(above, below, permutations, alternative);
    const deviation = zi > 0 ? sum - means[i]! : means[i]! - sum;
    if (zi !== 0 && sds[i]! > 0) zSim[i] = deviation / sds[i]!;
  }
  return { z, lag, lagStd, localI, pSim, zSim };
}

function load(kernel: Kernel<MoranKernel>, w: Weights): { offsets: Pointer; neighbors: Pointer; weight: Pointer } {
  return {
    offsets: kernel.int32(w.offsets),
    neighbors: kernel.int32(w.neighbors),
    weight: w.weights ? kernel.float64(w.weights) : 0,
  };
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

function checkValues(y: Float64Array, weights: Weights): void {
  if (weights.n !== y.length)
    throw new DriveshaftError(
      "INVALID_WEIGHTS",
      `weights are for ${weights.n} locations, but y has ${y.length} values`,
    );
  if (y.length < 3) throw new DriveshaftError("TOO_FEW_ROWS", `there are ${y.length} values, at least 3 are needed`);
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < y.length; i++) {
    const value = y[i]!;
    if (!Number.isFinite(value))
      throw new DriveshaftError("INVALID_PARAMETER", `y[${i}] is ${value}, expected a finite number`);
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low === high) {
    throw new DriveshaftError(
      "CONSTANT_VALUES",
      `every value is ${low}; without variation there is no autocorrelation`,
      {
        hint: "Name a column that varies.",
      },
    );
  }
  checkWeights(weights);
}

function checkInference(permutations: number, seed: number): void {
  if (!Number.isInteger(permutations) || permutations < 0 || permutations > MAX_PERMUTATIONS) {
    throw new DriveshaftError(
      "INVALID_PARAMETER",
      `permutations is ${permutations}, expected a whole number from 0 to ${MAX_PERMUTATIONS}`,
    );
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new DriveshaftError(
      "INVALID_PARAMETER",
      `seed is ${seed}, expected a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`,
    );
  }
}

/** Enough for Bonferroni at a million locations, and every count stays an i32. */
export const MAX_PERMUTATIONS = 99_999_999;
