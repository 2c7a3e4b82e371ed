import * as z from "zod";
import { dbscan, pointKinds } from "../statistics/dbscan.js";
import { NULL_INT4 } from "../table/column.js";
import { analysis, int4, text } from "./analysis.js";
import { place } from "./inputs.js";
import { greatCircle } from "./parameters.js";

/** Points from which on threads are worth their start. */
const WORTH_THREADS = 300_000;

export const dbscanAnalysis = analysis({
  name: "dbscan",
  title: "DBSCAN",
  description: "Clusters of any shape where points lie densely, and noise between them.",
  version: 1,
  inputs: { place: place({ kind: "points" }) },
  options: {
    eps: z
      .number()
      .gt(0)
      .lt(1e300)
      .describe("distance within which points are near each other, in units of the coordinates or metres"),
    min_points: z
      .int()
      .min(1)
      .max(2_000_000_000)
      .default(5)
      .describe("points within eps that make a core point, itself among them"),
    great_circle: greatCircle,
  },
  rows: "each",
  columns: {
    cluster_no: int4("number of the cluster, 0 the largest; null for noise"),
    kind: text("core, border, which is near a core point but none itself, or noise"),
  },
  leastRows: 1,
  example: { of: "airports", parameters: { eps: 90_000, min_points: 3, great_circle: true } },
  size: "standard",
  run({ place }, { eps, min_points: minPoints, great_circle: greatCircle }, { n, threads, report }) {
    const { xs, ys } = place.points(greatCircle, "great_circle");
    const progress = (share: number): void => report("clustering", share);
    const { clusters, kinds, sizes } = dbscan(xs, ys, {
      eps,
      minPoints,
      greatCircle,
      threads: n >= WORTH_THREADS ? threads : 1,
      progress,
    });
    const clustered = sizes.reduce((sum, size) => sum + size, 0);
    return {
      columns: {
        cluster_no: clusters.map((cluster) => (cluster >= 0 ? cluster : NULL_INT4)),
        kind: { codes: kinds, labels: [...pointKinds] },
      },
      summary: { clusters: sizes.length, noise: n - clustered, sizes: [...sizes.subarray(0, 100)] },
      warnings: sizes.length > 0 ? [] : [`all ${n} points are noise: none has ${minPoints} within eps = ${eps}`],
    };
  },
});
