import { emergingHotSpots, knn, transform, type Weights } from "driveshaft";
import { points } from "../data.js";
import type { BenchJob } from "../measure.js";
import { generator } from "../../test/support/random.js";

const K = 8;
const STEPS_BACK = 1;

/** G* of every cell by its definition, and Mann-Kendall's S by all pairs of steps, in plain loops. */
function loops(values: Float64Array, { n, offsets, neighbors }: Weights): Float64Array {
  const steps = values.length / n;
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  const s = new Float64Array(n);
  const z = new Float64Array(steps);
  for (let i = 0; i < n; i++) {
    for (let t = 0; t < steps; t++) {
      let [sum, count] = [0, 0];
      for (let back = 0; back <= Math.min(t, STEPS_BACK); back++) {
        sum += values[i * steps + t - back]!;
        for (let q = offsets[i]!; q < offsets[i + 1]!; q++) sum += values[neighbors[q]! * steps + t - back]!;
        count += 1 + offsets[i + 1]! - offsets[i]!;
      }
      const spread = (values.length * count - count * count) / (values.length - 1);
      z[t] = (sum - count * mean) / (sd * Math.sqrt(spread));
    }
    for (let t = 0; t < steps; t++) for (let u = 0; u < t; u++) s[i]! += Math.sign(z[t]! - z[u]!);
  }
  return s;
}

/** Scores, trends and patterns of a cube, beside loops for the scores and S only. */
export const emergingHotSpotsJob: BenchJob = {
  name: "emerging_hot_spots",
  *rounds() {
    for (const [size, steps] of [
      [1000, 120],
      [10_000, 120],
      [100_000, 24],
    ] as const) {
      const { xs, ys } = points(size, "uniform");
      const weights = transform(knn(xs, ys, { k: K }), "B");
      const random = generator(size);
      const values = Float64Array.from({ length: size * steps }, () => Math.floor(-3 * Math.log(1 - random())));
      yield {
        size,
        options: { steps, k: K },
        repetitions: 3,
        // values in twice, neighbors and scores out
        work: { bytes: size * (steps * 24 + 4 * K), adds: size * steps * (K + 1) },
        contestants: [
          { tool: "driveshaft", run: () => emergingHotSpots(values, weights, { stepsBack: STEPS_BACK }) },
          { tool: "loops", run: () => loops(values, weights) },
        ],
      };
    }
  },
};
