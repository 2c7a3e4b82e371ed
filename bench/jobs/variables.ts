import { knn, moran, moranLocal } from "driveshaft";
import type { Task } from "#dist/compute/read-table.js";
import { pointFeatures, points } from "../data.js";
import type { BenchJob, Contestant } from "../measure.js";
import { jsgeoda, readMap } from "../peers/jsgeoda.js";
import { compute, inference, K, PERMUTATIONS, tasksOf } from "../tasks.js";

const VARIABLES = 50;
const REPETITIONS = 3;

/** Median milliseconds of some runs, after one that warms up. */
async function timeOf<Prepared>(
  prepare: () => Promise<Prepared>,
  run: (prepared: Prepared) => unknown,
): Promise<number> {
  const times = [];
  for (let turn = 0; turn <= REPETITIONS; turn++) {
    const prepared = await prepare();
    const since = performance.now();
    await run(prepared);
    if (turn > 0) times.push(performance.now() - since);
  }
  return times.sort((a, b) => a - b)[REPETITIONS >> 1]!;
}

/** Local Moran of many variables of the same places: a job's computing, beside a run for each. */
export const variablesJob: BenchJob = {
  name: "variables",
  async *rounds() {
    const { xs, ys, values } = points(100_000, "uniform");
    const names = Array.from({ length: VARIABLES }, (_, variable) => `v${variable}`);
    const variables = names.map((_, variable) => values.map((value, i) => value + Math.sin(variable + 9 * xs[i]!)));
    const columns = { x: xs, y: ys, ...Object.fromEntries(names.map((name, i) => [name, variables[i]!])) };
    const read = tasksOf(columns, { values: names });
    const readOne = tasksOf(columns, { value: names[0] });
    const geoda = await jsgeoda();
    const map = geoda.getKnnWeights(readMap(geoda, pointFeatures({ xs, ys, values })), K);
    const list = [...variables[0]!];

    const one = await timeOf(() => readOne(1), compute);
    const weights = await timeOf(
      () => Promise.resolve(),
      () => knn(xs, ys, { k: K }),
    );
    const times: number[] = [];
    const job = (tool: string, threads: number): Contestant<Task> => ({
      tool,
      prepare: () => read(threads),
      async run(task) {
        const since = performance.now();
        await compute(task);
        if (threads === 1) times.push(performance.now() - since);
      },
    });
    const options = { variables: VARIABLES, k: K, permutations: PERMUTATIONS };
    yield {
      size: xs.length,
      options,
      repetitions: REPETITIONS,
      contestants: [
        job("driveshaft", 1),
        job("2 threads", 2),
        {
          tool: "library",
          run() {
            const graph = knn(xs, ys, { k: K });
            return variables.map((each) => [
              moran(each, graph, { permutations: 0 }),
              moranLocal(each, graph, inference),
            ]);
          },
        },
        // a run for each takes minutes
        {
          tool: "jsgeoda",
          times: VARIABLES,
          run: () => geoda.localMoran(map, list, PERMUTATIONS, "lookup"),
        },
      ],
      readings: () => {
        const all = times.slice(1).sort((a, b) => a - b)[(times.length - 1) >> 1]!;
        const value = all / (one - weights);
        return [
          { job: "variables", size: xs.length, options, tool: "driveshaft", value, unit: "of one, less its weights" },
        ];
      },
    };
  },
};
