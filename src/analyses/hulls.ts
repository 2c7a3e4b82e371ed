import { convexHull } from "../geometry/convex-hull.js";
import { buildGeometry, type Geometry } from "../geometry/geometry.js";
import { placesLike } from "../geometry/place.js";
import { analysis, float8, geometry, int4 } from "./analysis.js";
import { place } from "./inputs.js";

export const hullsAnalysis = analysis({
  name: "hulls",
  title: "Convex hulls",
  description: "The smallest convex polygon around the places, of all rows or of those of each group.",
  version: 1,
  inputs: { place: place() },
  options: {},
  rows: "one",
  columns: {
    n: int4("number of rows used"),
    area: float8("area of the hull, in squared units of the coordinates; 0 where the places lie on a line"),
    hull: geometry("the hull as a polygon; a line where the places lie on one, a point where they coincide"),
  },
  leastRows: 1,
  idOptional: true,
  example: { of: "airports", parameters: { by: ["state"] } },
  size: "light",
  run({ place }, _, { n }) {
    // the vertices of polygons, not their centroids
    const { xs, ys } = place.vertices("hulls");
    const { vertices, area } = convexHull(xs, ys);
    const [hullXs, hullYs] = [xs, ys].map((values) => Array.from(vertices, (vertex) => values[vertex]!));
    return { columns: { n, area, hull: placesLike(place, outline(hullXs!, hullYs!)) }, summary: { area } };
  },
});

/** A polygon of vertices; a line of two, a point of one. */
function outline(xs: number[], ys: number[]): Geometry {
  const into = buildGeometry();
  xs.forEach((x, i) => into.vertex(x, ys[i]!));
  if (xs.length > 2) {
    into.ring(false);
    into.polygon();
  } else if (xs.length === 2) {
    into.part();
    into.line();
  } else into.point(xs[0]!, ys[0]!);
  return into.take();
}
