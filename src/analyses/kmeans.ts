import * as z from "zod";
import { kmeans } from "../statistics/kmeans.js";
import { analysis, float8, int4 } from "./analysis.js";
import { place } from "./inputs.js";
import { greatCircle, seed } from "./parameters.js";

export const kmeansAnalysis = analysis({
  name: "kmeans",
  title: "k-means",
  description: "Points in k groups around their centers, the sum of squared distances as small as found.",
  version: 2,
  inputs: { place: place({ kind: "points" }) },
  options: {
    k: z.int().min(1).max(10_000).describe("number of clusters"),
    n_init: z.int().min(1).max(1000).default(10).describe("number of starts; the best is returned"),
    max_iterations: z.int().min(1).max(10_000).default(300).describe("iterations of a start at most"),
    seed,
    great_circle: greatCircle,
  },
  rows: "each",
  columns: {
    cluster_no: int4("number of the cluster, 0 the largest"),
    center_x: float8("x or longitude of its center"),
    center_y: float8("y or latitude of its center"),
    distance: float8("distance to the center, in units of the coordinates or metres"),
  },
  example: { of: "airports", parameters: { k: 3, great_circle: true } },
  size: "standard",
  cost: [["rows", "k", "n_init"]],
  run({ place }, options, { report }) {
    const { xs, ys } = place.points(options.great_circle, "great_circle");
    const { clusters, centerXs, centerYs, distances, inertia, iterations, converged } = kmeans(xs, ys, {
      k: options.k,
      nInit: options.n_init,
      maxIterations: options.max_iterations,
      seed: options.seed,
      greatCircle: options.great_circle,
      progress: (share) => report("clustering", share),
    });
    const sizes = new Array<number>(options.k).fill(0);
    for (const cluster of clusters) sizes[cluster]!++;
    return {
      columns: {
        cluster_no: clusters,
        center_x: Float64Array.from(clusters, (cluster) => centerXs[cluster]!),
        center_y: Float64Array.from(clusters, (cluster) => centerYs[cluster]!),
        distance: distances,
      },
      summary: { inertia, iterations, converged, sizes: sizes.slice(0, 100) },
      warnings: converged ? [] : [`not converged after max_iterations = ${options.max_iterations}`],
    };
  },
});
