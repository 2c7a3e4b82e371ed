import { DriveshaftError } from "../errors.js";
import { growInt32 } from "../table/growable.js";
import { checkWeights, MAX_PAIRS, trusted, type Weights } from "./weights.js";

/**
 * Neighbors of higher order: those at the end of a shortest path of `order` steps, or with `includeLower` of at most so
 * many. Weights do not count; rows ascend.
 * @throws INVALID_PARAMETER, INVALID_WEIGHTS
 */
export function higherOrder(w: Weights, order: number, includeLower = false): Weights {
  checkWeights(w);
  if (!Number.isInteger(order) || order < 1) {
    throw new DriveshaftError("INVALID_PARAMETER", `order is ${order}, expected a whole number of at least 1`);
  }
  const { n } = w;
  const offsets = new Int32Array(n + 1);
  const rows = growInt32();
  const seen = new Int32Array(n).fill(-1);
  for (let i = 0; i < n; i++) {
    seen[i] = i;
    let front = [i];
    const row: number[] = [];
    for (let step = 1; step <= order && front.length > 0; step++) {
      const next: number[] = [];
      for (const from of front) {
        for (let q = w.offsets[from]!; q < w.offsets[from + 1]!; q++) {
          const j = w.neighbors[q]!;
          if (seen[j] === i) continue;
          seen[j] = i;
          next.push(j);
        }
      }
      if (includeLower || step === order) row.push(...next);
      front = next;
    }
    for (const j of row.sort((a, b) => a - b)) rows.push(j);
    if (rows.length > MAX_PAIRS) {
      throw new DriveshaftError("INVALID_WEIGHTS", `order ${order} has more than ${MAX_PAIRS} pairs of neighbors`, {
        hint: "Use a lower order.",
      });
    }
    offsets[i + 1] = rows.length;
  }
  return trusted({ n, offsets, neighbors: rows.take() });
}
