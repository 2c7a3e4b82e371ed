import { moran, type Moran } from "../statistics/moran.js";
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

/** The columns of Moran's I with its analytical inference, and what they hold. */
export const moranColumns = {
  i: float8("Moran's I"),
  expected: float8("expectation without autocorrelation, -1 / (n - 1)"),
  ...underNormality,
  ...underRandomisation,
  ...globalColumns,
};

/** The result of Moran's I of any kind of values. */
export const moranOutput = (result: Moran, n: number, options: Parameters<typeof globalInference>[2]) => ({
  columns: { i: result.i, ...analytical(result), ...globalInference(result, n, options) },
  summary: { i: result.i, ...globalSummary(result) },
});

export const moranAnalysis = analysis({
  name: "moran",
  title: "Global Moran's I",
  description: "Spatial autocorrelation of a variable as one number, with analytical and permutation inference.",
  version: 1,
  inputs: {
    value: number("column with the variable"),
    place: place(),
    weights: spatialWeights({ transform: "R" }),
  },
  options: globalParameters,
  rows: "one",
  columns: moranColumns,
  example: { of: "counties", parameters: { value: "unemployment", weights: { type: "queen" } } },
  size: "heavy",
  run({ value, weights }, options, context) {
    return moranOutput(moran(value, weights, statisticOptions(options, context)), context.n, options);
  },
});
