import { moranLocalBv } from "../statistics/moran_local.js";
import { analysis, float8, statisticOptions } from "./analysis.js";
import { number, place, spatialWeights, strata } from "./inputs.js";
import { moranLocalColumns, moranLocalOptions, moranLocalOutput } from "./moran_local.js";

export const moranLocalBvAnalysis = analysis({
  name: "moran_local_bv",
  title: "Bivariate local Moran's I",
  description: "Where high or low values of one variable are surrounded by high or low values of another.",
  version: 2,
  inputs: {
    value: number("column with the variable at the location"),
    lagged_value: number("column with the variable around it"),
    place: place(),
    weights: spatialWeights({ transform: "R" }),
    strata: strata(),
  },
  options: moranLocalOptions,
  rows: "each",
  columns: {
    value: float8("the variable at the location"),
    lagged_value: float8("the variable whose lag is taken, at the location"),
    ...moranLocalColumns("lagged values"),
  },
  example: { of: "counties", parameters: { value: "unemployment", lagged_value: "vacancies" } },
  size: "standard",
  run({ value, lagged_value, weights, strata }, options, context) {
    const local = moranLocalBv(value, lagged_value, weights, statisticOptions({ ...options, strata }, context));
    const output = moranLocalOutput(local, weights, options);
    return { ...output, columns: { value, lagged_value, ...output.columns } };
  },
});
