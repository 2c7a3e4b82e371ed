import { equalWeights } from "../weights/transform.js";
import type { Weights } from "../weights/weights.js";

export interface RowSums {
  sum: Float64Array;
  squares: Float64Array;
}

/** Sums of the weights of each row and of their squares. f64 of shape (n,). */
export function rowSums(w: Weights): RowSums {
  const before = found.get(w);
  if (before) return before;
  const sums = addUp(w);
  found.set(w, sums);
  return sums;
}

/** Found once for each object, since several ask. */
const found = new WeakMap<Weights, RowSums>();

function addUp(w: Weights): RowSums {
  const { n, offsets, weights } = w;
  const equal = equalWeights(w);
  const sum = new Float64Array(n);
  const squares = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const k = offsets[i + 1]! - offsets[i]!;
    if (equal) {
      sum[i] = weights ? k * equal[i]! : Number(k > 0);
      squares[i] = sum[i]! * equal[i]!;
      continue;
    }
    for (let q = offsets[i]!; q < offsets[i + 1]!; q++) {
      sum[i]! += weights![q]!;
      squares[i]! += weights![q]! * weights![q]!;
    }
  }
  return { sum, squares };
}
