import KDBush from "kdbush";
import { knn } from "driveshaft";
import { points } from "../data.js";
import type { BenchJob } from "../measure.js";
import { geodaCore } from "../peers/geoda.js";

/** A kdbush search for the k nearest: a radius that grows until it holds enough, then a sort, as geokdbush does on the sphere. */
function kdbushNearest(xs: Float64Array, ys: Float64Array, k: number): Int32Array {
  const n = xs.length;
  const index = new KDBush(n);
  for (let i = 0; i < n; i++) index.add(xs[i]!, ys[i]!);
  index.finish();
  const neighbors = new Int32Array(n * k);
  const start = Math.sqrt((2 * (k + 1)) / (Math.PI * n));
  for (let i = 0; i < n; i++) {
    let found: number[] = [];
    for (let radius = start; found.length <= k; radius *= 2) found = index.within(xs[i]!, ys[i]!, radius);
    const distance = (j: number): number => (xs[j]! - xs[i]!) ** 2 + (ys[j]! - ys[i]!) ** 2;
    found.sort((a, b) => distance(a) - distance(b));
    neighbors.set(found.slice(1, k + 1), i * k);
  }
  return neighbors;
}

export const knnJob: BenchJob = {
  name: "knn",
  async *rounds() {
    const core = await geodaCore();
    for (const size of [10_000, 100_000, 1_000_000]) {
      for (const shape of ["uniform", "clustered"] as const) {
        const { xs, ys } = points(size, shape);
        const contestants = [{ tool: "driveshaft", run: (): unknown => knn(xs, ys, { k: 8 }) }];
        // the radius search degenerates where density varies, so it runs on uniform points only
        if (shape === "uniform") contestants.push({ tool: "kdbush", run: () => kdbushNearest(xs, ys, 8) });
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
