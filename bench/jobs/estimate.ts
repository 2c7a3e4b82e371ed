import { analyses } from "#dist/analyses/index.js";
import { estimate } from "#dist/estimate/estimate.js";
import { parametersOf, secondsOf, startData } from "../estimates.js";
import type { BenchJob } from "../measure.js";

/** Estimates beside the times that they estimate, at settings other than those that they were made from. */
export const estimateJob: BenchJob = {
  name: "estimate",
  async *rounds() {
    const { server, client } = await startData();
    try {
      // what a worker that has run for a while has compiled
      const [first] = analyses;
      await secondsOf(server, first!, { rows: 10_000, parameters: parametersOf(first!, {}) });
      for (const analysis of analyses) {
        for (const rows of analysis.name === "correlogram" ? [5_000] : [5_000, 50_000]) {
          const given = { permutations: 499, k: 20, n_init: 3, weights: { type: "knn", k: 8 } };
          const parameters = parametersOf(analysis, given);
          const seconds = await secondsOf(server, analysis, { rows, parameters });
          const estimated = estimate(analysis, parameters, rows).seconds;
          if (estimated === null) throw new Error(`${analysis.name} was not calibrated`);
          const result = { job: "estimate", size: rows, options: { analysis: analysis.name } };
          yield {
            size: rows,
            options: result.options,
            repetitions: 0,
            contestants: [],
            readings: () => [
              { ...result, tool: "measured", value: seconds * 1000, unit: "ms" },
              { ...result, tool: "estimated", value: estimated * 1000, unit: "ms" },
              { ...result, tool: "ratio", value: Math.round((100 * estimated) / seconds), unit: "%" },
            ],
          };
        }
      }
    } finally {
      await client.end();
      await server.stop();
    }
  },
};
