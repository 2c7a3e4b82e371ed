import { knn, moran, moranLocal } from "driveshaft";
import type { Task } from "#dist/compute/read-table.js";
import { pointFeatures, points, type Points } from "../data.js";
import type { BenchJob, Contestant } from "../measure.js";
import { jsgeoda, readMap } from "../peers/jsgeoda.js";
import { compute, inference, K, PERMUTATIONS, tasksOf } from "../tasks.js";

const WARM_UP = 3;

/** The points of each group. */
function split({ xs, ys, values }: Points, groups: number): Points[] {
  return Array.from({ length: groups }, (_, group) => {
    const of = (all: Float64Array): Float64Array => all.filter((_, i) => i % groups === group);
    return { xs: of(xs), ys: of(ys), values: of(values) };
  });
}

/** The groups one after the other, by the library's own functions. */
function loop(parts: Points[]): unknown[] {
  return parts.map(({ xs, ys, values }) => {
    const weights = knn(xs, ys, { k: K });
    return [moran(values, weights, { permutations: 0 }), moranLocal(values, weights, inference)];
  });
}

/** Local Moran in each group: a job's computing, with one table for a result, beside loops over groups. */
export const groupsJob: BenchJob = {
  name: "groups",
  async *rounds() {
    const data = points(100_000, "uniform");
    const geoda = await jsgeoda();
    for (const groups of [1, 30, 3000]) {
      const { xs, ys, values } = data;
      const read = tasksOf({ x: xs, y: ys, v: values, g: values.map((_, i) => i % groups) }, { value: "v", by: ["g"] });
      const parts = split(data, groups);
      const features = parts.map(pointFeatures);
      const lists = parts.map(({ values }) => [...values]);
      const job = (tool: string, threads: number): Contestant => ({
        tool,
        // threads wait for a few seconds, which others take; new ones are as fast after some jobs
        async prepare() {
          for (let job = 0; job < WARM_UP; job++) await compute(await read(threads));
          return read(threads);
        },
        run: (task) => compute(task as Task),
      });
      yield {
        size: data.xs.length,
        options: { groups, k: K, permutations: PERMUTATIONS },
        repetitions: 3,
        contestants: [
          job("driveshaft", 1),
          job("2 threads", 2),
          { tool: "library", run: () => loop(parts) },
          {
            tool: "jsgeoda",
            prepare: () => features.map((each) => readMap(geoda, each)),
            run: (maps) =>
              (maps as string[]).map((map, group) =>
                geoda.localMoran(geoda.getKnnWeights(map, K), lists[group]!, PERMUTATIONS, "lookup"),
              ),
          },
        ],
      };
    }
  },
};
