import { kmeans as mlKmeans } from "ml-kmeans";
import { kmeans, kmeansColumns } from "driveshaft";
import { generator } from "../../test/support/random.js";
import { points } from "../data.js";
import type { BenchJob, Contestant, Round } from "../measure.js";

const ITERATIONS = 50;

/** Columns of numbers in 30 groups of which neighboring ones overlap. */
function attributes(n: number, d: number): Float64Array[] {
  const random = generator(n + d);
  const means = Array.from({ length: 30 * d }, () => 3 * random());
  const group = Int32Array.from({ length: n }, () => Math.floor(30 * random()));
  return Array.from({ length: d }, (_, a) =>
    Float64Array.from(group, (g) => means[g * d + a]! + random() + random() + random()),
  );
}

/** From the same centers, as many iterations. */
function round(columns: Float64Array[], k: number, shape: string, run: (centers: Float64Array) => unknown): Round {
  const size = columns[0]!.length;
  const isLarge = size > 100_000;
  const rows = isLarge ? [] : Array.from({ length: size }, (_, i) => columns.map((column) => column[i]!));
  const start = Array.from({ length: k }, (_, c) => columns.map((column) => column[(c * 97) % size]!));
  const centers = Float64Array.from(start.flat());
  const contestants: Contestant[] = [{ tool: "driveshaft", run: () => run(centers) }];
  if (!isLarge) {
    const options = { initialization: start, maxIterations: ITERATIONS, tolerance: 0 };
    contestants.push({ tool: "ml-kmeans", run: () => mlKmeans(rows, k, options) });
  }
  // coordinates are read and labels written, once
  const work = { bytes: size * (8 * columns.length + 4) };
  return { size, options: { shape, k, iterations: ITERATIONS }, repetitions: isLarge ? 2 : 3, work, contestants };
}

/** Places, rows of ten columns, and places as a job has them: seeds, ten starts, silhouettes. */
export const kmeansJob: BenchJob = {
  name: "kmeans",
  *rounds() {
    for (const size of [10_000, 100_000, 1_000_000]) {
      for (const shape of ["uniform", "clustered"] as const) {
        const { xs, ys } = points(size, shape);
        yield round([xs, ys], 100, shape, (centers) => kmeans(xs, ys, { k: 100, centers, maxIterations: ITERATIONS }));
      }
      const columns = attributes(size, 10);
      yield round(columns, 20, "ten columns", (centers) =>
        kmeansColumns(columns, { k: 20, centers, maxIterations: ITERATIONS, standardize: false }),
      );
      const { xs, ys } = points(size, "uniform");
      const starts = { k: 20, nInit: 10, maxIterations: ITERATIONS, silhouettes: true };
      yield {
        size,
        options: { shape: "uniform", k: 20, iterations: ITERATIONS, starts: 10 },
        repetitions: 2,
        contestants: [{ tool: "driveshaft", run: () => kmeans(xs, ys, starts) }],
      };
    }
  },
};
