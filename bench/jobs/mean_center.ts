import { meanCenter } from "driveshaft";
import { points } from "../data.js";
import type { BenchJob } from "../measure.js";

/** Weiszfeld's iteration as textbooks have it, to steps of 1e-10. */
function weiszfeld(xs: Float64Array, ys: Float64Array): [x: number, y: number] {
  let [x, y] = [0.5, 0.5];
  for (let step = 1; step > 1e-10;) {
    let [sumX, sumY, sum] = [0, 0, 0];
    for (let i = 0; i < xs.length; i++) {
      const weight = 1 / Math.hypot(xs[i]! - x, ys[i]! - y);
      sumX += weight * xs[i]!;
      sumY += weight * ys[i]!;
      sum += weight;
    }
    step = Math.hypot(sumX / sum - x, sumY / sum - y);
    [x, y] = [sumX / sum, sumY / sum];
  }
  return [x, y];
}

/** Center, axes and median, beside a plain iteration for the median only. */
export const meanCenterJob: BenchJob = {
  name: "mean_center",
  *rounds() {
    for (const size of [10_000, 100_000, 1_000_000]) {
      for (const shape of ["uniform", "clustered"] as const) {
        const { xs, ys } = points(size, shape);
        yield {
          size,
          options: { what: "center", shape },
          repetitions: 3,
          // coordinates and weights: twice for the mean, three times for the axes, seven times for the median
          work: { bytes: 12 * 24 * size },
          contestants: [
            { tool: "driveshaft", run: () => meanCenter(xs, ys) },
            { tool: "weiszfeld", run: () => weiszfeld(xs, ys) },
          ],
        };
      }
    }
  },
};
