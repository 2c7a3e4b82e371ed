import { knn } from "driveshaft";
import { points } from "../data.js";
import type { BenchJob } from "../measure.js";
import { geodaCore } from "../peers/geoda.js";
import { kdbushNearest } from "../peers/kdbush.js";

export const knnJob: BenchJob = {
  name: "knn",
  async *rounds() {
    const core = await geodaCore();
    for (const size of [10_000, 100_000, 1_000_000]) {
      for (const shape of ["uniform", "clustered"] as const) {
        const { xs, ys } = points(size, shape);
        const contestants = [{ tool: "driveshaft", run: (): unknown => knn(xs, ys, { k: 8 }) }];
        // the radius search degenerates where density varies, so it runs on uniform points only
        if (shape === "uniform") contestants.push({ tool: "kdbush", run: () => kdbushNearest(xs, ys, xs, ys, 9) });
        if (size <= 100_000) {
          const geometries = Array.from(xs, (x, i) => ({
            type: "Feature",
            properties: {},
            geometry: { type: "Point", coordinates: [x, ys[i]] },
          }));
          contestants.push({
            tool: "@geoda/core",
            run: () => core.createWeights({ weightsType: "knn", k: 8, geometries }),
          });
        }
        // coordinates in, neighbors out
        yield { size, options: { shape, k: 8 }, repetitions: 3, work: { bytes: size * (16 + 4 * 8 + 4) }, contestants };
      }
    }
  },
};
