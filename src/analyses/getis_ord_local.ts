import * as z from "zod";
import { getisOrdLocal } from "../statistics/getis-ord-local.js";
import { buildWeights } from "../weights/build.js";
import { analysis, statisticOptions } from "./analysis.js";
import { float8, localColumns, localInference } from "./inference.js";
import { localInference as inferenceParameters, location, numberColumn, transform, weights } from "./parameters.js";

export const getisOrdLocalAnalysis = analysis({
  name: "getis_ord_local",
  title: "Local Getis-Ord G and G*",
  description:
    "Hot spots and cold spots: where high or low values concentrate, with pseudo p-values and exact z-scores.",
  version: 1,
  parameters: z.strictObject({
    value: numberColumn("column with the variable, of positive sum"),
    star: z.boolean().default(true).describe("G*, which counts the location itself; false for G, which does not"),
    ...location,
    weights,
    transform: transform("B"),
    ...inferenceParameters(),
  }),
  rows: "each",
  size: "standard",
  columns: [
    { name: "value", type: "float8", description: "the variable" },
    { name: "lag", type: "float8", description: "weighted sum of the values around, with the location's own for G*" },
    { name: "local_g", type: "float8", description: "local G or G*: the share of all values that is around" },
    ...localColumns("local_g", "hot or cold"),
  ],
  run(input, p, report) {
    const y = input.values.value!;
    const built = buildWeights(p.weights, input, report, p.transform);
    const result = getisOrdLocal(y, built.weights, statisticOptions(p, input, report));
    // above or below what is expected: z_sim, and z where there are no permutations or no variance
    const hot = (i: number): boolean => (Number.isNaN(result.zSim[i]!) ? result.zScore[i]! : result.zSim[i]!) > 0;
    const inference = localInference(result, built.weights, p, ["hot", "cold"], (i) => (hot(i) ? 0 : 1));
    return {
      columns: { value: float8(y), lag: float8(result.lag), local_g: float8(result.localG), ...inference.columns },
      summary: { clusters: inference.counts, weights: built.summary },
      warnings: [...built.warnings, ...inference.warnings],
    };
  },
});
