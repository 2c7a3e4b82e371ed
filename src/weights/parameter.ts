import * as z from "zod";
import { columnParameter } from "../table/kinds.js";
import { decays, MOST_STEPS } from "./cells.js";
import { kernelFunctions } from "./kernel.js";
import { transforms, type Transform } from "./transform.js";

/** The parameters that ask for weights; docs/weights.md explains them. */

export const greatCircle = z
  .boolean()
  .default(false)
  .describe("measure in metres along the sphere; coordinates are longitude and latitude");

const contiguity = (type: "queen" | "rook") =>
  z
    .strictObject({
      type: z.literal(type),
      order: z.int().min(1).max(100).default(1).describe("steps from neighbor to neighbor"),
      include_lower: z.boolean().default(false).describe("neighbors of lower order too"),
      snap: z
        .number()
        .min(0)
        .max(1e300)
        .default(0)
        .describe("vertices at most this far apart are one; 0 for exactly equal ones"),
    })
    .meta({ polygons: `weights of type ${type}` });

/** Not filled in where it is absent: there may be fewer than eight others. */
const k = z.int().min(1).max(1000).optional();

const distance = (description: string): z.ZodOptional<z.ZodNumber> =>
  z.number().gt(0).lt(1e300).optional().describe(description);

/** Columns that are looked for where none is named that has cells. */
export const CELL_NAMES = ["h3", "quadbin"];

/** Each kind of weights that is built from the rows. */
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
    column: columnParameter("label", "column of any type: rows with the same value are neighbors"),
  }),
  z
    .strictObject({
      type: z.literal("cells"),
      cell: columnParameter("cell", "column with ids of H3 or quadbin; default the id column", CELL_NAMES).optional(),
      k: z.int().min(1).max(MOST_STEPS).default(1).describe("steps from cell to cell"),
      decay: z.enum(decays).default("uniform").describe("how weights fall from ring to ring"),
    })
    .meta({ placeless: true }),
] as const;

const several = (type: "union" | "intersection" | "difference") =>
  z.strictObject({
    type: z.literal(type),
    of: z.array(z.discriminatedUnion("type", kinds)).min(2).max(10).describe("the weights to combine"),
  });

export const weightsParameter = z
  .discriminatedUnion("type", [
    ...kinds,
    several("union"),
    several("intersection"),
    several("difference"),
    z.strictObject({
      type: z.literal("query"),
      query: z
        .string()
        .min(1)
        .meta({
          description: "a SELECT of pairs: columns focal, neighbor and, if not 1, weight",
          table: { needed: { focal: "id", neighbor: "id" }, optional: { weight: "number" } },
        }),
    }),
  ])
  .optional()
  .describe(
    "who is whose neighbor: queen, rook, knn, distance_band, kernel, delaunay, gabriel, relative_neighbors, block, cells, union, intersection, difference, query; default queen for polygons, knn with k = 8 for points",
  );

/** Weights that are built from the rows. */
export type BuildableWeights = z.infer<(typeof kinds)[number]>;

export type WeightsParameter = z.infer<typeof weightsParameter>;

/** Whether a location counts among its own neighbors. */
export const selfParameter = z
  .boolean()
  .default(false)
  .describe("count a location among its own neighbors, as much as the heaviest of them");

export const transformParameter = (byDefault: Transform) =>
  z
    .enum(transforms)
    .default(byDefault)
    .describe(
      "standardisation of the weights: R by row, B binary, D over all, V variance-stabilising, O as they are built",
    );
