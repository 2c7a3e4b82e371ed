import {
  gearyLocal,
  gearyLocalMv,
  getisOrdLocal,
  joinCountsLocal,
  knn,
  moranLocal,
  transform,
  type LocalInference,
} from "driveshaft";
import { pointFeatures, points } from "../data.js";
import type { BenchJob } from "../measure.js";
import { jsgeoda, readMap } from "../peers/jsgeoda.js";

const SIZE = 100_000;

/**
 * The local statistics beside jsgeoda, 999 permutations, one thread. Its lookup shares draws between locations, as we do by
 * default; its complete draws for each. It has no local statistics with unequal weights: ours stand beside its equal ones.
 */
export const localJob: BenchJob = {
  name: "local",
  async *rounds() {
    const data = points(SIZE, "uniform");
    const { xs, ys, values } = data;
    const row = knn(xs, ys, { k: 8 });
    const binary = transform(row, "B");
    const unequal = { ...row, weights: Float64Array.from(row.neighbors, (_, q) => 1 + (q % 8)) };
    const high = values.map((value) => Number(value > 0.7));
    const other = values.toReversed();
    const geoda = await jsgeoda();
    const map = geoda.getKnnWeights(readMap(geoda, pointFeatures(data)), 8);
    const inference: LocalInference = { permutations: 999, alternative: "directed" };
    const rounds: [statistic: string, ours: () => unknown, theirs: () => unknown][] = [
      [
        "getis_ord_local, star",
        () => getisOrdLocal(values, binary, { ...inference, star: true }),
        () => geoda.localGStar(map, [...values], 999, "lookup"),
      ],
      [
        "geary_local",
        () => gearyLocal(values, row, inference),
        () => geoda.localGeary(map, [...values], 999, "lookup"),
      ],
      [
        "geary_local_mv, 2 variables",
        () => gearyLocalMv([values, other], row, inference),
        () => geoda.localMultiGeary(map, [[...values], [...other]], 999, "lookup"),
      ],
      [
        "join_counts_local",
        () => joinCountsLocal(high, binary, inference),
        () => geoda.localJoinCount(map, [...high], 999, "lookup"),
      ],
      [
        "moran_local, unequal weights",
        () => moranLocal(values, unequal, inference),
        () => geoda.localMoran(map, [...values], 999, "lookup"),
      ],
    ];
    for (const [statistic, ours, theirs] of rounds) {
      yield {
        size: SIZE,
        options: { statistic },
        repetitions: 3,
        contestants: [
          { tool: "driveshaft", run: ours },
          { tool: "jsgeoda", run: theirs },
        ],
      };
    }
    // jsgeoda's runs out of memory at 100,000
    const few = points(10_000, "uniform");
    const fewWeights = knn(few.xs, few.ys, { k: 8 });
    const fewMap = geoda.getKnnWeights(readMap(geoda, pointFeatures(few)), 8);
    yield {
      size: few.values.length,
      options: { statistic: "moran_local, independent draws" },
      repetitions: 3,
      contestants: [
        {
          tool: "driveshaft",
          run: () => moranLocal(few.values, fewWeights, { ...inference, draws: "independent" }),
        },
        { tool: "jsgeoda", run: () => geoda.localMoran(fewMap, [...few.values], 999, "complete") },
      ],
    };
    yield {
      size: SIZE,
      options: { statistic: "moran_local, 3,999,999 permutations" },
      repetitions: 1,
      contestants: [{ tool: "driveshaft", run: () => moranLocal(values, row, { permutations: 3_999_999 }) }],
    };
  },
};
