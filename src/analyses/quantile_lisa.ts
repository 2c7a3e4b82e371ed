import * as z from "zod";
import { quantileLisa } from "../statistics/quantile_lisa.js";
import { analysis, float8, statisticOptions } from "./analysis.js";
import { localColumns, localInference } from "./inference.js";
import { place, several, spatialWeights, strata } from "./inputs.js";
import { exactParameters } from "./parameters.js";

export const quantileLisaAnalysis = analysis({
  name: "quantile_lisa",
  title: "Quantile LISA",
  description:
    "Where values of one quantile, of one variable or of several together, are neighbors more often than by chance.",
  version: 2,
  inputs: {
    values: several("columns with the variables", 1),
    place: place(),
    weights: spatialWeights({ transform: "B" }),
    strata: strata(),
  },
  options: {
    quantiles: z.int().min(2).max(1000).default(5).describe("number of quantiles"),
    quantile: z.int().min(1).max(1000).default(5).meta({ description: "which one, 1 the lowest", atMost: "quantiles" }),
    ...exactParameters("greater"),
  },
  rows: "each",
  columns: {
    inside: float8("1 where the location is in the quantile of every variable, else 0"),
    joins: float8("weighted number of neighbors that are too; 0 where it is not inside"),
    ...localColumns("joins", "cluster"),
  },
  example: { of: "counties", parameters: { values: ["unemployment"], quantiles: 3, quantile: 3 } },
  size: "standard",
  run({ values, weights, strata }, options, context) {
    const result = quantileLisa(values, weights, statisticOptions({ ...options, strata }, context));
    const { columns, ...said } = localInference(result, weights, options, ["cluster"], () => 0);
    return { columns: { inside: result.inside, joins: result.joins, ...columns }, ...said };
  },
});
