import { hdbscan, knn } from "driveshaft";
import { points } from "../data.js";
import type { BenchJob } from "../measure.js";

const MIN_CLUSTER_SIZE = 10;

/** Points of which all pairs are compared, at most. */
const ALL_PAIRS = 10_000;

/** The spanning tree by mutual reachability as textbooks have it: Prim's algorithm on all pairs. */
function prim(xs: Float64Array, ys: Float64Array, minSamples: number): number {
  const n = xs.length;
  const k = minSamples - 1;
  const square = (i: number, j: number): number => (xs[i]! - xs[j]!) ** 2 + (ys[i]! - ys[j]!) ** 2;
  const { neighbors } = knn(xs, ys, { k });
  const cores = Float64Array.from({ length: n }, (_, i) => square(i, neighbors[i * k + k - 1]!));
  const best = new Float64Array(n).fill(Infinity);
  const isIn = new Uint8Array(n);
  let total = 0;
  for (let last = 0, count = 1; count < n; count++) {
    isIn[last] = 1;
    let next = -1;
    for (let j = 0; j < n; j++) {
      if (isIn[j]) continue;
      best[j] = Math.min(best[j]!, Math.max(square(last, j), cores[last]!, cores[j]!));
      if (next < 0 || best[j]! < best[next]!) next = j;
    }
    total += Math.sqrt(best[next]!);
    last = next;
  }
  return total;
}

export const hdbscanJob: BenchJob = {
  name: "hdbscan",
  *rounds() {
    for (const size of [10_000, 100_000, 1_000_000]) {
      for (const shape of ["uniform", "clustered"] as const) {
        const { xs, ys } = points(size, shape);
        const contestants = [
          { tool: "driveshaft", run: (): unknown => hdbscan(xs, ys, { minClusterSize: MIN_CLUSTER_SIZE }) },
        ];
        if (size <= ALL_PAIRS) contestants.push({ tool: "prim", run: () => prim(xs, ys, MIN_CLUSTER_SIZE) });
        // coordinates in, clusters, probabilities and scores out
        yield {
          size,
          options: { shape },
          repetitions: size > 100_000 ? 2 : 3,
          work: { bytes: size * (16 + 4 + 8 + 8) },
          contestants,
        };
      }
    }
  },
};
