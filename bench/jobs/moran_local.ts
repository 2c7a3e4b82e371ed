import { knn, moranLocal, type SumInference } from "driveshaft";
import { pointFeatures, points } from "../data.js";
import type { BenchJob } from "../measure.js";
import { geodaLisa } from "../peers/geoda.js";
import { jsgeoda, readMap } from "../peers/jsgeoda.js";

const drawn = (permutations: number): SumInference => ({ inference: "permutation", permutations });

export const moranLocalJob: BenchJob = {
  name: "moran_local",
  async *rounds() {
    for (const shape of ["uniform", "clustered"] as const) {
      const data = points(100_000, shape);
      const { values } = data;
      const weights = knn(data.xs, data.ys, { k: 8 });
      const neighbors = Array.from(values, (_, i) => [...weights.neighbors.subarray(8 * i, 8 * i + 8)]);
      const lisa = await geodaLisa();
      const geoda = await jsgeoda();
      const map = geoda.getKnnWeights(readMap(geoda, pointFeatures(data)), 8);
      const list = [...values];
      yield {
        size: values.length,
        options: { shape, k: 8, permutations: 999 },
        repetitions: 5,
        contestants: [
          {
            tool: "driveshaft",
            run: () => moranLocal(values, weights, { ...drawn(999), alternative: "directed" }),
          },
          { tool: "@geoda/lisa", run: () => lisa.localMoran({ data: list, neighbors, permutation: 999 }) },
          { tool: "jsgeoda", run: () => geoda.localMoran(map, list, 999, "lookup") },
        ],
      };
    }
    for (const size of [10_000, 100_000, 1_000_000]) {
      const { xs, ys, values } = points(size, "uniform");
      const weights = knn(xs, ys, { k: 8 });
      yield {
        size,
        options: { shape: "uniform", k: 8, permutations: 9999 },
        repetitions: 3,
        work: { bytes: size * (4 + 4 * 8 + 8 + 5 * 8) },
        contestants: [
          { tool: "driveshaft", run: () => moranLocal(values, weights, drawn(9999)) },
          { tool: "2 threads", run: () => moranLocal(values, weights, { ...drawn(9999), threads: 2 }) },
        ],
      };
    }
  },
};
