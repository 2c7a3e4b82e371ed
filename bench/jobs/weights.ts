import { gridDisk, latLngToCell } from "h3-js";
import { cellWeights, delaunay, distanceBand, gabriel, kernelWeights, relativeNeighbors } from "driveshaft";
import { points } from "../data.js";
import type { BenchJob } from "../measure.js";

/** Bytes of a point's neighbors, with their weights. */
function outOf(type: string): number {
  if (type.startsWith("kernel")) return 8 * 12;
  return 4 * (type.startsWith("distance") ? 10 : type.startsWith("cells") ? 18 : 6);
}

/** Weights by distance and by triangulation, growing; the distance band has about 10 neighbors a point. */
export const weightsJob: BenchJob = {
  name: "weights",
  *rounds() {
    for (const size of [10_000, 100_000, 1_000_000]) {
      const { xs, ys } = points(size, "uniform");
      // in rings around one, so there are a few more than that
      const cells = gridDisk(latLngToCell(40, -3, 10), Math.ceil(Math.sqrt(size / 3))).slice(0, size);
      const threshold = Math.sqrt(10 / (Math.PI * size));
      const kinds: [type: string, run: () => unknown][] = [
        ["distance_band, 10 neighbors", () => distanceBand(xs, ys, { threshold })],
        ["kernel, k 8", () => kernelWeights(xs, ys, { k: 8 })],
        ["cells of H3, k 2", () => cellWeights(cells, { k: 2 })],
        ["delaunay", () => delaunay(xs, ys)],
        ["gabriel", () => gabriel(xs, ys)],
        ["relative_neighbors", () => relativeNeighbors(xs, ys)],
      ];
      for (const [type, run] of kinds) {
        if (size > 100_000 && !/^(distance_band|kernel|cells)/.test(type)) continue;
        yield {
          size,
          options: { type },
          repetitions: 3,
          // coordinates in, neighbors out, with weights of kernels
          work: {
            bytes: size * (16 + 4 + outOf(type)),
          },
          contestants: [{ tool: "driveshaft", run }],
        };
      }
    }
  },
};
