import * as z from "zod";
import { rectangleGrid } from "../cells/rectangle.js";
import { DriveshaftError } from "../errors.js";
import type { ConvexRegion } from "../geometry/convex-region.js";
import { buildGeometry, type Geometry } from "../geometry/geometry.js";
import { placesLike } from "../geometry/place.js";
import { averagedWarning } from "../geometry/tin.js";
import {
  barycentric,
  idw,
  IDW_NEIGHBORS,
  MOST_NEIGHBORS,
  MOST_POWER,
  nearestMean,
  type Samples,
  type Targets,
} from "../statistics/interpolate.js";
import { analysis, float8, geometry, text, type Context, type Said } from "./analysis.js";
import { extent, regionOf } from "./extent.js";
import type { Example } from "./example.js";
import { number, place } from "./inputs.js";
import { byGiven } from "./outputs.js";
import { greatCircle } from "./parameters.js";
import { optionalTable } from "./tables.js";

/** Cells of a grid at most. */
const MOST_CELLS = 4_000_000;

/** Cells along the longer side of an extent where no size is asked for. */
const ALONG = 256;

/** What says how values are interpolated. */
export const interpolation = {
  method: z
    .enum(["idw", "nearest", "barycentric"])
    .default("idw")
    .describe(
      "idw, the nearest rows weighted by inverse distances; nearest, their mean; barycentric, linear in Delaunay triangles, null outside the hull",
    ),
  power: z
    .number()
    .gt(0)
    .max(MOST_POWER)
    .optional()
    .describe("with idw: power of the distance by which weights fall; default 2"),
  neighbors: z
    .union([z.int().min(1).max(MOST_NEIGHBORS), z.enum(["all"])])
    .optional()
    .describe(
      `with idw or nearest: how many of the nearest rows count, or all; default ${IDW_NEIGHBORS} with idw, 1 with nearest`,
    ),
  great_circle: greatCircle,
};

export type Interpolation = z.infer<z.ZodObject<typeof interpolation>>;

/**
 * Values at targets, and what is to be said of them.
 * @throws INVALID_PARAMETER where a parameter does not go with the method
 */
export function interpolated(
  samples: Samples,
  targets: Targets,
  { method, power, neighbors, great_circle: greatCircle }: Interpolation,
  { report }: Pick<Context, "report">,
): Said & { predicted: Float64Array } {
  if (power !== undefined && method !== "idw") throw without("power", method);
  const progress = (share: number): void => report("interpolation", share);
  if (method === "idw") return { predicted: idw(samples, targets, { power, neighbors, greatCircle, progress }) };
  if (method === "nearest") return { predicted: nearestMean(samples, targets, { neighbors, greatCircle, progress }) };
  if (neighbors !== undefined) throw without("neighbors", method);
  if (greatCircle) throw without("great_circle", method);
  const { predicted, tin } = barycentric(samples, targets);
  const outside = predicted.reduce((count, value) => count + Number(Number.isNaN(value)), 0);
  return { predicted, summary: { coincident: tin.coincident, outside }, warnings: averagedWarning(tin) };
}

const without = (parameter: string, method: string): DriveshaftError =>
  new DriveshaftError("INVALID_PARAMETER", `${parameter} does not go with method "${method}"`, {
    hint: "Leave it out, or choose another method.",
  });

const inputs = { value: number("column with the value at a place"), place: place() };

const example: Example = { of: "airports", parameters: { value: "passengers", neighbors: 8 } };

const shared = {
  name: "interpolate",
  title: "Values between places",
  description: "What a value would be elsewhere, at the rows of another table or in a grid, by the rows around.",
  version: 1,
  inputs,
  size: "standard" as const,
};

