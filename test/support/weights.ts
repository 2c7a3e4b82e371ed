import type { Weights } from "#dist/index.js";

/** Weights with cardinalities 1, 2, ... up to n / 2, and one island, location 4. */
export function uneven(n: number, random: () => number): Weights {
  const rows = Array.from({ length: n }, (_, i) => {
    const others = [...Array(n).keys()].filter((j) => j !== i);
    const keys = others.map(() => random());
    const order = [...others.keys()].sort((a, b) => keys[a]! - keys[b]!).map((at) => others[at]!);
    return i === 4 ? [] : order.slice(0, 1 + ((i * 7) % Math.floor(n / 2)));
  });
  const offsets = new Int32Array(n + 1);
  rows.forEach((row, i) => (offsets[i + 1] = offsets[i]! + row.length));
  return { n, offsets, neighbors: Int32Array.from(rows.flat()) };
}

/** The same neighbors with weights at random, between 0.1 and 1.1. */
export function weighted(w: Weights, random: () => number): Weights {
  return { ...w, weights: Float64Array.from(w.neighbors, () => 0.1 + random()) };
}

/** The neighbors of a location, and the weight of each. */
export function row(w: Weights, i: number): { neighbors: number[]; weights: number[] } {
  const [begin, end] = [w.offsets[i]!, w.offsets[i + 1]!];
  const neighbors = [...w.neighbors.subarray(begin, end)];
  const weights = w.weights ? [...w.weights.subarray(begin, end)] : neighbors.map(() => 1 / (end - begin));
  return { neighbors, weights };
}

/** Random neighbors, `ks` of them in turn; location 5 is an island. */
export function scattered(n: number, ks: number[], random: () => number): Weights {
  const offsets = new Int32Array(n + 1);
  const neighbors: number[] = [];
  for (let i = 0; i < n; i++) {
    const k = i === 5 ? 0 : ks[i % ks.length]!;
    const chosen = new Set<number>();
    while (chosen.size < k) {
      const j = Math.floor(random() * n);
      if (j !== i) chosen.add(j);
    }
    neighbors.push(...chosen);
    offsets[i + 1] = neighbors.length;
  }
  return { n, offsets, neighbors: Int32Array.from(neighbors) };
}
