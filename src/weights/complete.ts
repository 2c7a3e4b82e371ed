import type { Weights } from "./weights.js";

/**
 * Whether every location that has neighbors has all others, weighing the same: then values may be anywhere, and no
 * statistic of who is near whom changes.
 */
export function isComplete({ n, offsets, weights }: Weights): boolean {
  let some = false;
  for (let i = 0; i < n; i++) {
    const [begin, end] = [offsets[i]!, offsets[i + 1]!];
    if (begin === end) continue;
    if (end - begin < n - 1) return false;
    for (let q = begin + 1; weights && q < end; q++) if (weights[q] !== weights[begin]) return false;
    some = true;
  }
  return some;
}
