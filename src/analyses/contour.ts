import * as z from "zod";
import { DriveshaftError } from "../errors.js";
import { isobands } from "../geometry/isobands.js";
import { placesLike, type Places } from "../geometry/place.js";
import { nodesOver, surfaceOfNodes, surfaceOfPoints, type Surface } from "../geometry/surface.js";
import { takeFeatures } from "../geometry/take-features.js";
import { averagedWarning } from "../geometry/tin.js";
import { classify, MOST_CLASSES } from "../statistics/classify.js";
import type { Samples } from "../statistics/interpolate.js";
import { analysis, float8, geometry, int4, type Context, type Said } from "./analysis.js";
import { regionOf } from "./extent.js";
import { number, place } from "./inputs.js";
import { interpolated, interpolation } from "./interpolate.js";

/** Nodes of a grid at most. */
const MOST_NODES = 16_000_000;

/** Cells along the longer side of an extent where no size is asked for. */
const ALONG = 256;

const options = {
  ...interpolation,
  method: interpolation.method
    .unwrap()
    .default("barycentric")
    .describe(
      "the surface: barycentric, the Delaunay triangles of the rows, up to their hull; idw or nearest, values in a grid, as interpolate has them, and linear between",
    ),
  classification: z
    .enum(["quantile", "jenks", "equal_interval", "heads_tails"])
    .default("quantile")
    .describe("how the values of the rows are put into classes, as classify does"),
  classes: z.int().min(1).max(MOST_CLASSES).optional().describe("number of classes; default 5, with heads_tails any"),
  cell_size: z
    .number()
    .gt(0)
    .lt(1e150)
    .optional()
    .describe("with idw or nearest: size of the grid's cells, at most; default a 256th of the extent's longer side"),
  extent: z
    .array(z.number().gt(-1e150).lt(1e150).describe("a coordinate"))
    .min(4)
    .max(4)
    .optional()
    .describe(
      "with idw or nearest: [west, south, east, north]; default the extent of the places and a tenth of its longer side on all sides",
    ),
};

type Options = z.infer<z.ZodObject<typeof options>>;

export const contourAnalysis = analysis({
  name: "contour",
  title: "Contours",
  description: "Where a value is in which class, between the rows too: polygons that cover the extent once.",
  version: 1,
  inputs: { value: number("column with the value at a place"), place: place() },
  options,
  rows: "several",
  key: ["class"],
  columns: {
    class: int4("class, from 1; those of which nothing is there have no row"),
    low: float8("lower edge of the class, which belongs to the one below; of the first the lowest value"),
    high: float8("upper edge, which belongs to it"),
    mean: float8("mean of the values at the nodes of the surface that are in the class, null without any"),
    area: float8("area of the polygon, in squared units of the coordinates"),
    geometry: geometry("where the surface has such values, a polygon of one part or more"),
  },
  idOptional: true,
  example: { of: "airports", parameters: { value: "passengers", method: "idw", classes: 4, cell_size: 0.25 } },
  size: "standard",
  run({ value, place }, options, context) {
    const { xs, ys } = place.points(options.great_circle, "great_circle");
    const { surface, ...said } = surfaceOf({ xs, ys, values: value }, options, context);
    const { breaks } = classify(value, { method: options.classification, k: options.classes });
    // equal edges leave classes empty
    const edges = breaks.filter((edge, i) => i === 0 || edge > breaks[i - 1]!);
    const { bands, areas } = isobands(surface, edges.subarray(0, -1));
    const present = Int32Array.from(areas.keys()).filter((band) => areas[band]! > 0);
    const least = value.reduce((a, b) => Math.min(a, b), Infinity);
    const means = meansOf(surface, edges);
    const geometry: Places = placesLike(place, takeFeatures(bands, present));
    return {
      columns: {
        class: Int32Array.from(present, (band) => breaks.indexOf(edges[band]!) + 1),
        low: Float64Array.from(present, (band) => edges[band - 1] ?? least),
        high: Float64Array.from(present, (band) => edges[band]!),
        mean: Float64Array.from(present, (band) => means[band]!),
        area: Float64Array.from(present, (band) => areas[band]!),
        geometry,
      },
      summary: { breaks: [...breaks], area: areas.reduce((sum, area) => sum + area, 0), ...said.summary },
      warnings: said.warnings ?? [],
    };
  },
});

/** The surface over the rows' triangles, or over a grid. */
function surfaceOf(samples: Samples, options: Options, context: Context): Said & { surface: Surface } {
  const { method, cell_size: size, extent } = options;
  if (method === "barycentric") {
    for (const name of ["cell_size", "extent", "power", "neighbors", "great_circle"] as const) {
      if (options[name] === undefined || options[name] === false) continue;
      throw new DriveshaftError(
        "INVALID_PARAMETER",
        `${name} does not go with method "barycentric", which has no grid`,
        {
          hint: "Leave it out, or use idw or nearest.",
        },
      );
    }
    const { coincident, ...surface } = surfaceOfPoints(samples.xs, samples.ys, samples.values);
    return { surface, summary: { coincident }, warnings: averagedWarning({ coincident }) };
  }
  const { xs, ys } = regionOf(extent ?? "bounds", samples.xs, samples.ys);
  const [west, east, south, north] = [xs[0]!, xs[1]!, ys[0]!, ys[2]!];
  const cell = size ?? Math.max(east - west, north - south) / ALONG;
  const about = ((east - west) / cell + 1) * ((north - south) / cell + 1);
  if (about > MOST_NODES) {
    const message = `cell_size is ${cell}, which makes about ${Math.round(about)} nodes, more than ${MOST_NODES}`;
    throw new DriveshaftError("INVALID_PARAMETER", message, { hint: "Use larger cells, or a smaller extent." });
  }
  const nodes = nodesOver([west, south, east, north], cell);
  const { predicted } = interpolated(samples, nodes, options, context);
  const { columns, rows } = nodes;
  return { surface: surfaceOfNodes(nodes, predicted), summary: { grid: { columns, rows } } };
}

/** By class the mean of the nodes that are in it, NaN without any. */
function meansOf({ values }: Surface, edges: Float64Array): Float64Array {
  const [sums, counts] = [new Float64Array(edges.length), new Int32Array(edges.length)];
  for (const value of values) {
    // corners that stand for nobody have none
    if (Number.isNaN(value)) continue;
    let band = 0;
    while (band < edges.length - 1 && value > edges[band]!) band++;
    sums[band]! += value;
    counts[band]!++;
  }
  return sums.map((sum, band) => sum / counts[band]!);
}
