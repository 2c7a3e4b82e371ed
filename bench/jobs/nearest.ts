import { nearest } from "driveshaft";
import { points } from "../data.js";
import type { BenchJob } from "../measure.js";
import { kdbushNearest } from "../peers/kdbush.js";

/** The nearest of a tenth as many targets, and the nearest eight. */
export const nearestJob: BenchJob = {
  name: "nearest",
  *rounds() {
    for (const size of [10_000, 100_000, 1_000_000]) {
      const { xs, ys } = points(size, "uniform");
      const { xs: targetXs, ys: targetYs } = points(size / 10, "uniform");
      for (const k of [1, 8]) {
        yield {
          size,
          options: { targets: size / 10, k },
          repetitions: 3,
          // coordinates in, indices and distances out
          work: { bytes: size * (16 + 12 * k) + (16 * size) / 10 },
          contestants: [
            { tool: "driveshaft", run: () => nearest(xs, ys, targetXs, targetYs, { k }) },
            { tool: "kdbush", run: () => kdbushNearest(xs, ys, targetXs, targetYs, k) },
          ],
        };
      }
    }
  },
};
