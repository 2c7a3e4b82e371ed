import * as z from "zod";
import { placesLike } from "../geometry/place.js";
import { emergingHotSpots } from "../statistics/emerging_hot_spots.js";
import { checkCube, fills, spaceTimeCube } from "../statistics/space-time-cube.js";
import { references, spaceTimeStatistics } from "../statistics/space-time-scores.js";
import { alignments, stepsOf, stepUnits, type Steps } from "../table/steps.js";
import { analysis, float8, geometry, ids, int4, text } from "./analysis.js";
import { numberIfAny } from "./inputs.js";
import { panel, time } from "./panel.js";
import { correction } from "./parameters.js";

/** Steps below which a test of trend says little. */
const FEW_STEPS = 10;

export const emergingHotSpotsAnalysis = analysis({
  name: "emerging_hot_spots",
  title: "Emerging hot spots",
  description:
    "Where hot and cold spots are new, lasting, growing or gone: G* or local Moran's I in space and time, with trends.",
  version: 1,
  inputs: {
    place: panel("column that says which place a row is of, whose location is the same in all of its rows", {
      transform: "B",
    }),
    time: time("column that says when: dates, timestamps or numbers"),
    value: numberIfAny(
      "column with the variable, added up where several rows are of one place and step; default 1 each",
    ),
  },
  options: {
    step: z.number().gt(0).lt(1e15).optional().describe("length of a step; default: each time that comes is one"),
    unit: z.enum(stepUnits).optional().describe("unit of step, of dates and timestamps"),
    align: z
      .enum(alignments)
      .default("end")
      .describe(
        "where steps of a given length lie: end, the last ends with the last time; start, the first with the first",
      ),
    fill: z
      .enum(fills)
      .optional()
      .describe(
        "value where no row is of a place and step: zero, the step's before, or the place's mean; default an error",
      ),
    statistic: z
      .enum(spaceTimeStatistics)
      .default("getis_ord")
      .describe("getis_ord: G*, hot and cold spots; moran: local Moran's I, clusters and outliers"),
    steps_back: z.int().min(0).max(1000).default(1).describe("steps before its own that count as around a place"),
    reference: z
      .enum(references)
      .default("cube")
      .describe(
        "what cells are compared with: all of the cube, those of the steps in the neighborhood, or those of the step",
      ),
    significance: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.1)
      .describe("largest adjusted p-value of a spot, and largest p-value of a trend"),
    correction,
  },
  rows: "several",
  columns: {
    place: ids("the place"),
    pattern: text("what the spots of the place make over time: no pattern, new hot spot and so on"),
    cluster: text("class of the last step: hot or cold, with moran HH, LL, HL or LH; else not significant"),
    z_last: float8("z-score of the last step"),
    p_last: float8("its two-sided p-value"),
    trend_s: float8("Mann-Kendall's S of the z-scores of all steps"),
    trend_z: float8("z-score of trend_s"),
    trend_p: float8("its two-sided p-value"),
    hot_steps: int4("steps at which the place is a hot spot, with moran HH"),
    cold_steps: int4("steps at which it is a cold spot, with moran LL"),
    location: geometry("where the place is"),
  },
  key: ["place"],
  example: {
    of: "cases",
    parameters: { place: "county", time: "month", value: "cases", fill: "zero" },
  },
  size: "light",
  run({ place, time, value }, options) {
    const { n } = place;
    const steps = stepsOf(time, options);
    checkCube(n, steps.count);
    const step = new Int32Array(time.values.length).map((_, row) => steps.at(time.values[row]!));
    const cube = spaceTimeCube(
      { places: n, steps: steps.count, place: place.of, step, values: value, nameOf: place.nameOf },
      options.fill,
    );
    const { statistic, reference, steps_back: stepsBack, significance, correction } = options;
    const found = emergingHotSpots(cube.values, place.weights, {
      statistic,
      stepsBack,
      reference,
      significance,
      correction,
    });
    const last = (i: number): number => (i + 1) * steps.count - 1;
    const stepsOfClass = (which: number): Int32Array =>
      Int32Array.from({ length: n }, (_, i) => count(found.class.subarray(i * steps.count, last(i) + 1), which));
    const { trend, patterns } = found;
    return {
      columns: {
        place: place.rows,
        pattern: { codes: Int32Array.from(found.pattern), labels: patterns },
        cluster: { codes: Int32Array.from({ length: n }, (_, i) => found.class[last(i)]!), labels: found.classes },
        z_last: Float64Array.from({ length: n }, (_, i) => found.z[last(i)]!),
        p_last: found.pLast,
        trend_s: trend.s,
        trend_z: trend.z,
        trend_p: trend.p,
        hot_steps: stepsOfClass(1),
        cold_steps: stepsOfClass(2),
        location: placesLike(place.place, place.place.geometry),
      },
      summary: {
        patterns: Object.fromEntries(patterns.map((label, code) => [label, count(found.pattern, code)])),
        places: n,
        steps: { ...described(steps), ...(options.step !== undefined && { align: options.align }) },
        filled: cube.absent,
      },
      warnings: warningsOf(time.zoneless, steps.count, count(found.z, NaN), found.z.length),
    };
  },
});

const described = ({ count, length, from, to }: Steps): object => ({ count, length, from, to });

/** How many elements are a value, or NaN. */
function count(values: Float64Array | Uint8Array, value: number): number {
  let found = 0;
  for (const each of values) if (Object.is(each, value)) found++;
  return found;
}

function warningsOf(zoneless: boolean, steps: number, unscored: number, cells: number): string[] {
  return [
    ...(zoneless ? ["the times have no time zone and are taken as UTC"] : []),
    ...(steps < FEW_STEPS ? [`there are ${steps} steps of time: a trend needs about ${FEW_STEPS}`] : []),
    ...(unscored > 0
      ? [`${unscored} of ${cells} cells have no score: what they are compared with is constant or all around`]
      : []),
  ];
}
