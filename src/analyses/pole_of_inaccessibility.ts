import * as z from "zod";
import { placesLike } from "../geometry/place.js";
import { polesOf } from "../geometry/poles.js";
import { pointGeometry } from "../geometry/tin.js";
import { analysis, float8, geometry } from "./analysis.js";
import { place } from "./inputs.js";

export const poleOfInaccessibilityAnalysis = analysis({
  name: "pole_of_inaccessibility",
  title: "Poles of inaccessibility",
  description: "Of each polygon the place inside that is farthest from its outline, where a label fits best.",
  version: 1,
  inputs: { place: place({ kind: "polygons" }) },
  options: {
    precision: z
      .number()
      .gt(0)
      .lt(1e150)
      .optional()
      .describe(
        "by how much the distance may fall short of the largest, in units of the coordinates; default a 10,000th of the longer side of the polygon's extent, and never finer than a millionth",
      ),
  },
  rows: "each",
  columns: {
    distance: float8(
      "distance to the outline, in units of the coordinates; 0 of a polygon thinner than the precision, whose place is a vertex",
    ),
    pole: geometry("the place, a point"),
  },
  leastRows: 1,
  example: { of: "counties", parameters: {} },
  size: "standard",
  run({ place }, { precision }) {
    // its vertices, so that what is said of degrees is
    place.vertices("pole_of_inaccessibility");
    const { xs, ys, distances } = polesOf(place.geometry, { precision });
    return { columns: { distance: distances, pole: placesLike(place, pointGeometry(xs, ys)) } };
  },
});
