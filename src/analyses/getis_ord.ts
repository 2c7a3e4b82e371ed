import { getisOrd } from "../statistics/getis_ord.js";
import { analysis, float8, statisticOptions } from "./analysis.js";
import { globalColumns, globalInference, globalSummary, randomised, underRandomisation } from "./inference.js";
import { number, place, spatialWeights } from "./inputs.js";
import { globalParameters } from "./parameters.js";

export const getisOrdAnalysis = analysis({
  name: "getis_ord",
  title: "Getis-Ord general G",
  description: "Whether high or low values concentrate in space, as one number.",
  version: 1,
  inputs: {
    value: number("column with the variable, never negative"),
    place: place(),
    weights: spatialWeights({ transform: "B" }),
  },
  options: globalParameters,
  rows: "one",
  columns: {
    g: float8("general G"),
    expected: float8("expectation without concentration, S0 / (n (n - 1))"),
    ...underRandomisation,
    ...globalColumns,
  },
  example: { of: "counties", parameters: { value: "unemployment" } },
  size: "heavy",
  run({ value, weights }, options, context) {
    const result = getisOrd(value, weights, statisticOptions(options, context));
    const { g, expected } = result;
    return {
      columns: { g, expected, ...randomised(result), ...globalInference(result, context.n, options) },
      summary: { g, ...globalSummary(result) },
    };
  },
});
