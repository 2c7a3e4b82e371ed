import * as z from "zod";
import { corrections } from "../statistics/adjust-p.js";
import { MAX_PERMUTATIONS } from "../statistics/inference.js";
import { engines } from "../job/engines.js";
import { drawings } from "../statistics/crand.js";
import { alternatives, type Alternative } from "../statistics/pseudo-p.js";
import { kernelFunctions } from "../weights/kernel.js";
import { transforms, type Transform } from "../weights/transform.js";

/**
 * Parameters that analyses share. A parameter that names a column of the query says so in its metadata, which goes into
 * the JSON Schema of the catalogue: what the column must hold and which names are tried when the parameter is absent.
 */

export type ColumnKind = "id" | "geometry" | "number" | "label";

function column(kind: ColumnKind, description: string, defaults?: string[]): z.ZodString {
  return z
    .string()
    .min(1)
    .meta({ description, column: kind, ...(defaults && { defaults }) });
}

/** A column of numbers that an analysis needs. */
export const numberColumn = (description: string): z.ZodString => column("number", description);

/** Several columns of numbers. */
export const numberColumns = (description: string, least: number, most = 100): z.ZodArray<z.ZodString> =>
  z.array(column("number", "a column of numbers")).min(least).max(most).describe(description);

/** What identifies and places the rows. */
export const location = {
  id: column("id", "column that identifies the rows, unique and not null", ["cartodb_id", "id"]).optional(),
  geometry: column("geometry", "column with the places: geometry, geography, WKB or GeoJSON", [
    "the_geom",
    "geom",
    "geometry",
  ]).optional(),
  x: column("number", "column with the x coordinate or longitude, instead of geometry").optional(),
  y: column("number", "column with the y coordinate or latitude, instead of geometry").optional(),
};

export const greatCircle = z
  .boolean()
  .default(false)
  .describe("measure in metres along the sphere; coordinates are longitude and latitude");

const contiguity = (type: "queen" | "rook") =>
  z.strictObject({
    type: z.literal(type),
    order: z.int().min(1).max(100).default(1).describe("steps from neighbor to neighbor"),
    include_lower: z.boolean().default(false).describe("neighbors of lower order too"),
    snap: z
      .number()
      .min(0)
      .max(1e300)
      .default(0)
      .describe("vertices at most this far apart are one; 0 for exactly equal ones"),
  });

/** Not filled in where it is absent: there may be fewer than eight others. */
const k = z.int().min(1).max(1000).optional();

const distance = (description: string): z.ZodOptional<z.ZodNumber> =>
  z.number().gt(0).lt(1e300).optional().describe(description);

/** Each kind of weights that is built from the places; docs/weights.md explains them. */
const kinds = [
  contiguity("queen"),
  contiguity("rook"),
  z.strictObject({
    type: z.literal("knn"),
    k: k.describe("number of nearest neighbors; default 8, or all others where there are fewer"),
    symmetric: z.boolean().default(false).describe("where j is a neighbor of i, i is one of j too"),
    great_circle: greatCircle,
  }),
  z.strictObject({
    type: z.literal("distance_band"),
    threshold: distance("largest distance of neighbors; default: the smallest that leaves no island"),
    binary: z.boolean().default(true).describe("all neighbors alike; false for inverse distance"),
    power: z.number().gt(0).lt(100).default(1).describe("power of the inverse distance"),
    great_circle: greatCircle,
  }),
  z.strictObject({
    type: z.literal("kernel"),
    function: z.enum(kernelFunctions).default("triangular").describe("how weights fall with distance"),
    bandwidth: distance("distance at which weights end; default: that to the k-th neighbor"),
    k: k.describe("neighbors that the bandwidth reaches to, where it is not given; default as of knn"),
    adaptive: z
      .boolean()
      .default(true)
      .describe("each location has its own bandwidth; false for the largest of them for all"),
    diagonal: z
      .boolean()
      .default(false)
      .describe("each location has a weight for itself too, for statistics that take one"),
    great_circle: greatCircle,
  }),
  z.strictObject({ type: z.literal("delaunay") }),
  z.strictObject({ type: z.literal("gabriel") }),
  z.strictObject({ type: z.literal("relative_neighbors") }),
  z.strictObject({
    type: z.literal("block"),
    column: column("label", "column of any type: rows with the same value are neighbors"),
  }),
] as const;

const several = (type: "union" | "intersection" | "difference") =>
  z.strictObject({
    type: z.literal(type),
    of: z.array(z.discriminatedUnion("type", kinds)).min(2).max(10).describe("the weights to combine"),
  });

