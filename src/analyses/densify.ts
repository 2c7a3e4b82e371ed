import * as z from "zod";
import { densify, MOST_ITERATIONS } from "../geometry/densify.js";
import { placesLike } from "../geometry/place.js";
import { averagedWarning, pointGeometry } from "../geometry/tin.js";
import { analysis, float8, geometry, int4 } from "./analysis.js";
import { number, place } from "./inputs.js";

export const densifyAnalysis = analysis({
  name: "densify",
  title: "More places between places",
  description: "Adds to rows with a value the centroids of their Delaunay triangles, with the mean of the corners.",
  version: 1,
  inputs: { value: number("column with the value at a place"), place: place() },
  options: {
    iterations: z
      .int()
      .min(1)
      .max(MOST_ITERATIONS)
      .default(1)
      .describe("how often that is done, each time with all places that there are by then"),
  },
  rows: "several",
  key: ["point"],
  columns: {
    point: int4("number of the place, from 1: those of the rows, in the order of their ids, then those added"),
    iteration: int4("iteration that added it, 0 for places of rows"),
    value: float8("the value there: the row's, the mean of rows that coincide, or the mean of a triangle's corners"),
    geometry: geometry("the place"),
  },
  idOptional: true,
  example: { of: "airports", parameters: { value: "passengers" } },
  size: "standard",
  run({ value, place }, { iterations }) {
    const given = place.points(undefined, "densify");
    const dense = densify(given.xs, given.ys, value, { iterations });
    return {
      columns: {
        point: Int32Array.from(dense.values, (_, i) => i + 1),
        iteration: dense.iterations,
        value: dense.values,
        geometry: placesLike(place, pointGeometry(dense.xs, dense.ys)),
      },
      summary: { points: dense.values.length, coincident: dense.coincident },
      warnings: averagedWarning(dense),
    };
  },
});
