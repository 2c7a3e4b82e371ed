import { classify } from "driveshaft";
import { generator, uniform } from "../../test/support/random.js";
import type { BenchJob } from "../measure.js";

const CLASSES = 7;

/** Natural breaks, exact, and quantiles of numbers that are all distinct. */
export const classifyJob: BenchJob = {
  name: "classify",
  *rounds() {
    for (const size of [10_000, 100_000, 1_000_000]) {
      const values = uniform(size, generator(size)).map((value) => 1 / (0.01 + value));
      for (const [what, method] of [
        ["natural breaks", "jenks"],
        ["quantiles", "quantile"],
      ] as const) {
        yield {
          size,
          options: { what, classes: CLASSES },
          repetitions: 3,
          contestants: [{ tool: "driveshaft", run: () => classify(values, { method, k: CLASSES }) }],
        };
      }
    }
  },
};