export const weights = z
  .discriminatedUnion("type", [
    ...kinds,
    several("union"),
    several("intersection"),
    several("difference"),
    z.strictObject({
      type: z.literal("query"),
      query: z.string().min(1).describe("a SELECT of pairs: columns focal, neighbor and, if not 1, weight"),
    }),
  ])
  .optional()
  .describe(
    "who is whose neighbor: queen, rook, knn, distance_band, kernel, delaunay, gabriel, relative_neighbors, block, union, intersection, difference, query; default queen for polygons, knn with k = 8 for points",
  );

/** Whether a location counts among its own neighbors. */
export const selfWeights = z
  .boolean()
  .default(false)
  .describe("count a location among its own neighbors, as much as the heaviest of them");

/** Weights that are built from the places. */
export type BuildableWeights = z.infer<(typeof kinds)[number]>;

export type WeightsParameter = z.infer<typeof weights>;

/** The columns that weights of type block name, alone or combined with others. */
export function blockColumns(parameter: WeightsParameter): string[] {
  const all = parameter && "of" in parameter ? parameter.of : [parameter];
  return [...new Set(all.flatMap((each) => (each?.type === "block" ? [each.column] : [])))];
}

/** What parameters ask for that needs polygons: kinds of weights, alone or combined, or orders of contiguity. */
export function contiguities({ weights, by }: Record<string, unknown>): string[] {
  const parameter = weights as WeightsParameter;
  const all = parameter && "of" in parameter ? parameter.of : [parameter];
  const types = all.flatMap((each) =>
    each?.type === "queen" || each?.type === "rook" ? [`weights of type ${each.type}`] : [],
  );
  return [...types, ...(by === "order" ? ["by order"] : [])];
}

export const seed = z
  .int()
  .min(0)
  .max(Number.MAX_SAFE_INTEGER)
  .default(12345)
  .describe("seed of the random numbers; same seed, same result");

export const alternative = (byDefault: Alternative = "two-sided") =>
  z
    .enum(alternatives)
    .default(byDefault)
    .describe("tail of the pseudo p-value; directed is the smaller tail, as crankshaft and GeoDa print");

export const transform = (byDefault: Transform) =>
  z
    .enum(transforms)
    .default(byDefault)
    .describe(
      "standardisation of the weights: R by row, B binary, D over all, V variance-stabilising, O as they are built",
    );

export const permutations = (byDefault: number): z.ZodDefault<z.ZodInt> =>
  z.int().min(0).max(MAX_PERMUTATIONS).default(byDefault).describe("number of permutations; 0 for none");

export const significance = z.number().gt(0).lt(1).default(0.05).describe("largest adjusted p-value of a cluster");

export const correction = z
  .enum(corrections)
  .default("none")
  .describe(
    "for testing many locations: none, fdr (Benjamini and Hochberg), fdr_by (Benjamini and Yekutieli), bonferroni",
  );

export const draws = z
  .enum(drawings)
  .default("shared")
  .describe("shared: all locations use one table of draws; independent: each has its own, which takes much longer");

/** What every local statistic with conditional permutation inference has. */
export const localInference = (byDefault?: Alternative) => ({
  permutations: permutations(9999),
  seed,
  alternative: alternative(byDefault),
  draws,
  significance,
  correction,
});

export const globalInferenceParameters = { permutations: permutations(999), seed, alternative: alternative() };

/** Events and the base that they happen in; rows without a base are not used. */
export const rateColumns = {
  events: numberColumn("column with the events, such as deaths; at least 0"),
  base: numberColumn("column with what they happen in, such as births; rows where it is 0 are undefined"),
};

export const hasBase = ({ base }: Record<string, Float64Array>, row: number): boolean => base![row] !== 0;

/** What every job may have, whatever its analysis; docs/jobs.md explains them. */
export const jobParameters = {
  engine: z
    .enum(engines)
    .optional()
    .describe("who runs a job of the queue: a worker, or a function on AWS Lambda; default by role or installation"),
  overwrite: z.boolean().default(false).describe("replace the target, if it is a result of one's own"),
  timeout: z.int().min(1).max(604_800).optional().describe("seconds the job may take; default and limit by role"),
  row_limit: z
    .int()
    .min(1)
    .max(2_000_000_000)
    .optional()
    .describe("rows the query may return, and a query of weights; default and limit by role"),
  memory_limit: z
    .int()
    .min(64)
    .max(1_048_576)
    .optional()
    .describe("MB of memory that the job may add to the worker's; default and limit by role or machine"),
};

/** What jobs with a result row for every row read may have besides. */
export const include = z
  .array(z.string().min(1))
  .default([])
  .describe("columns of the query to carry into the result as they are, of any type");
