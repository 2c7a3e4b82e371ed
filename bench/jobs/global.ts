import { geary, knn, moran } from "driveshaft";
import { points } from "../data.js";
import type { BenchJob } from "../measure.js";

/** Global permutation tests; no peer in JavaScript has them. */
export const globalJob: BenchJob = {
  name: "global",
  *rounds() {
    const { xs, ys, values } = points(100_000, "uniform");
    const weights = knn(xs, ys, { k: 8 });
    for (const [statistic, run] of [
      ["moran", () => moran(values, weights, { permutations: 999 })],
      ["geary", () => geary(values, weights, { permutations: 999 })],
    ] as const) {
      yield {
        size: values.length,
        options: { statistic, permutations: 999 },
        repetitions: 3,
        contestants: [{ tool: "driveshaft", run }],
      };
    }
  },
};
