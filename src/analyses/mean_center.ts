import { ellipse } from "../geometry/ellipse.js";
import { nowhere } from "../geometry/geometry.js";
import { placesLike } from "../geometry/place.js";
import { meanCenter } from "../statistics/mean_center.js";
import { analysis, float8, geometry, int4 } from "./analysis.js";
import { numberIfAny, place } from "./inputs.js";

export const meanCenterAnalysis = analysis({
  name: "mean_center",
  title: "Mean center, median center and deviational ellipse",
  description: "Where places lie on average, where the sum of distances to them is least, and how far they spread.",
  version: 1,
  inputs: { place: place(), weight: numberIfAny("column with the weight of a row, at least 0; default 1 each") },
  options: {},
  rows: "one",
  columns: {
    n: int4("number of rows used"),
    center_x: float8("weighted mean of x or longitude"),
    center_y: float8("weighted mean of y or latitude"),
    median_x: float8("x or longitude of the place with the least sum of weighted distances"),
    median_y: float8("its y or latitude"),
    standard_distance: float8("root of the weighted mean of squared distances to the mean center"),
    semi_major: float8("longer semi-axis of the deviational ellipse: root of an eigenvalue of the weighted covariance"),
    semi_minor: float8("its shorter semi-axis"),
    angle: float8("of the longer axis, in degrees counter-clockwise from x"),
    ellipse: geometry("the deviational ellipse as a polygon of 64 vertices; null where an axis is 0"),
  },
  leastRows: 1,
  idOptional: true,
  example: { of: "counties", parameters: { weight: "population" } },
  size: "light",
  run({ place, weight }) {
    const { xs, ys } = place.points(undefined, "mean_center");
    const found = meanCenter(xs, ys, weight && { weights: weight });
    return {
      columns: {
        n: found.n,
        center_x: found.centerX,
        center_y: found.centerY,
        median_x: found.medianX,
        median_y: found.medianY,
        standard_distance: found.standardDistance,
        semi_major: found.semiMajor,
        semi_minor: found.semiMinor,
        angle: found.angle,
        ellipse: placesLike(place, found.semiMinor > 0 ? ellipse(found) : nowhere(1)),
      },
      summary: { center: [found.centerX, found.centerY], standard_distance: found.standardDistance },
    };
  },
});
