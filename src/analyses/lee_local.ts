import * as z from "zod";
import { leeLocal } from "../statistics/lee-local.js";
import { buildWeights } from "../weights/build.js";
import { analysis, severalValues, statisticOptions } from "./analysis.js";
import { float8, localColumns, localInference } from "./inference.js";
import {
  localInference as inferenceParameters,
  location,
  numberColumns,
  selfWeights,
  transform,
  weights,
} from "./parameters.js";

/** The lag of the first variable, then of the second. */
const classes = ["HH", "LH", "LL", "HL"] as const;

export const leeLocalAnalysis = analysis({
  name: "lee_local",
  title: "Local Lee's L",
  description: "Where two variables are high or low together around a place, or one high and the other low.",
  version: 1,
  parameters: z.strictObject({
    values: numberColumns("the two columns with the variables", 2, 2),
    star: selfWeights,
    ...location,
    weights,
    transform: transform("R"),
    ...inferenceParameters(),
  }),
  rows: "each",
  size: "standard",
  columns: [
    {
      name: "lag_1",
      type: "float8",
      description: "weighted sum of the standardised values around, of the first variable",
    },
    { name: "lag_2", type: "float8", description: "the same of the second" },
    { name: "local_l", type: "float8", description: "local Lee's L, whose mean is the global one" },
    ...localColumns("local_l", "HH, LH, LL or HL, the lag of the first variable, then of the second, above 0 or not,"),
  ],
  run(input, p, report) {
    const [x, y] = severalValues(input, "values") as [Float64Array, Float64Array];
    const built = buildWeights(p.weights, input, report, p.transform, p.star);
    const result = leeLocal(x, y, built.weights, statisticOptions(p, input, report));
    const inference = localInference(result, built.weights, p, classes, (i) =>
      result.highX[i] === 1 ? (result.highY[i] === 1 ? 0 : 3) : result.highY[i] === 1 ? 1 : 2,
    );
    return {
      columns: {
        lag_1: float8(result.lagX),
        lag_2: float8(result.lagY),
        local_l: float8(result.localL),
        ...inference.columns,
      },
      summary: { clusters: inference.counts, weights: built.summary },
      warnings: [...built.warnings, ...inference.warnings],
    };
  },
});
