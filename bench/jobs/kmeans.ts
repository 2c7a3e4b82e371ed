import { kmeans as mlKmeans } from "ml-kmeans";
import { kmeans } from "driveshaft";
import { points } from "../data.js";
import type { BenchJob } from "../measure.js";

export const kmeansJob: BenchJob = {
  name: "kmeans",
  *rounds() {
    for (const [size, k, shape, peers] of [
      [100_000, 100, "uniform", true],
      [100_000, 100, "clustered", true],
      [1_000_000, 100, "uniform", false],
      [1_000_000, 100, "clustered", false],
    ] as const) {
      const { xs, ys } = points(size, shape);
      const rows = peers ? Array.from(xs, (x, i) => [x, ys[i]!]) : [];
      const start = Array.from({ length: k }, (_, c) => [xs[c * 997]!, ys[c * 997]!]);
      const centers = Float64Array.from(start.flat());
      const contestants = [
        { tool: "driveshaft", run: (): unknown => kmeans(xs, ys, { k, centers, maxIterations: 50 }) },
      ];
      if (peers) {
        contestants.push({
          tool: "ml-kmeans",
          run: () => mlKmeans(rows, k, { initialization: start, maxIterations: 50, tolerance: 0 }),
        });
      }
      // coordinates, labels and two bounds, once an iteration
      const work = { bytes: size * (16 + 4 + 16) * 50 };
      yield { size, options: { shape, k, iterations: 50 }, repetitions: peers ? 3 : 2, work, contestants };
    }
  },
};
