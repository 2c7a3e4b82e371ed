import { geary, knn, lee, moran } from "driveshaft";
import { points } from "../data.js";
import type { BenchJob } from "../measure.js";

const K = 8;
const PERMUTATIONS = 999;

/** Global permutation tests; no peer in JavaScript has them. */
export const globalJob: BenchJob = {
  name: "global",
  *rounds() {
    const { xs, ys, values } = points(100_000, "uniform");
    const weights = knn(xs, ys, { k: K });
    const other = values.toReversed();
    for (const [statistic, run, variables] of [
      ["moran", (threads) => moran(values, weights, { permutations: PERMUTATIONS, threads }), 1],
      ["geary", (threads) => geary(values, weights, { permutations: PERMUTATIONS, threads }), 1],
      ["lee", (threads) => lee(values, other, weights, { permutations: PERMUTATIONS, threads }), 2],
    ] as [string, (threads: number) => unknown, number][]) {
      yield {
        size: values.length,
        options: { statistic, permutations: PERMUTATIONS },
        repetitions: 3,
        work: { adds: values.length * PERMUTATIONS * K * variables, numbers: (values.length * PERMUTATIONS) / 2 },
        contestants: [
          { tool: "driveshaft", run: () => run(1) },
          { tool: "2 threads", run: () => run(2) },
        ],
      };
    }
  },
};
