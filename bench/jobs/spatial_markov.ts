import { knn, spatialMarkov, type Weights } from "driveshaft";
import { generator } from "../../test/support/random.js";
import { points } from "../data.js";
import type { BenchJob } from "../measure.js";

const PERIODS = 10;
const CLASSES = 5;
const K = 8;

/** The counts of transitions by the class of the lag, as one would write them. */
function counted(periods: Float64Array[], { offsets, neighbors }: Weights): Float64Array {
  const counts = new Float64Array(CLASSES ** 3);
  const classesOf = (values: Float64Array): Int32Array => {
    const sorted = values.toSorted();
    const edges = [1, 2, 3, 4].map((q) => sorted[Math.floor((q * (values.length - 1)) / CLASSES)]!);
    return Int32Array.from(values, (value) => edges.filter((edge) => edge < value).length);
  };
  const lagOf = (values: Float64Array): Float64Array =>
    values.map((_, i) => {
      let sum = 0;
      for (let q = offsets[i]!; q < offsets[i + 1]!; q++) sum += values[neighbors[q]!]!;
      return sum / (offsets[i + 1]! - offsets[i]!);
    });
  const classes = periods.map(classesOf);
  for (let t = 0; t + 1 < periods.length; t++) {
    const lags = classesOf(lagOf(periods[t]!));
    for (let i = 0; i < lags.length; i++)
      counts[(lags[i]! * CLASSES + classes[t]![i]!) * CLASSES + classes[t + 1]![i]!]!++;
  }
  return counts;
}

/** Classes, transitions and what follows from them, beside the counts alone in JavaScript. */
export const spatialMarkovJob: BenchJob = {
  name: "spatial_markov",
  *rounds() {
    for (const size of [10_000, 100_000, 1_000_000]) {
      const { xs, ys, values } = points(size, "uniform");
      const random = generator(size);
      const periods = Array.from({ length: PERIODS }, () => values.map((value) => value + random()));
      const weights = knn(xs, ys, { k: K });
      yield {
        size,
        options: { periods: PERIODS, classes: CLASSES, k: K },
        repetitions: 3,
        // each period: the neighbors, and values, lags and classes in and out
        work: { bytes: PERIODS * size * (4 * K + 32) },
        contestants: [
          { tool: "driveshaft", run: () => spatialMarkov(periods, weights, { k: CLASSES }) },
          { tool: "plain JavaScript", run: () => counted(periods, weights) },
        ],
      };
    }
  },
};
