import * as z from "zod";
import { criteria } from "../statistics/choose-k.js";
import { kmeans, kmeansColumns } from "../statistics/kmeans.js";
import type { Clusters, LloydOptions } from "../statistics/lloyd.js";
import { analysis, float8, int4, type Context, type Said } from "./analysis.js";
import { numberIfAny, place, several, withNames } from "./inputs.js";
import { byGiven } from "./outputs.js";
import { greatCircle, seed } from "./parameters.js";

/** Clusters that a summary lists at most. */
const LISTED = 100;

const MOST_CLUSTERS = 10_000;

const numberOfClusters = z
  .union([
    z.int().min(1).max(MOST_CLUSTERS).describe("number of clusters"),
    z
      .array(z.int().min(1).max(MOST_CLUSTERS).describe("a number of clusters"))
      .length(2)
      .describe("the least and the most clusters"),
  ])
  .describe(`number of clusters, 1 to ${MOST_CLUSTERS}; or the least and the most, as [2, 10], to choose among`);

const options = {
  k: numberOfClusters,
  criterion: z
    .enum(criteria)
    .default("silhouette")
    .describe("what chooses among several k: the largest mean silhouette, or the elbow of the inertia"),
  n_init: z.int().min(1).max(1000).default(10).describe("number of starts; the best is returned"),
  max_iterations: z.int().min(1).max(10_000).default(300).describe("iterations of a start at most"),
  seed,
};

/** What is declared of both results. */
const shared = {
  name: "kmeans",
  title: "k-means",
  description: "Places, or rows of numbers, in k groups around their centers, the squared distances as small as found.",
  version: 2,
  rows: "each" as const,
  size: "standard" as const,
  cost: [
    ["rows", "n_init"],
    ["rows", "k", "n_init"],
  ],
};

const weight = numberIfAny("column with the weight of a row, at least 0; default 1 each");
const clusterNo = int4("number of the cluster, 0 the largest");
const silhouette = float8("how much nearer the own cluster is than the next, -1 to 1, by squared distances");

const ofPlaces = analysis({
  ...shared,
  inputs: { place: place(), weight },
  options: { ...options, great_circle: greatCircle },
  columns: {
    cluster_no: clusterNo,
    center_x: float8("x or longitude of its center"),
    center_y: float8("y or latitude of its center"),
    distance: float8("distance to the center: in units of the coordinates, metres, or standard deviations"),
    silhouette,
  },
  example: { of: "airports", parameters: { k: 3, great_circle: true } },
  run({ place, weight }, options, context) {
    const { xs, ys } = place.points(options.great_circle, "great_circle");
    const found = kmeans(xs, ys, { ...lloydOptions(options, weight, context), greatCircle: options.great_circle });
    const { clusters, centerXs, centerYs } = found;
    return {
      columns: {
        cluster_no: clusters,
        center_x: Float64Array.from(clusters, (cluster) => centerXs[cluster]!),
        center_y: Float64Array.from(clusters, (cluster) => centerYs[cluster]!),
        distance: found.distances,
        silhouette: found.silhouettes!,
      },
      ...said(found, options),
    };
  },
});

const ofColumns = analysis({
  ...shared,
  inputs: { columns: withNames(several("columns of numbers that are clustered, instead of places", 1)), weight },
  options: {
    standardize: z
      .boolean()
      .default(true)
      .describe("subtract the mean of each of the columns and divide by its population standard deviation"),
    ...options,
  },
  columns: {
    cluster_no: clusterNo,
    center: float8("its center, in units of the column", { each: "columns" }),
    distance: float8("distance to the center: in units of the coordinates, metres, or standard deviations"),
    silhouette,
  },
  example: { of: "counties", parameters: { columns: ["income", "unemployment"], k: [2, 5] } },
  run({ columns: { names, values }, weight }, options, context) {
    const { standardize } = options;
    const found = kmeansColumns(values, { ...lloydOptions(options, weight, context), standardize, names });
    const { clusters, columnCenters, centers } = found;
    const { summary, warnings } = said(found, options);
    return {
      columns: {
        cluster_no: clusters,
        center: columnCenters.map((center) => Float64Array.from(clusters, (cluster) => center[cluster]!)),
        distance: found.distances,
        silhouette: found.silhouettes!,
      },
      summary: {
        ...summary,
        centers: listed(names, columnCenters),
        ...(standardize && { standardized_centers: listed(names, centers) }),
      },
      warnings,
    };
  },
});

export const kmeansAnalysis = byGiven("columns", ofPlaces, ofColumns);

type Options = z.infer<z.ZodObject<typeof options>>;

const lloydOptions = (options: Options, weights: Float64Array | undefined, { report }: Context): LloydOptions => ({
  k: options.k as LloydOptions["k"],
  criterion: options.criterion,
  weights,
  nInit: options.n_init,
  maxIterations: options.max_iterations,
  seed: options.seed,
  silhouettes: true,
  progress: (share) => report("clustering", share),
});

/** What is told of clusters of either. */
function said(found: Omit<Clusters, "centers">, options: Options): Said {
  const { k, clusters, scores, inertia, iterations, converged, silhouettes } = found;
  const sizes = new Array<number>(k).fill(0);
  for (const cluster of clusters) sizes[cluster]!++;
  const sum = silhouettes!.reduce((sum, value) => sum + value, 0);
  return {
    summary: {
      k,
      ...(scores.length > 0 && { criterion: options.criterion, scores }),
      inertia,
      silhouette: sum / clusters.length,
      iterations,
      converged,
      sizes: sizes.slice(0, LISTED),
    },
    warnings: converged ? [] : [`not converged after max_iterations = ${options.max_iterations}`],
  };
}

/** The first centers, by the names of their columns. */
const listed = (names: string[], centers: Float64Array[]): Record<string, number>[] =>
  Array.from(centers[0]!.subarray(0, LISTED), (_, cluster) =>
    Object.fromEntries(names.map((name, a) => [name, centers[a]![cluster]!])),
  );
