import { geary } from "../statistics/geary.js";
import { analysis, float8, statisticOptions } from "./analysis.js";
import {
  analytical,
  globalColumns,
  globalInference,
  globalSummary,
  underNormality,
  underRandomisation,
} from "./inference.js";
import { number, place, spatialWeights } from "./inputs.js";
import { globalParameters } from "./parameters.js";

export const gearyAnalysis = analysis({
  name: "geary",
  title: "Global Geary's C",
  description:
    "Spatial autocorrelation of a variable from squared differences, as one number: below 1 neighbors are alike.",
  version: 1,
  inputs: {
    value: number("column with the variable"),
    place: place(),
    weights: spatialWeights({ transform: "R" }),
  },
  options: globalParameters,
  rows: "one",
  columns: {
    c: float8("Geary's C"),
    expected: float8("expectation without autocorrelation, 1"),
    ...underNormality,
    ...underRandomisation,
    ...globalColumns,
  },
  example: { of: "counties", parameters: { value: "unemployment" } },
  size: "heavy",
  run({ value, weights }, options, context) {
    const result = geary(value, weights, statisticOptions(options, context));
    return {
      columns: { c: result.c, ...analytical(result), ...globalInference(result, context.n, options) },
      summary: { c: result.c, ...globalSummary(result) },
    };
  },
});
