import * as z from "zod";
import { dotDensity } from "../geometry/dots.js";
import { placesLike } from "../geometry/place.js";
import { analysis, geometry, int4 } from "./analysis.js";
import { idTexts, number, place, withNames } from "./inputs.js";
import { seed } from "./parameters.js";

export const dotDensityAnalysis = analysis({
  name: "dot_density",
  title: "Dot density",
  description: "Random points in polygons, uniform over their area, as many as a number of each says.",
  version: 1,
  inputs: {
    value: withNames(number("column with the number, at least 0")),
    place: place({ kind: "polygons" }),
    ids: idTexts(),
  },
  options: {
    per: z.number().gt(0).lt(1e150).default(1).describe("what a dot stands for"),
    great_circle: z
      .boolean()
      .default(false)
      .describe("areas are those on the sphere; coordinates are longitude and latitude"),
    seed,
  },
  rows: "any",
  key: ["dot"],
  columns: {
    dot: int4("number of the dot in the polygon, from 1"),
    geometry: geometry("the dot as a point"),
  },
  leastRows: 1,
  example: { of: "counties", parameters: { value: "population", per: 10_000 } },
  size: "standard",
  run({ value, place, ids }, { per, seed, great_circle: greatCircle }, { report }) {
    // asks whether areas may be measured so
    place.points(greatCircle, "great_circle");
    const found = dotDensity(place.geometry, value.values, {
      per,
      seed,
      column: value.names[0]!,
      greatCircle,
      nameOf: (polygon) => ids()![polygon]!,
      progress: (share) => report("dots", share),
    });
    return {
      rows: found.polygons,
      columns: { dot: found.numbers, geometry: placesLike(place, found.points) },
      summary: { dots: found.polygons.length },
      warnings: found.flat > 0 ? [`${found.flat} polygons have no area, and no dots`] : [],
    };
  },
});
