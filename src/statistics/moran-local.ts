import { DriveshaftError } from "../errors.js";
import { withKernel, type Kernel, type Pointer } from "../kernels/load.js";
import { withThreads, type RunThreads } from "../kernels/threads.js";
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
    const { offsets, neighbors } = copyWeights(kernel, weights);
    const { z, mean: center, sd: scale } = standardise(kernel, y);
    const sums = kernel.float64(n);
    call.neighborSums(z, offsets, neighbors, 0, sums);
    const mean = kernel.float64(n);
    const sd = kernel.float64(n);
    const plan = call.createCrand(z, offsets, sums, permutations, seed, TOLERANCE, threads);

    const blocks: number[][] = [];
    const size = call.blockSize(plan);
    for (let first = 0; first < permutations; first += size)
      blocks.push([plan, first, Math.min(size, permutations - first)]);
    const stop = run?.("runBlock", blocks);
    blocks.forEach(([, first, count], done) => {
      progress?.(done / blocks.length);
      call.runBlock(plan, first!, count!, 0);
    });
    stop?.();
    if (permutations > 0) call.moments(plan, permutations, mean, sd);
    return readLocal(kernel, weights, permutations, alternative, { z, center, scale, sums, plan, mean, sd });
  };
  return threads > 1 ? withThreads("moran", threads, job) : withKernel("moran", job);
}

/** The result of local Moran from what the kernel left in its memory. */
function readLocal(
  kernel: Kernel<MoranKernel>,
  { n, offsets }: Weights,
  permutations: number,
  alternative: Alternative,
  at: Record<"z" | "sums" | "plan" | "mean" | "sd", Pointer> & { center: number; scale: number },
): MoranLocal {
  const z = kernel.readFloat64(at.z);
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
    lag[i] = at.center + at.scale * mean;
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
