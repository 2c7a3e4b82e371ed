import * as z from "zod";
import { DriveshaftError } from "../errors.js";
import { gravity } from "../statistics/gravity.js";
import { analysis, float8, ids } from "./analysis.js";
import { idTexts, number, place } from "./inputs.js";
import { greatCircle } from "./parameters.js";
import { table } from "./tables.js";

export const gravityAnalysis = analysis({
  name: "gravity",
  title: "Gravity model",
  description: "Where the people of each place go, by what attracts them and how far it is: Huff's probabilities.",
  version: 1,
  inputs: {
    population: number("column with how many go, at least 0"),
    place: place(),
    ids: idTexts(),
  },
  tables: {
    targets: table("what they go to, with id, place and attraction", {
      attraction: number("column with the attraction of a target, at least 0", { missing: "keep" }),
      place: place(),
      ids: idTexts(),
    }),
  },
  options: {
    radius: z
      .number()
      .gt(0)
      .lt(1e150)
      .optional()
      .describe("beyond which nobody goes, in units of the coordinates or metres; default everywhere"),
    exponent: z.number().min(0).max(10).default(1).describe("power of the distance that attraction is divided by"),
    great_circle: greatCircle.describe(
      "places are longitudes and latitudes, distances metres along geodesics of the ellipsoid WGS 84",
    ),
  },
  rows: "any",
  key: ["target_id"],
  columns: {
    target_id: ids("id of the target", "targets"),
    distance: float8("distance to it, between centroids of polygons, in units of the coordinates or metres"),
    probability: float8("of going there, from 0 to 1; those of a row have the sum 1"),
    patronage: float8("population of the row times that"),
  },
  leastRows: 1,
  example: {
    of: "airports",
    parameters: { population: "passengers", attraction: "beds", radius: 300_000, great_circle: true },
    tables: { targets: "hospitals" },
  },
  size: "standard",
  run({ population, place, ids, targets }, { radius, exponent, great_circle: greatCircle }, { n, report }) {
    refuseNegative("population", population, ids()!);
    refuseNegative("attraction", targets.attraction, targets.ids()!);
    const attracting = Int32Array.from(targets.attraction.keys()).filter((target) => targets.attraction[target]! > 0);
    if (attracting.length === 0) {
      throw new DriveshaftError("TOO_FEW_ROWS", `none of ${targets.n} targets has an attraction above 0`, {
        hint: "See that attraction names the column that makes targets attractive, and that they have places.",
      });
    }
    const of = (values: Float64Array): Float64Array => Float64Array.from(attracting, (target) => values[target]!);
    const from = place.points(greatCircle, "great_circle");
    const to = targets.place.points(greatCircle, "great_circle");
    const found = gravity(from.xs, from.ys, of(to.xs), of(to.ys), of(targets.attraction), {
      ...(radius !== undefined && { radius }),
      exponent,
      greatCircle,
      progress: (share) => report("gravity", share),
    });
    const { offsets, distances, probabilities } = found;
    const rows = new Int32Array(distances.length);
    let without = 0;
    for (let i = 0; i < n; i++) {
      rows.fill(i, offsets[i], offsets[i + 1]);
      if (offsets[i + 1] === offsets[i]) without++;
    }
    const idle = targets.n - attracting.length;
    return {
      rows,
      columns: {
        target_id: found.targets.map((target) => attracting[target]!),
        distance: distances,
        probability: probabilities,
        patronage: probabilities.map((probability, q) => population[rows[q]!]! * probability),
      },
      summary: { targets: attracting.length, pairs: rows.length, without_target: without },
      warnings: [
        ...(idle > 0 ? [`${idle} targets have no attraction above 0 and are left out`] : []),
        ...(without > 0 ? [`${without} rows have no target within ${radius} and are not in the result`] : []),
      ],
    };
  },
});

/** @throws INVALID_PARAMETER naming the first row whose number is below 0 */
function refuseNegative(name: string, values: Float64Array, ids: string[]): void {
  const wrong = values.findIndex((value) => value < 0 || value === Infinity);
  if (wrong < 0) return;
  const message = `${name} of ${ids[wrong]} is ${values[wrong]}, expected a number of at least 0`;
  throw new DriveshaftError("INVALID_PARAMETER", message, { hint: "Correct the row, or leave it out of the query." });
}
