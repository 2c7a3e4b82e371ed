import * as z from "zod";
import { hdbscan, selections } from "../statistics/hdbscan.js";
import { NULL_INT4 } from "../table/column.js";
import { analysis, float8, int4 } from "./analysis.js";
import { place } from "./inputs.js";
import { greatCircle } from "./parameters.js";

export const hdbscanAnalysis = analysis({
  name: "hdbscan",
  title: "HDBSCAN",
  description: "Clusters of any shape and density, as they last in a hierarchy, and noise between them.",
  version: 1,
  inputs: { place: place({ kind: "points" }) },
  options: {
    min_cluster_size: z.int().min(2).max(2_000_000_000).default(5).describe("points of a cluster at least"),
    min_samples: z
      .int()
      .min(1)
      .max(2_000_000_000)
      .optional()
      .describe("the core distance is that to so many points, the point itself among them; default min_cluster_size"),
    selection: z
      .enum(selections)
      .default("eom")
      .describe("which clusters of the hierarchy: eom, the most stable ones; leaf, those that hold no others"),
    great_circle: greatCircle,
  },
  rows: "each",
  columns: {
    cluster_no: int4("number of the cluster, 0 the largest; null for noise"),
    probability: float8("how far the point is in its cluster, up to 1; 0 for noise"),
    outlier_score: float8("how far it is out of what is densest near it, 0 to 1 (GLOSH)"),
  },
  leastRows: 1,
  example: { of: "airports", parameters: { min_cluster_size: 3, min_samples: 2, great_circle: true } },
  size: "standard",
  run({ place }, options, { n, report }) {
    const { xs, ys } = place.points(options.great_circle, "great_circle");
    const { clusters, probabilities, outlierScores, sizes } = hdbscan(xs, ys, {
      minClusterSize: options.min_cluster_size,
      minSamples: options.min_samples,
      selection: options.selection,
      greatCircle: options.great_circle,
      progress: (share) => report("clustering", share),
    });
    const clustered = sizes.reduce((sum, size) => sum + size, 0);
    const none =
      n < options.min_cluster_size
        ? `all ${n} points are noise: a cluster has ${options.min_cluster_size}`
        : `all ${n} points are noise: nowhere does the whole fall into two clusters of ${options.min_cluster_size}`;
    return {
      columns: {
        cluster_no: clusters.map((cluster) => (cluster >= 0 ? cluster : NULL_INT4)),
        probability: probabilities,
        outlier_score: outlierScores,
      },
      summary: { clusters: sizes.length, noise: n - clustered, sizes: [...sizes.subarray(0, 100)] },
      warnings: sizes.length > 0 ? [] : [none],
    };
  },
});
