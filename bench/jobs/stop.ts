import { gearyLocalMv, knn, leeLocal, moranLocal, type SumInference } from "driveshaft";
import { points } from "../data.js";
import { generator } from "../../test/support/random.js";
import type { BenchJob } from "../measure.js";

const SIZE = 100_000;
const K = 8;
const STOP = 10;

/** What ending locations early saves, where every draw is looked at: most locations are clear after a hundred draws. */
export const stopJob: BenchJob = {
  name: "stop",
  *rounds() {
    const { xs, ys, values: clustered } = points(SIZE, "uniform");
    const row = knn(xs, ys, { k: K });
    const unequal = { ...row, weights: Float64Array.from(row.neighbors, (_, q) => 1 + (q % K)) };
    // what is saved depends on how many locations are significant: half of them, and those that are by chance
    for (const [on, values] of Object.entries({ clustered, noise: clustered.map(generator(SIZE)) })) {
      const other = values.toReversed();
      const statistics: Record<string, (options: SumInference) => unknown> = {
        "geary_local_mv, 2 variables": (options) => gearyLocalMv([values, other], row, options),
        "moran_local, unequal weights": (options) => moranLocal(values, unequal, options),
        lee_local: (options) => leeLocal(values, other, row, options),
        "moran_local, independent draws": (options) => moranLocal(values, row, { ...options, draws: "independent" }),
      };
      for (const permutations of [999, 9999]) {
        for (const [statistic, ours] of Object.entries(statistics)) {
          const inference: SumInference = { inference: "permutation", permutations };
          yield {
            size: SIZE,
            options: { statistic, on, permutations, stop: STOP },
            repetitions: permutations > 999 ? 1 : 3,
            contestants: [
              { tool: "driveshaft", run: () => ours({ ...inference, stop: STOP }) },
              { tool: "all draws", run: () => ours(inference) },
            ],
          };
        }
      }
    }
  },
};
