import {
  gearyLocal,
  gearyLocalMv,
  getisOrdLocal,
  joinCountsLocal,
  knn,
  leeLocal,
  moranLocal,
  transform,
  type SumInference,
} from "driveshaft";
import { pointFeatures, points } from "../data.js";
import type { Work } from "../machine.js";
import type { BenchJob } from "../measure.js";
import { jsgeoda, readMap } from "../peers/jsgeoda.js";

const SIZE = 100_000;
const K = 8;
const PERMUTATIONS = 999;

/** Rows of the weights and values in, five columns of results out. */
const columns: Work = { bytes: SIZE * (4 + 4 * K + 8 + 5 * 8) };

/**
 * The local statistics beside jsgeoda. Its lookup shares draws between locations, as we do by default; its complete
 * draws for each. It has no local statistics with unequal weights: ours stand beside its equal ones.
 */
export const localJob: BenchJob = {
  name: "local",
  async *rounds() {
    const data = points(SIZE, "uniform");
    const { xs, ys, values } = data;
    const row = knn(xs, ys, { k: K });
    const binary = transform(row, "B");
    const unequal = { ...row, weights: Float64Array.from(row.neighbors, (_, q) => 1 + (q % K)) };
    const high = values.map((value) => Number(value > 0.7));
    const other = values.toReversed();
    const geoda = await jsgeoda();
    const map = geoda.getKnnWeights(readMap(geoda, pointFeatures(data)), K);
    const inference: SumInference = { inference: "permutation", permutations: PERMUTATIONS, alternative: "directed" };
    const products: Work = { adds: SIZE * PERMUTATIONS * K };
    type Ours = (options: SumInference) => unknown;
    const rounds: [statistic: string, ours: Ours, work: Work, theirs?: () => unknown][] = [
      [
        "moran_local",
        (options) => moranLocal(values, row, options),
        columns,
        () => geoda.localMoran(map, [...values], PERMUTATIONS, "lookup"),
      ],
      [
        "getis_ord_local, star",
        (options) => getisOrdLocal(values, binary, { ...options, star: true }),
        columns,
        () => geoda.localGStar(map, [...values], PERMUTATIONS, "lookup"),
      ],
      [
        "join_counts_local",
        (options) => joinCountsLocal(high, binary, options),
        columns,
        () => geoda.localJoinCount(map, [...high], PERMUTATIONS, "lookup"),
      ],
      [
        "geary_local",
        (options) => gearyLocal(values, row, options),
        columns,
        () => geoda.localGeary(map, [...values], PERMUTATIONS, "lookup"),
      ],
      [
        "geary_local_mv, 2 variables",
        (options) => gearyLocalMv([values, other], row, options),
        { adds: SIZE * PERMUTATIONS * 3 },
        () => geoda.localMultiGeary(map, [[...values], [...other]], PERMUTATIONS, "lookup"),
      ],
      [
        "moran_local, unequal weights",
        (options) => moranLocal(values, unequal, options),
        products,
        () => geoda.localMoran(map, [...values], PERMUTATIONS, "lookup"),
      ],
      ["lee_local", (options) => leeLocal(values, other, row, options), { adds: SIZE * PERMUTATIONS * 3 }],
    ];
    for (const [statistic, ours, work, theirs] of rounds) {
      yield {
        size: SIZE,
        options: { statistic, permutations: PERMUTATIONS },
        repetitions: 3,
        work,
        contestants: [
          { tool: "driveshaft", run: () => ours(inference) },
          { tool: "2 threads", run: () => ours({ ...inference, threads: 2 }) },
          ...(theirs ? [{ tool: "jsgeoda", run: theirs }] : []),
        ],
      };
    }
    // jsgeoda's runs out of memory at 100,000
    const few = points(10_000, "uniform");
    const fewWeights = knn(few.xs, few.ys, { k: K });
    const fewMap = geoda.getKnnWeights(readMap(geoda, pointFeatures(few)), K);
    const independent: SumInference = { ...inference, draws: "independent" };
    yield {
      size: few.values.length,
      options: { statistic: "moran_local, independent draws", permutations: PERMUTATIONS },
      repetitions: 3,
      // two ids to a number
      work: { numbers: (few.values.length * PERMUTATIONS * K) / 2 },
      contestants: [
        { tool: "driveshaft", run: () => moranLocal(few.values, fewWeights, independent) },
        { tool: "2 threads", run: () => moranLocal(few.values, fewWeights, { ...independent, threads: 2 }) },
        { tool: "jsgeoda", run: () => geoda.localMoran(fewMap, [...few.values], PERMUTATIONS, "complete") },
      ],
    };
    const many: SumInference = { inference: "permutation", permutations: 3_999_999 };
    yield {
      size: SIZE,
      options: { statistic: "moran_local", permutations: 3_999_999 },
      repetitions: 1,
      work: { numbers: 3_999_999 * (K + 1) },
      contestants: [
        { tool: "driveshaft", run: () => moranLocal(values, row, many) },
        { tool: "2 threads", run: () => moranLocal(values, row, { ...many, threads: 2 }) },
      ],
    };
  },
};
