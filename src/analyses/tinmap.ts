import * as z from "zod";
import { densify, MOST_ITERATIONS } from "../geometry/densify.js";
import { placesLike } from "../geometry/place.js";
import { averagedWarning, tinMap, tinOf } from "../geometry/tin.js";
import { analysis, float8, geometry, int4 } from "./analysis.js";
import { number, place } from "./inputs.js";

export const tinmapAnalysis = analysis({
  name: "tinmap",
  title: "Triangles between places",
  description: "The surface that rows with a value span: their Delaunay triangles, each with the mean of its corners.",
  version: 1,
  inputs: { value: number("column with the value at a place"), place: place() },
  options: {
    iterations: z
      .int()
      .min(0)
      .max(MOST_ITERATIONS)
      .default(0)
      .describe("how often centroids of the triangles are added to the places before, as densify does"),
  },
  rows: "several",
  key: ["triangle"],
  columns: {
    triangle: int4("number of the triangle, from 1"),
    value: float8("mean of the values at its corners"),
    area: float8("its area, in squared units of the coordinates"),
    geometry: geometry("the triangle as a polygon"),
  },
  idOptional: true,
  example: { of: "airports", parameters: { value: "passengers" } },
  size: "standard",
  run({ value, place }, { iterations }) {
    const given = place.points(undefined, "tinmap");
    const dense = iterations > 0 ? densify(given.xs, given.ys, value, { iterations }) : undefined;
    const { xs, ys, values } = dense ?? { ...given, values: value };
    const tin = tinOf(xs, ys, values);
    const { triangles, values: means, areas } = tinMap(xs, ys, tin);
    const { coincident } = dense ?? tin;
    return {
      columns: {
        triangle: Int32Array.from(means, (_, t) => t + 1),
        value: means,
        area: areas,
        geometry: placesLike(place, triangles),
      },
      summary: { triangles: means.length, coincident, area: areas.reduce((sum, area) => sum + area, 0) },
      warnings: averagedWarning({ coincident }),
    };
  },
});
