import { delaunay, distanceBand, gabriel, kernelWeights, relativeNeighbors } from "driveshaft";
import { points } from "../data.js";
import type { BenchJob } from "../measure.js";

/** Weights by distance and by triangulation, growing; the distance band has about 10 neighbors a point. */
export const weightsJob: BenchJob = {
  name: "weights",
  *rounds() {
    for (const size of [10_000, 100_000, 1_000_000]) {
      const { xs, ys } = points(size, "uniform");
      const threshold = Math.sqrt(10 / (Math.PI * size));
      const kinds: [type: string, run: () => unknown][] = [
        ["distance_band, 10 neighbors", () => distanceBand(xs, ys, { threshold })],
        ["kernel, k 8", () => kernelWeights(xs, ys, { k: 8 })],
        ["delaunay", () => delaunay(xs, ys)],
        ["gabriel", () => gabriel(xs, ys)],
        ["relative_neighbors", () => relativeNeighbors(xs, ys)],
      ];
      for (const [type, run] of kinds) {
        if (size > 100_000 && !type.startsWith("distance_band") && !type.startsWith("kernel")) continue;
        yield {
          size,
          options: { type },
          repetitions: 3,
          // coordinates in, neighbors out, with weights of kernels
          work: {
            bytes: size * (16 + 4 + (type.startsWith("kernel") ? 8 * 12 : type.startsWith("dist") ? 10 * 4 : 6 * 4)),
          },
          contestants: [{ tool: "driveshaft", run }],
        };
      }
    }
  },
};
