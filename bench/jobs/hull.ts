import { polygonHull } from "d3-polygon";
import { convexHull } from "driveshaft";
import { points } from "../data.js";
import type { BenchJob } from "../measure.js";

/** Convex hulls of points nearly all of which lie inside, and of points that are all vertices. */
export const hullJob: BenchJob = {
  name: "hull",
  *rounds() {
    for (const size of [10_000, 100_000, 1_000_000]) {
      for (const shape of ["uniform", "clustered", "circle"] as const) {
        const { xs, ys } = shape === "circle" ? circle(size) : points(size, shape);
        const pairs = Array.from(xs, (x, i): [number, number] => [x, ys[i]!]);
        yield {
          size,
          options: { what: "hull", shape },
          repetitions: 3,
          // coordinates, once
          work: { bytes: 16 * size },
          contestants: [
            { tool: "driveshaft", run: () => convexHull(xs, ys) },
            { tool: "d3-polygon", run: () => polygonHull(pairs) },
          ],
        };
      }
    }
  },
};

function circle(n: number): { xs: Float64Array; ys: Float64Array } {
  const { xs: turns } = points(n, "uniform");
  return {
    xs: turns.map((turn) => Math.cos(2 * Math.PI * turn)),
    ys: turns.map((turn) => Math.sin(2 * Math.PI * turn)),
  };
}
