import * as z from "zod";
import { DriveshaftError } from "../errors.js";
import { convexHull } from "../geometry/convex-hull.js";
import type { ConvexRegion } from "../geometry/convex-region.js";

const keywords = ["bounds", "hull"] as const;

/** Where an analysis of points ends. */
export type Extent = number[] | (typeof keywords)[number];

/** How much wider than its points an extent is on all sides, of its longer side. */
const MARGIN = 0.1;

/** The parameter that says so. */
export const extent = (of: string): z.ZodType<Extent> =>
  z
    .union([z.array(z.number().gt(-1e150).lt(1e150).describe("a coordinate")).min(4).max(4), z.enum(keywords)])
    .default("bounds")
    .describe(
      `where ${of} end: [west, south, east, north]; bounds, the extent of the places and a tenth of its longer side on all sides; hull, their convex hull`,
    );

/**
 * The extent as a polygon.
 * @throws INVALID_PARAMETER where it has no area
 */
export function regionOf(extent: Extent, xs: Float64Array, ys: Float64Array): ConvexRegion {
  if (extent === "hull") {
    const { vertices, area } = convexHull(xs, ys);
    if (area === 0) throw withoutArea("hull", "all places lie on a line");
    const of = (values: Float64Array): Float64Array => Float64Array.from(vertices, (vertex) => values[vertex]!);
    return { xs: of(xs), ys: of(ys) };
  }
  const [west, south, east, north] = typeof extent === "string" ? bounds(xs, ys) : extent;
  if (!(west! < east! && south! < north!)) {
    if (typeof extent === "string") throw withoutArea(extent, "all places coincide");
    throw new DriveshaftError("INVALID_PARAMETER", `extent is [${extent.join(", ")}], which has no area`, {
      hint: "Expected [west, south, east, north], west below east and south below north.",
    });
  }
  return { xs: Float64Array.of(west!, east!, east!, west!), ys: Float64Array.of(south!, south!, north!, north!) };
}

function bounds(xs: Float64Array, ys: Float64Array): number[] {
  const least = (values: Float64Array): number => values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = (values: Float64Array): number => values.reduce((a, b) => Math.max(a, b), -Infinity);
  const [west, south, east, north] = [least(xs), least(ys), most(xs), most(ys)];
  const margin = MARGIN * Math.max(east - west, north - south);
  return [west - margin, south - margin, east + margin, north + margin];
}

const withoutArea = (extent: string, why: string): DriveshaftError =>
  new DriveshaftError("INVALID_PARAMETER", `extent is "${extent}", which has no area, since ${why}`, {
    hint: "Give it as [west, south, east, north].",
  });
