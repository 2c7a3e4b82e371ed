import { knn, lof, nearest } from "driveshaft";
import { points } from "../data.js";
import type { BenchJob } from "../measure.js";

const K = 20;

/** The factor from k nearest neighbors, in three loops over them. */
function plainLof(xs: Float64Array, ys: Float64Array, k: number): Float64Array {
  const n = xs.length;
  // a point finds itself first
  const { indices, distances } = nearest(xs, ys, xs, ys, { k: k + 1 });
  const densities = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let q = i * (k + 1) + 1; q < (i + 1) * (k + 1); q++) {
      sum += Math.max(distances[q]!, distances[indices[q]! * (k + 1) + k]!);
    }
    densities[i] = k / sum;
  }
  return densities.map((density, i) => {
    let sum = 0;
    for (let q = i * (k + 1) + 1; q < (i + 1) * (k + 1); q++) sum += densities[indices[q]!]!;
    return sum / k / density;
  });
}

/** Local outlier factors, beside the search that they begin with. */
export const lofJob: BenchJob = {
  name: "lof",
  *rounds() {
    for (const size of [10_000, 100_000, 1_000_000]) {
      for (const shape of ["uniform", "lattice"] as const) {
        const { xs, ys } = points(size, "uniform");
        const steps = Math.sqrt(size);
        const [x, y] =
          shape === "lattice"
            ? [xs.map((each) => Math.floor(steps * each)), ys.map((each) => Math.floor(steps * each))]
            : [xs, ys];
        yield {
          size,
          options: { shape, k: K },
          repetitions: 3,
          // coordinates in, factors out, neighbors twice
          work: { bytes: size * (16 + 8 + 2 * 4 * K) },
          contestants: [
            { tool: "driveshaft", run: () => lof(x, y, { k: K }) },
            { tool: "library", run: () => knn(x, y, { k: K }) },
            { tool: "plain loops", run: () => plainLof(x, y, K) },
          ],
        };
      }
    }
  },
};
