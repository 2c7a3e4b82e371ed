import { dbscan } from "driveshaft";
import { points } from "../data.js";
import type { BenchJob } from "../measure.js";
import { kdbushDbscan } from "../peers/kdbush-dbscan.js";

const MIN_POINTS = 5;

/** Neighbors of a point on average, where points are uniform. */
const NEIGHBORS = 10;

export const dbscanJob: BenchJob = {
  name: "dbscan",
  *rounds() {
    for (const size of [10_000, 100_000, 1_000_000]) {
      const eps = Math.sqrt(NEIGHBORS / Math.PI / size);
      for (const shape of ["uniform", "clustered"] as const) {
        const { xs, ys } = points(size, shape);
        const contestants = [
          { tool: "driveshaft", run: (): unknown => dbscan(xs, ys, { eps, minPoints: MIN_POINTS }) },
          { tool: "2 threads", run: (): unknown => dbscan(xs, ys, { eps, minPoints: MIN_POINTS, threads: 2 }) },
        ];
        // points of clusters have hundreds of neighbors
        if (shape === "uniform" || size < 1_000_000)
          contestants.push({ tool: "kdbush", run: () => kdbushDbscan(xs, ys, eps, MIN_POINTS) });
        // coordinates in, clusters and kinds out
        yield { size, options: { shape }, repetitions: 3, work: { bytes: size * (16 + 4 + 4) }, contestants };
      }
    }
  },
};
