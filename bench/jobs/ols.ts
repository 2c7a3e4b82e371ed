import { knn, ols } from "driveshaft";
import { generator } from "../../test/support/random.js";
import { points } from "../data.js";
import type { BenchJob } from "../measure.js";

const COVARIATES = 5;

/** Coefficients by the normal equations, as textbooks have them. */
function normalEquations(y: Float64Array, covariates: Float64Array[]): number[] {
  const columns = [new Float64Array(y.length).fill(1), ...covariates];
  const rows = columns.map((a) => [...columns, y].map((b) => a.reduce((sum, value, i) => sum + value * b[i]!, 0)));
  const k = columns.length;
  for (let c = 0; c < k; c++) {
    for (let r = 0; r < k; r++) {
      if (r === c) continue;
      const factor = rows[r]![c]! / rows[c]![c]!;
      for (let j = c; j <= k; j++) rows[r]![j]! -= factor * rows[c]![j]!;
    }
  }
  return rows.map((row, c) => row[k]! / row[c]!);
}

/** Least squares with all tests, beside coefficients alone. */
export const olsJob: BenchJob = {
  name: "ols",
  *rounds() {
    for (const size of [10_000, 100_000, 1_000_000]) {
      const { xs, ys, values } = points(size, "uniform");
      const random = generator(size);
      const covariates = Array.from({ length: COVARIATES }, (_, j) =>
        values.map((value, i) => random() + (j % 2 === 0 ? value : xs[i]!)),
      );
      const weights = knn(xs, ys, { k: 8 });
      const k = COVARIATES + 1;
      // White's basis: each pair of columns, twice, each product read and written
      const columns = k + (k * (k - 1)) / 2;
      yield {
        size,
        options: { covariates: COVARIATES, k: 8 },
        repetitions: 3,
        work: { bytes: 8 * size * 2 * columns ** 2 },
        contestants: [
          { tool: "driveshaft", run: () => ols(values, covariates, { weights }) },
          { tool: "without weights", run: () => ols(values, covariates) },
          { tool: "normal equations", run: () => normalEquations(values, covariates) },
        ],
      };
    }
  },
};
