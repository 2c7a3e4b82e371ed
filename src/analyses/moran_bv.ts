import { moranBv } from "../statistics/moran.js";
import { analysis, float8, statisticOptions } from "./analysis.js";
import { globalColumns, globalInference } from "./inference.js";
import { number, place, spatialWeights } from "./inputs.js";
import { globalParameters } from "./parameters.js";

export const moranBvAnalysis = analysis({
  name: "moran_bv",
  title: "Bivariate global Moran's I",
  description: "How one variable goes with the lag of another, as one number, with permutation inference.",
  version: 1,
  inputs: {
    value: number("column with the variable at the location"),
    lagged_value: number("column with the variable around it"),
    place: place(),
    weights: spatialWeights({ transform: "R" }),
  },
  options: globalParameters,
  rows: "one",
  columns: { i: float8("bivariate Moran's I"), ...globalColumns },
  example: { of: "counties", parameters: { value: "unemployment", lagged_value: "vacancies" } },
  size: "heavy",
  run({ value, lagged_value: lagged, weights }, options, context) {
    const result = moranBv(value, lagged, weights, statisticOptions(options, context));
    return {
      columns: { i: result.i, ...globalInference(result, context.n, options) },
      summary: { i: result.i, p_sim: result.pSim },
    };
  },
});
