import { mgwr } from "driveshaft";
import { generator } from "../../test/support/random.js";
import { points } from "../data.js";
import type { BenchJob } from "../measure.js";

const COVARIATES = 3;

/** Multiscale geographically weighted regression, with its hat matrix and without. */
export const mgwrJob: BenchJob = {
  name: "mgwr",
  *rounds() {
    for (const size of [250, 500, 1_000]) {
      const { xs, ys, values } = points(size, "uniform");
      const random = generator(size);
      const covariates = Array.from({ length: COVARIATES }, () => values.map(random));
      const y = values.map((value, i) => value + covariates[0]![i]! * xs[i]! + covariates[1]![i]!);
      const run = (threads: number, standardErrors: boolean) => () =>
        mgwr(y, covariates, xs, ys, { threads, standardErrors });
      yield {
        size,
        options: { covariates: COVARIATES },
        repetitions: 1,
        contestants: [
          { tool: "driveshaft", run: run(1, true) },
          { tool: "2 threads", run: run(2, true) },
          { tool: "without standard errors", run: run(1, false) },
        ],
      };
    }
  },
};
