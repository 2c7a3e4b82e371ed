import * as z from "zod";
import { getisOrdLocal } from "../statistics/getis_ord_local.js";
import { analysis, float8, statisticOptions } from "./analysis.js";
import { localColumns, localInference } from "./inference.js";
import { number, place, spatialWeights, strata } from "./inputs.js";
import { exactParameters } from "./parameters.js";

const classes = ["hot", "cold"];

export const getisOrdLocalAnalysis = analysis({
  name: "getis_ord_local",
  title: "Local Getis-Ord G and G*",
  description:
    "Hot spots and cold spots: where high or low values concentrate, with exact p-values where weights are equal within a row.",
  version: 2,
  inputs: {
    value: number("column with the variable, of positive sum"),
    place: place(),
    weights: spatialWeights({ transform: "B" }),
    strata: strata(),
  },
  options: {
    star: z.boolean().default(true).describe("G*, which counts the location itself; false for G, which does not"),
    ...exactParameters(),
  },
  rows: "each",
  columns: {
    value: float8("the variable"),
    lag: float8("weighted sum of the values around, with the location's own for G*"),
    local_g: float8("local G or G*: the share of all values that is around"),
    ...localColumns("local_g", "hot or cold"),
  },
  example: { of: "counties", parameters: { value: "unemployment" } },
  size: "standard",
  run({ value, weights, strata }, options, context) {
    const result = getisOrdLocal(value, weights, statisticOptions({ ...options, strata }, context));
    const classOf = (i: number): number => (result.zConditional[i]! > 0 ? 0 : 1);
    const { columns, ...said } = localInference(result, weights, options, classes, classOf);
    return { columns: { value, lag: result.lag, local_g: result.localG, ...columns }, ...said };
  },
});
