import * as z from "zod";
import { getisOrd } from "../statistics/getis-ord.js";
import { buildWeights } from "../weights/build.js";
import { analysis, statisticOptions } from "./analysis.js";
import { assuming, globalColumns, globalSummary, globalInference, one } from "./inference.js";
import { globalInferenceParameters, location, numberColumn, transform, weights } from "./parameters.js";

export const getisOrdAnalysis = analysis({
  name: "getis_ord",
  title: "Getis-Ord general G",
  description: "Whether high or low values concentrate in space, as one number.",
  version: 1,
  parameters: z.strictObject({
    value: numberColumn("column with the variable, never negative"),
    ...location,
    weights,
    transform: transform("B"),
    ...globalInferenceParameters,
  }),
  rows: "one",
  size: "heavy",
  columns: [
    { name: "g", type: "float8", description: "general G" },
    { name: "expected", type: "float8", description: "expectation without concentration, S0 / (n (n - 1))" },
    ...assuming("random"),
    ...globalColumns,
  ],
  run(input, p, report) {
    const built = buildWeights(p.weights, input, report, p.transform);
    const result = getisOrd(input.values.value!, built.weights, statisticOptions(p, input, report));
    const { g, expected, zRandom, pRandom } = result;
    return {
      columns: {
        g: one(g),
        expected: one(expected),
        variance_random: one(result.varianceRandom),
        z_random: one(zRandom),
        p_random: one(pRandom),
        ...globalInference(result, input.n, p),
      },
      summary: { g, ...globalSummary(result), weights: built.summary },
      warnings: built.warnings,
    };
  },
});
