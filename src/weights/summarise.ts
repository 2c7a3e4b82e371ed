import { islands, pairs, type Weights } from "./weights.js";

/** What weights are like as a graph. */
export interface WeightsSummary {
  n: number;
  /** Ordered pairs of neighbors. */
  pairs: number;
  islands: number;
  /** Sets of locations that hang together, whichever way the pairs point; each island is one. */
  components: number;
  /** Share of all ordered pairs that are not neighbors, 1 for none. */
  sparsity: number;
  /** Whether j is a neighbor of i wherever i is one of j. */
  symmetric: boolean;
  /** Number of locations by their number of neighbors. */
  cardinalities: Record<string, number>;
}

export function summarise(w: Weights): WeightsSummary {
  const { n, offsets } = w;
  const counts = new Map<number, number>();
  for (let i = 0; i < n; i++) {
    const cardinality = offsets[i + 1]! - offsets[i]!;
    counts.set(cardinality, (counts.get(cardinality) ?? 0) + 1);
  }
  const ascending = [...counts].sort(([a], [b]) => a - b);
  return {
    n,
    pairs: pairs(w),
    islands: islands(w),
    components: components(w),
    sparsity: n > 1 ? 1 - pairs(w) / (n * (n - 1)) : 1,
    symmetric: isSymmetric(w),
    cardinalities: Object.fromEntries(ascending),
  };
}

/** Union-find with path halving: Tarjan and van Leeuwen (1984), doi:10.1145/62.2160. */
function components({ n, offsets, neighbors }: Weights): number {
  const parent = Int32Array.from({ length: n }, (_, i) => i);
  function find(i: number): number {
    while (parent[i] !== i) {
      parent[i] = parent[parent[i]!]!;
      i = parent[i]!;
    }
    return i;
  }
  let count = n;
  for (let i = 0; i < n; i++) {
    for (let q = offsets[i]!; q < offsets[i + 1]!; q++) {
      const [a, b] = [find(i), find(neighbors[q]!)];
      if (a === b) continue;
      parent[Math.max(a, b)] = Math.min(a, b);
      count--;
    }
  }
  return count;
}

/** Whether every pair is there the other way round: the neighbors of the neighbors are marked by counting. */
function isSymmetric({ n, offsets, neighbors }: Weights): boolean {
  const incoming = new Int32Array(n);
  for (const j of neighbors) incoming[j]!++;
  for (let i = 0; i < n; i++) if (incoming[i] !== offsets[i + 1]! - offsets[i]!) return false;
  const mark = new Int32Array(n).fill(-1);
  const begin = new Int32Array(n + 1);
  for (let i = 0; i < n; i++) begin[i + 1] = begin[i]! + incoming[i]!;
  const next = begin.slice();
  const sources = new Int32Array(neighbors.length);
  for (let i = 0; i < n; i++) {
    for (let q = offsets[i]!; q < offsets[i + 1]!; q++) sources[next[neighbors[q]!]!++] = i;
  }
  for (let i = 0; i < n; i++) {
    for (let q = offsets[i]!; q < offsets[i + 1]!; q++) mark[neighbors[q]!] = i;
    for (let q = begin[i]!; q < begin[i + 1]!; q++) if (mark[sources[q]!] !== i) return false;
  }
  return true;
}
