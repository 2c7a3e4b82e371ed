import type { Weights } from "../weights/weights.js";
import { copyWeights, TOLERANCE, type Inference } from "./autocorrelation-kernel.js";
import { inLocality, noNeighbors, normalP, onThreads, roomFor } from "./permute-global.js";
import { pseudoP } from "./pseudo-p.js";

/** What the global statistics are made of. */
export interface CrossProducts {
  /** S0 = sum w, S1 = sum (w_ij + w_ji)^2 / 2, S2 = sum_i (sum_j w_ij + sum_j w_ji)^2. */
  s0: number;
  s1: number;
  s2: number;
  /** sum_i u_i sum_j w_ij z_j, and the same of each permutation of z. */
  cross: number;
  simulatedCross: Float64Array;
  /** sum_i (sum_j w_ij + sum_j w_ji) z_i^2, and the same of each permutation, where it was asked for. */
  square: number;
  simulatedSquare: Float64Array;
  /** Two-sided p-value of a z-score under the normal distribution; NaN of NaN. */
  normalP(score: number): number;
}

/**
 * Cross products of values with their lags, and of permutations of the values over all locations.
 * @param z the values that are lagged and permuted, f64 of shape (n,)
 * @param options.fixed u, values that stay in their places; without, the permuted values themselves
 * @param options.squares whether the weighted squares are wanted too
 * @throws INVALID_WEIGHTS where no location has a neighbor
 */
export function crossProducts(
  z: Float64Array,
  weights: Weights,
  options: Inference & { fixed?: Float64Array; squares?: boolean },
): CrossProducts {
  const { fixed } = options;
  const ordered = inLocality(weights, fixed ? [z, fixed] : [z], options);
  const [values, still] = ordered.values as [Float64Array, Float64Array?];
  return inOrder(values, ordered.weights, { ...options, ...(still && { fixed: still }) });
}

function inOrder(
  z: Float64Array,
  weights: Weights,
  options: Inference & { fixed?: Float64Array; squares?: boolean },
): CrossProducts {
  const { permutations = 999, seed = 12345, fixed, squares = false } = options;
  return onThreads(options, (kernel, permute) => {
    const { call } = kernel;
    const n = z.length;
    const w = copyWeights(kernel, weights);
    const values = kernel.float64(z);
    const sums = kernel.float64(3);
    const margins = kernel.float64(n);
    call.weightSums(w.offsets, w.neighbors, w.weight, sums, margins);
    const [s0, s1, s2] = kernel.readFloat64(sums) as unknown as [number, number, number];
    if (s0 === 0) throw noNeighbors();

    const lags = kernel.float64(n);
    call.neighborSums(values, w.offsets, w.neighbors, w.weight, lags);
    const lag = kernel.readFloat64(lags);
    const margin = kernel.readFloat64(margins);
    const u = fixed ?? z;
    let cross = 0;
    let square = 0;
    for (let i = 0; i < n; i++) {
      const cardinality = weights.weights ? 1 : weights.offsets[i + 1]! - weights.offsets[i]!;
      if (cardinality > 0) cross += (u[i]! * lag[i]!) / cardinality;
      square += margin[i]! * z[i]! * z[i]!;
    }

    const simulatedCross = kernel.float64(roomFor(permutations));
    const simulatedSquare = kernel.float64(squares ? roomFor(permutations) : 0);
    const still = fixed ? kernel.float64(fixed) : 0;
    permute("permuteGlobal", n, 1, (first, shuffled, lanes) => [
      values,
      still,
      squares ? margins : 0,
      w.offsets,
      w.neighbors,
      w.weight,
      seed,
      first,
      shuffled,
      lanes,
      simulatedCross,
      simulatedSquare,
    ]);
    return {
      s0,
      s1,
      s2,
      cross,
      square,
      simulatedCross: kernel.readFloat64(simulatedCross).subarray(0, permutations),
      simulatedSquare: kernel.readFloat64(simulatedSquare).subarray(0, permutations),
      normalP: normalP(kernel),
    };
  });
}

/** Pseudo p-value and z-score of a statistic among simulated ones. */
export interface GlobalInferenceResult {
  /** NaN without permutations, as zSim. */
  pSim: number;
  zSim: number;
}

/** @param scale of the statistic: what differs by 1e-9 of it ties */
export function inferGlobal(
  observed: number,
  simulated: Float64Array,
  alternative: Parameters<typeof pseudoP>[3] = "two-sided",
  scale = 1,
): GlobalInferenceResult {
  const permutations = simulated.length;
  if (permutations === 0) return { pSim: NaN, zSim: NaN };
  const tolerance = TOLERANCE * scale;
  let greater = 0;
  let lesser = 0;
  let mean = 0;
  for (const value of simulated) {
    if (value >= observed - tolerance) greater++;
    if (value <= observed + tolerance) lesser++;
    mean += value / permutations;
  }
  let variance = 0;
  for (const value of simulated) variance += (value - mean) ** 2 / permutations;
  const sd = Math.sqrt(variance);
  return {
    pSim: pseudoP(greater, lesser, permutations, alternative),
    zSim: sd > tolerance ? (observed - mean) / sd : NaN,
  };
}

/** z and two-sided p of a statistic with an expectation and a variance. */
export function scored(
  observed: number,
  expected: number,
  variance: number,
  normalP: (score: number) => number,
): { z: number; p: number } {
  const z = variance > 0 ? (observed - expected) / Math.sqrt(variance) : NaN;
  return { z, p: normalP(z) };
}

/** Analytical inference of a global statistic under two assumptions. */
export interface Analytical {
  /** Expectation without autocorrelation. */
  expected: number;
  /** Variance, z and two-sided p if values were drawn from a normal distribution. */
  varianceNormal: number;
  zNormal: number;
  pNormal: number;
  /** The same if values were assigned to locations at random; NaN for fewer than 4 locations. */
  varianceRandom: number;
  zRandom: number;
  pRandom: number;
}

export function underBoth(
  observed: number,
  moments: Pick<Analytical, "expected" | "varianceNormal" | "varianceRandom">,
  normalP: (score: number) => number,
): Analytical {
  const normal = scored(observed, moments.expected, moments.varianceNormal, normalP);
  const random = scored(observed, moments.expected, moments.varianceRandom, normalP);
  return { ...moments, zNormal: normal.z, pNormal: normal.p, zRandom: random.z, pRandom: random.p };
}
