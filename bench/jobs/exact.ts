import { getisOrdLocal, joinCountsLocal, knn, moranLocal, transform, type SumInference } from "driveshaft";
import { exactSums } from "#dist/statistics/exact.js";
import { ofLags } from "#dist/statistics/rounding.js";
import { standardised } from "#dist/statistics/standardise.js";
import { pointFeatures, points } from "../data.js";
import type { BenchJob, Contestant } from "../measure.js";
import { jsgeoda, readMap } from "../peers/jsgeoda.js";

const K = 8;
const exact: SumInference = { inference: "exact" };
const drawn = (permutations: number): SumInference => ({ inference: "permutation", permutations });

/** Exact inference beside draws: ours, and jsgeoda's, the fastest of others. */
export const exactJob: BenchJob = {
  name: "exact",
  async *rounds() {
    for (const size of [10_000, 100_000, 1_000_000]) {
      const data = points(size, "uniform");
      const { xs, ys, values } = data;
      const row = knn(xs, ys, { k: K });
      const binary = transform(row, "B");
      const high = values.map((value) => Number(value > 0.7));
      const standard = standardised(values);
      const rounding = ofLags(row, standard);
      yield {
        size,
        options: { what: "kernel and tables", k: K },
        repetitions: 5,
        work: { bytes: size * (4 + 4 * K + 8 + 3 * 8) },
        contestants: [{ tool: "driveshaft", run: () => exactSums(standard.z, standard, row, rounding, () => {}) }],
      };
      const geoda = size > 100_000 ? undefined : await jsgeoda();
      const map = geoda?.getKnnWeights(readMap(geoda, pointFeatures(data)), K);
      type Ours = (options: SumInference) => unknown;
      type Theirs = (permutations: number) => unknown;
      const statistics: [statistic: string, ours: Ours, theirs: Theirs][] = [
        [
          "moran_local",
          (options) => moranLocal(values, row, options),
          (permutations) => geoda!.localMoran(map!, [...values], permutations, "lookup"),
        ],
        [
          "getis_ord_local, star",
          (options) => getisOrdLocal(values, binary, { ...options, star: true }),
          (permutations) => geoda!.localGStar(map!, [...values], permutations, "lookup"),
        ],
        [
          "join_counts_local",
          (options) => joinCountsLocal(high, binary, options),
          (permutations) => geoda!.localJoinCount(map!, [...high], permutations, "lookup"),
        ],
      ];
      for (const [statistic, ours, theirs] of statistics) {
        const peers: Contestant[] = geoda ? [{ tool: "jsgeoda, 999", run: () => theirs(999) }] : [];
        yield {
          size,
          options: { statistic, k: K },
          repetitions: 3,
          contestants: [
            { tool: "exact", run: () => ours(exact) },
            { tool: "draws, 999", run: () => ours(drawn(999)) },
            { tool: "draws, 9999", run: () => ours(drawn(9999)) },
            ...peers,
          ],
        };
      }
    }
  },
};