export const interpolateAnalysis = byGiven(
  "targets",
  analysis({
    ...shared,
    options: {
      ...interpolation,
      cell_size: z
        .number()
        .gt(0)
        .lt(1e150)
        .optional()
        .describe("side of the squares of the grid, in units of the coordinates; default a 256th of the longer side"),
      extent: extent("the grid's cells"),
    },
    rows: "several",
    key: ["cell"],
    columns: {
      cell: text("id of the cell: column:row, from 0:0 in the south-west"),
      predicted: float8("the value at its center; at a target with targets"),
      geometry: geometry("the cell, a square"),
    },
    idOptional: true,
    leastRows: 1,
    example: { ...example, parameters: { ...example.parameters, cell_size: 0.5 } },
    run({ value, place }, { cell_size: size, extent, ...options }, context) {
      const samples = { ...place.points(options.great_circle, "great_circle"), values: value };
      const grid = squaresIn(regionOf(extent, samples.xs, samples.ys), size);
      const { predicted, summary, warnings } = interpolated(samples, grid.centers, options, context);
      return {
        columns: {
          cell: { codes: Int32Array.from(grid.ids.keys()), labels: grid.ids },
          predicted,
          geometry: placesLike(place, grid.outlines),
        },
        summary: { cells: grid.ids.length, cell_size: grid.size, ...summary },
        warnings: warnings ?? [],
      };
    },
  }),
  analysis({
    ...shared,
    options: interpolation,
    tables: { targets: optionalTable("the places at which the value is predicted, with id", { place: place() }) },
    rows: "any",
    of: "targets",
    columns: { predicted: float8("the value at its center; at a target with targets") },
    leastRows: 1,
    example: { ...example, tables: { targets: "hospitals" } },
    run({ value, place, targets }, options, context) {
      const of = targets!;
      const samples = { ...place.points(options.great_circle, "great_circle"), values: value };
      const at = of.place.points(options.great_circle, "great_circle");
      const { predicted, summary, warnings } = interpolated(samples, at, options, context);
      return {
        rows: Int32Array.from({ length: of.n }, (_, target) => target),
        columns: { predicted },
        summary: { targets: of.n, ...summary },
        warnings: warnings ?? [],
      };
    },
  }),
);

interface Squares {
  ids: string[];
  centers: Targets;
  outlines: Geometry;
  size: number;
}

/** The squares whose center is in a region, column by column from its south-west corner. */
function squaresIn(region: ConvexRegion, asked: number | undefined): Squares {
  const span = (values: Float64Array): [least: number, most: number] => [
    values.reduce((a, b) => Math.min(a, b), Infinity),
    values.reduce((a, b) => Math.max(a, b), -Infinity),
  ];
  const [[west, east], [south, north]] = [span(region.xs), span(region.ys)];
  const size = asked ?? Math.max(east - west, north - south) / ALONG;
  const sizes: [string] = ["cell_size"];
  const grid = rectangleGrid({ width: size, height: size, x0: west, y0: south, sizes });
  const cells = grid.inside(polygonOf(region), MOST_CELLS);
  if (cells.highs.length === 0) {
    throw new DriveshaftError("INVALID_PARAMETER", `cell_size is ${size}, and no cell has its center in the extent`, {
      hint: "Use smaller cells, or a larger extent.",
    });
  }
  const order = Int32Array.from(cells.highs.keys());
  order.sort((a, b) => cells.highs[a]! - cells.highs[b]! || cells.lows[a]! - cells.lows[b]!);
  const outlines = buildGeometry();
  const ids = Array.from(order, (cell) => {
    grid.outline(cells.highs[cell]!, cells.lows[cell]!, outlines);
    return grid.idOf(cells.highs[cell]!, cells.lows[cell]!);
  });
  const centers = {
    xs: Float64Array.from(order, (cell) => west + (cells.highs[cell]! + 0.5) * size),
    ys: Float64Array.from(order, (cell) => south + (cells.lows[cell]! + 0.5) * size),
  };
  return { ids, centers, outlines: outlines.take(), size };
}

function polygonOf({ xs, ys }: ConvexRegion): Geometry {
  const into = buildGeometry();
  xs.forEach((x, v) => into.vertex(x, ys[v]!));
  into.ring(false);
  into.polygon();
  return into.take();
}
