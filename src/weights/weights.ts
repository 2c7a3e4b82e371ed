import { DriveshaftError } from "../errors.js";

/**
 * Spatial weights in compressed sparse rows: the neighbors of i are neighbors[offsets[i] .. offsets[i + 1]). Without
 * `weights` rows are standardised: each neighbor of i weighs 1 / cardinality(i). An island is an empty row.
 */
export interface Weights {
  n: number;
  offsets: Int32Array;
  neighbors: Int32Array;
  /** Weight of each neighbor, in the order of `neighbors`. */
  weights?: Float64Array;
  /** Weight of each location for itself, where it counts among its neighbors; without, none does. */
  diagonal?: Float64Array;
}

/** Most ordered pairs of neighbors: one array of a module's memory ends at 1 GiB. */
export const MAX_PAIRS = 2 ** 28;

/** Number of ordered pairs of neighbors. */
export function pairs(weights: Weights): number {
  return weights.neighbors.length;
}

/** Number of locations without neighbors. */
export function islands({ n, offsets }: Weights): number {
  let count = 0;
  for (let i = 0; i < n; i++) if (offsets[i] === offsets[i + 1]) count++;
  return count;
}

/** @throws INVALID_WEIGHTS where locations count among their own neighbors, which `statistic` does not know */
export function refuseDiagonal({ diagonal }: Weights, statistic: string): void {
  if (!diagonal?.some((own) => own !== 0)) return;
  throw new DriveshaftError("INVALID_WEIGHTS", `${statistic} needs weights without a diagonal`, {
    hint: "Leave out weights.diagonal: no location is its own neighbor then.",
  });
}

/** Weights that were checked, or that a kernel of ours made. */
const known = new WeakSet<Weights>();

/** Marks weights as needing no check. */
export function trusted(weights: Weights): Weights {
  known.add(weights);
  return weights;
}

/**
 * Checks weights that a caller made, once for each object, so that no kernel has to.
 * @throws INVALID_WEIGHTS where offsets do not ascend from 0 to the number of neighbors, where a neighbor is out of
 * range, the location itself or given twice, or where a weight is not finite and at least 0
 */
export function checkWeights(w: Weights): void {
  if (known.has(w)) return;
  const { n, offsets, neighbors, weights, diagonal } = w;
  function fail(message: string): never {
    throw new DriveshaftError("INVALID_WEIGHTS", message);
  }
  if (offsets.length !== n + 1) fail(`weights.offsets has ${offsets.length} elements, expected n + 1 = ${n + 1}`);
  if (offsets[0] !== 0) fail(`weights.offsets begins with ${offsets[0]}, expected 0`);
  if (offsets[n] !== neighbors.length)
    fail(`weights.offsets ends with ${offsets[n]}, expected ${neighbors.length}, the number of neighbors`);
  if (weights && weights.length !== neighbors.length) {
    fail(`weights.weights has ${weights.length} elements, expected ${neighbors.length}, one a neighbor`);
  }
  if (diagonal && diagonal.length !== n) fail(`weights.diagonal has ${diagonal.length} elements, expected n = ${n}`);
  if (diagonal && !weights) fail("weights.diagonal comes without weights.weights");
  if (diagonal && !diagonal.every((own) => own >= 0 && own < Infinity)) {
    fail("weights.diagonal has an element that is not a finite number of at least 0");
  }
  const seen = new Int32Array(n).fill(-1);
  for (let i = 0; i < n; i++) {
    if (offsets[i + 1]! < offsets[i]!) fail(`weights.offsets descends after location ${i}`);
    for (let q = offsets[i]!; q < offsets[i + 1]!; q++) {
      const j = neighbors[q]!;
      if (j < 0 || j >= n) fail(`location ${i} has neighbor ${j}, expected 0 to ${n - 1}`);
      if (j === i) fail(`location ${i} is its own neighbor`);
      if (seen[j] === i) fail(`location ${i} has neighbor ${j} twice`);
      seen[j] = i;
      if (weights && !(weights[q]! >= 0 && weights[q]! < Infinity))
        fail(`the weight of ${i} and ${j} is ${weights[q]}, expected a finite number of at least 0`);
    }
  }
  known.add(w);
}
