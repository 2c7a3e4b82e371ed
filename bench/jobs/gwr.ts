import { gwr, type GwrOptions } from "driveshaft";
import { generator } from "../../test/support/random.js";
import { points } from "../data.js";
import type { BenchJob } from "../measure.js";

const COVARIATES = 3;

/** Predictions at all locations by normal equations of the nearest k, as a loop in JavaScript has them. */
function normalEquations(y: Float64Array, covariates: Float64Array[], xs: Float64Array, ys: Float64Array, k: number) {
  const columns = [new Float64Array(y.length).fill(1), ...covariates];
  return y.map((_, i) => {
    const squares = xs.map((x, j) => (x - xs[i]!) ** 2 + (ys[j]! - ys[i]!) ** 2);
    const reach = squares.toSorted()[k - 1]! * 1.0000001 ** 2;
    const near = [...squares.keys()].filter((j) => squares[j]! < reach);
    const weight = near.map((j) => (1 - squares[j]! / reach) ** 2);
    const rows = columns.map((a) =>
      [...columns, y].map((b) => near.reduce((sum, j, q) => sum + weight[q]! * a[j]! * b[j]!, 0)),
    );
    const count = columns.length;
    for (let c = 0; c < count; c++) {
      for (let r = 0; r < count; r++) {
        if (r === c) continue;
        const factor = rows[r]![c]! / rows[c]![c]!;
        for (let j = c; j <= count; j++) rows[r]![j]! -= factor * rows[c]![j]!;
      }
    }
    return columns.reduce((sum, column, c) => sum + (column[i]! * rows[c]![count]!) / rows[c]![c]!, 0);
  });
}

/** Geographically weighted regression at one bandwidth, and the search for one. */
export const gwrJob: BenchJob = {
  name: "gwr",
  *rounds() {
    for (const [size, k] of [
      [3_000, 100],
      [30_000, 100],
      [100_000, 100],
      [500, 0],
      [1_000, 0],
      [2_000, 0],
    ] as const) {
      const { xs, ys, values } = points(size, "uniform");
      const random = generator(size);
      const covariates = Array.from({ length: COVARIATES }, () => values.map(random));
      const y = values.map((value, i) => value + covariates[0]![i]! * xs[i]! + covariates[1]![i]!);
      const options: GwrOptions = k > 0 ? { bandwidth: k } : {};
      const run = (threads: number) => () => gwr(y, covariates, xs, ys, { ...options, threads });
      yield {
        size,
        options: k > 0 ? { covariates: COVARIATES, bandwidth: k } : { covariates: COVARIATES, criterion: "AICc" },
        repetitions: 3,
        contestants: [
          { tool: "driveshaft", run: run(1) },
          { tool: "2 threads", run: run(2) },
          ...(size === 3_000 ? [{ tool: "JavaScript", run: () => normalEquations(y, covariates, xs, ys, k) }] : []),
        ],
      };
    }
  },
};
