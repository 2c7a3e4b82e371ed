import * as z from "zod";
import { DriveshaftError } from "../errors.js";
import { POLYGON } from "../geometry/geometry.js";
import { kmeans } from "../statistics/kmeans.js";
import { places } from "../weights/build.js";
import { analysis } from "./analysis.js";
import { greatCircle, location, seed } from "./parameters.js";

export const kmeansAnalysis = analysis({
  name: "kmeans",
  title: "k-means",
  description: "Points in k groups around their centers, the sum of squared distances as small as found.",
  version: 1,
  parameters: z.strictObject({
    k: z.int().min(1).max(10_000).describe("number of clusters"),
    ...location,
    n_init: z.int().min(1).max(1000).default(10).describe("number of starts; the best is returned"),
    max_iterations: z.int().min(1).max(10_000).default(300).describe("iterations of a start at most"),
    seed,
    great_circle: greatCircle,
  }),
  rows: "each",
  size: "standard",
  columns: [
    { name: "cluster_no", type: "int4", description: "number of the cluster, 0 the largest" },
    { name: "center_x", type: "float8", description: "x or longitude of its center" },
    { name: "center_y", type: "float8", description: "y or latitude of its center" },
    { name: "distance", type: "float8", description: "distance to the center, in units of the coordinates or metres" },
  ],
  run(input, p, report) {
    if (input.geometry.kinds.includes(POLYGON)) {
      throw new DriveshaftError("INVALID_GEOMETRY", "kmeans needs points, but some rows have polygons", {
        hint: "Use ST_PointOnSurface(geom) or ST_Centroid(geom) in the query.",
      });
    }
    const { xs, ys } = places(input, p.great_circle, "great_circle");
    const result = kmeans(xs, ys, {
      k: p.k,
      nInit: p.n_init,
      maxIterations: p.max_iterations,
      seed: p.seed,
      greatCircle: p.great_circle,
      progress: (share) => report("clustering", share),
    });
    const sizes = new Array<number>(p.k).fill(0);
    for (const cluster of result.clusters) sizes[cluster]!++;
    return {
      columns: {
        cluster_no: { type: "int4", values: result.clusters },
        center_x: {
          type: "float8",
          values: Float64Array.from(result.clusters, (cluster) => result.centerXs[cluster]!),
        },
        center_y: {
          type: "float8",
          values: Float64Array.from(result.clusters, (cluster) => result.centerYs[cluster]!),
        },
        distance: { type: "float8", values: result.distances },
      },
      summary: {
        inertia: result.inertia,
        iterations: result.iterations,
        converged: result.converged,
        sizes: sizes.slice(0, 100),
      },
      warnings: result.converged ? [] : [`not converged after max_iterations = ${p.max_iterations}`],
    };
  },
});
