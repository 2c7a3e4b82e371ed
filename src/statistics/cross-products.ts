import type { Weights } from "../weights/weights.js";
import { copyWeights } from "../kernels/weights.js";
import type { Inference } from "./inference.js";
import { inLocality, noNeighbors, normalP, onThreads, roomFor } from "./permute-global.js";
import { pseudoP } from "./pseudo-p.js";
import { weightParts, type WeightParts } from "./quadratic-moments.js";
import { ofSum, type Rounded } from "./rounding.js";

/** What the global statistics are made of. */
export interface CrossProducts {
  /** S0 = sum w, and what moments under randomisation are made of. */
  s0: number;
  parts: WeightParts;
  /** sum_i u_i sum_j w_ij z_j, and the same of each permutation of z. */
  cross: number;
  simulatedCross: Float64Array;
  /** What was asked for of the rows, and the same of each permutation. */
  rows: number;
  simulatedRows: Float64Array;
  /**
   * How far apart rounding may put the cross products of two permutations that tie, and what was asked for of the rows.
   */
  rounding: number;
  rowsRounding: number;
  /** Two-sided p-value of a z-score under the normal distribution; NaN of NaN. */
  normalP(score: number): number;
}

/**
 * sum_i f_i z_i or sum_i f_i z_i^2: f is half the row and column sum of the weights, or what it is above the mean of
 * all.
 */
export interface Rows {
  factors: "margins" | "deviations";
  squared: boolean;
}

type Options = Inference & { fixed?: Float64Array; rows?: Rows };

/**
 * Cross products of values with their lags, and of permutations of the values over all locations.
 * @param z the values that are lagged and permuted, f64 of shape (n,)
 * @param rounded what is known of the rounding of both; the mean square of either is at most 1
 * @param options.fixed u, values that stay in their places; without, the permuted values themselves
 * @param options.rows what is wanted of the rows
 * @throws INVALID_WEIGHTS where no location has a neighbor
 */
export function crossProducts(
  z: Float64Array,
  rounded: Pick<Rounded, "error">,
  weights: Weights,
  options: Options,
): CrossProducts {
  const { fixed } = options;
  const ordered = inLocality(weights, fixed ? [z, fixed] : [z], options);
  const [values, still] = ordered.values as [Float64Array, Float64Array?];
  return inOrder(values, rounded, ordered.weights, { ...options, ...(still && { fixed: still }) });
}

function inOrder(
  z: Float64Array,
  { error }: Pick<Rounded, "error">,
  weights: Weights,
  options: Options,
): CrossProducts {
  const { permutations = 999, seed = 12345, fixed, rows } = options;
  return onThreads(options, (kernel, permute) => {
    const { call } = kernel;
    const n = z.length;
    const w = copyWeights(kernel, weights);
    const values = kernel.float64(z);
    const { s0, parts, margin, widest, most } = weightSums(weights, () => {
      const sums = kernel.float64(3);
      const margins = kernel.float64(n);
      call.weightSums(w.offsets, w.neighbors, w.weight, sums, margins);
      return { sums: kernel.readFloat64(sums), margin: kernel.readFloat64(margins) };
    });
    if (s0 === 0) throw noNeighbors();

    const lags = kernel.float64(n);
    call.neighborSums(values, w.offsets, w.neighbors, w.weight, lags);
    const lag = kernel.readFloat64(lags);
    const u = fixed ?? z;
    const center = rows?.factors === "deviations" ? s0 / n : 0;
    const factors = rows ? margin.map((sum) => sum / 2 - center) : new Float64Array(0);
    let [cross, observedRows, farthest] = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      const cardinality = weights.offsets[i + 1]! - weights.offsets[i]!;
      const divisor = weights.weights ? 1 : cardinality;
      if (cardinality > 0) cross += (u[i]! * lag[i]!) / divisor;
    }
    for (let i = 0; i < factors.length; i++) {
      observedRows += factors[i]! * (rows?.squared ? z[i]! * z[i]! : z[i]!);
      farthest = Math.max(farthest, Math.abs(factors[i]!));
    }

    const simulatedCross = kernel.float64(roomFor(permutations));
    const simulatedRows = kernel.float64(rows ? roomFor(permutations) : 0);
    const ofRows = rows ? kernel.float64(factors) : 0;
    const still = fixed ? kernel.float64(fixed) : 0;
    permute("permuteGlobal", n, 1, (first, shuffled, lanes) => [
      values,
      still,
      ofRows,
      rows?.squared ?? false,
      w.offsets,
      w.neighbors,
      w.weight,
      seed,
      first,
      shuffled,
      lanes,
      simulatedCross,
      simulatedRows,
    ]);
    return {
      s0,
      parts,
      cross,
      rows: observedRows,
      // sum w |u_i z_j| <= sum w (u_i^2 + z_j^2) / 2, and margins weigh the squares
      rounding: ofSum(n + most, widest * n) + error * widest * n,
      rowsRounding: ofSum(n, farthest * n) + 2 * error * farthest * n,
      simulatedCross: kernel.readFloat64(simulatedCross).subarray(0, permutations),
      simulatedRows: kernel.readFloat64(simulatedRows).subarray(0, permutations),
      normalP: normalP(kernel),
    };
  });
}

/** What cross products need of weights alone. */
interface WeightSums {
  s0: number;
  parts: WeightParts;
  /** Sums of a location's row and column, f64 of shape (n,), and the largest of them. */
  margin: Float64Array;
  widest: number;
  /** The most neighbors that a location has. */
  most: number;
}

/** Found once for each object, since many variables ask. @param add sums them up in a kernel */
function weightSums(weights: Weights, add: () => { sums: Float64Array; margin: Float64Array }): WeightSums {
  let found = known.get(weights);
  if (!found) {
    const { sums, margin } = add();
    const [s0, s1] = sums as unknown as [number, number];
    let [widest, most] = [0, 0];
    for (let i = 0; i < margin.length; i++) {
      widest = Math.max(widest, margin[i]!);
      most = Math.max(most, weights.offsets[i + 1]! - weights.offsets[i]!);
    }
    const halves = margin.map((sum) => sum / 2);
    known.set(weights, (found = { s0, parts: weightParts(halves, s1 / 2), margin, widest, most }));
  }
  return found;
}

const known = new WeakMap<Weights, WeightSums>();

/** Pseudo p-value and z-score of a statistic among simulated ones. */
export interface GlobalInferenceResult {
  /** NaN without permutations, as zSim. */
  pSim: number;
  zSim: number;
}

/** @param rounding how far apart rounding may put two permutations that tie */
export function inferGlobal(
  observed: number,
  simulated: Float64Array,
  alternative: Parameters<typeof pseudoP>[3] | undefined,
  rounding: number,
): GlobalInferenceResult {
  const permutations = simulated.length;
  if (permutations === 0) return { pSim: NaN, zSim: NaN };
  let greater = 0;
  let lesser = 0;
  let mean = 0;
  for (const value of simulated) {
    if (value >= observed - rounding) greater++;
    if (value <= observed + rounding) lesser++;
    mean += value / permutations;
  }
  let variance = 0;
  for (const value of simulated) variance += (value - mean) ** 2 / permutations;
  const sd = Math.sqrt(variance);
  return {
    pSim: pseudoP(greater, lesser, permutations, alternative ?? "two-sided"),
    zSim: sd > rounding ? (observed - mean) / sd : NaN,
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
