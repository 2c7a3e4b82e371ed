import { equalWeights } from "./transform.js";
import { checkWeights, trusted, type Weights } from "./weights.js";

/**
 * Weights with each location as its own neighbor, weighing as much as the heaviest of the others; those without
 * `weights` are taken as binary. Weights that have a diagonal stay as they are, and islands stay islands.
 * @throws INVALID_WEIGHTS
 */
export function withDiagonal(w: Weights): Weights {
  checkWeights(w);
  if (w.diagonal) return w;
  const { n, offsets, neighbors } = w;
  const binary = { n, offsets, neighbors, weights: w.weights ?? new Float64Array(neighbors.length).fill(1) };
  return trusted({ ...binary, diagonal: heaviest(binary) });
}

/** The weight of each location's heaviest neighbor; islands have 0. */
export function heaviest(w: Weights): Float64Array {
  const equal = equalWeights(w);
  if (equal) return equal;
  const { n, offsets, weights } = w;
  const most = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let q = offsets[i]!; q < offsets[i + 1]!; q++) if (weights![q]! > most[i]!) most[i] = weights![q]!;
  }
  return most;
}

/**
 * The same weights with the diagonal among the neighbors, for kernels that make no difference; islands stay islands.
 */
export function withSelf(w: Weights): Weights {
  const { n, offsets, neighbors, weights, diagonal } = w;
  if (!diagonal || !weights) return w;
  const own = (i: number): boolean => offsets[i]! < offsets[i + 1]! && diagonal[i] !== 0;
  const begin = new Int32Array(n + 1);
  for (let i = 0; i < n; i++) begin[i + 1] = begin[i]! + offsets[i + 1]! - offsets[i]! + Number(own(i));
  const all = new Int32Array(begin[n]!);
  const weight = new Float64Array(begin[n]!);
  for (let i = 0; i < n; i++) {
    let to = begin[i]!;
    if (own(i)) {
      all[to] = i;
      weight[to++] = diagonal[i]!;
    }
    all.set(neighbors.subarray(offsets[i], offsets[i + 1]), to);
    weight.set(weights.subarray(offsets[i], offsets[i + 1]), to);
  }
  return trusted({ n, offsets: begin, neighbors: all, weights: weight });
}
