import { segment } from "driveshaft";
import { generator } from "../../test/support/random.js";
import type { BenchJob } from "../measure.js";

const COVARIATES = 10;
const TREES = 20;

/** The best split of all rows by one covariate, sorted anew, as it is at each node of a plain tree. */
function bestSplit(values: Float64Array, residuals: Float64Array, rows: number[]): number {
  const sorted = rows.toSorted((a, b) => values[a]! - values[b]!);
  const total = sorted.reduce((sum, i) => sum + residuals[i]!, 0);
  let [best, at, left] = [0, NaN, 0];
  for (let q = 1; q < sorted.length; q++) {
    left += residuals[sorted[q - 1]!]!;
    const [low, high] = [values[sorted[q - 1]!]!, values[sorted[q]!]!];
    const gain = left ** 2 / q + (total - left) ** 2 / (sorted.length - q);
    if (low < high && gain > best) [best, at] = [gain, (low + high) / 2];
  }
  return at;
}

/** A tree of three levels by sorting at every node, in plain JavaScript. */
function plainTree(columns: Float64Array[], residuals: Float64Array, rows: number[], depth: number): number {
  if (depth === 0 || rows.length < 2) return 1;
  const splits = columns.map((values) => bestSplit(values, residuals, rows));
  const [values, at] = [columns[0]!, splits[0]!];
  const parts = [rows.filter((i) => values[i]! <= at), rows.filter((i) => values[i]! > at)];
  return parts.reduce((sum, part) => sum + plainTree(columns, residuals, part, depth - 1), 1);
}

/** Trees of three levels, each of half of the rows, and what they say of all rows; beside as many plain trees. */
export const segmentJob: BenchJob = {
  name: "segment",
  *rounds() {
    for (const size of [1000, 10_000, 100_000]) {
      const random = generator(size);
      const columns = Array.from({ length: COVARIATES }, () => Float64Array.from({ length: size }, random));
      const y = columns[0]!.map((value, i) => Math.sin(6 * value) + columns[1]![i]! ** 2 + 0.3 * random());
      const half = Array.from({ length: size / 2 }, (_, i) => 2 * i);
      yield {
        size,
        options: { covariates: COVARIATES, trees: TREES },
        repetitions: 3,
        // each level of a tree reads rows and values of each covariate, and residuals
        work: { bytes: TREES * (size / 2) * COVARIATES * 3 * 20 },
        contestants: [
          { tool: "driveshaft", run: () => segment(y, columns, { nEstimators: TREES, heldOut: 0 }) },
          { tool: "sorting at each node", times: TREES, run: () => plainTree(columns, y, half, 3) },
        ],
      };
    }
  },
};
