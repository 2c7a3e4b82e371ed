import * as z from "zod";
import { lee } from "../statistics/lee.js";
import { buildWeights } from "../weights/build.js";
import { analysis, severalValues, statisticOptions } from "./analysis.js";
import { assuming, globalColumns, globalInference, globalSummary, one } from "./inference.js";
import { globalInferenceParameters, location, numberColumns, selfWeights, transform, weights } from "./parameters.js";

export const leeAnalysis = analysis({
  name: "lee",
  title: "Lee's L",
  description: "How two variables go together in space, as one number: the correlation of what is around each place.",
  version: 1,
  parameters: z.strictObject({
    values: numberColumns("the two columns with the variables", 2, 2),
    star: selfWeights,
    ...location,
    weights,
    transform: transform("R"),
    ...globalInferenceParameters,
  }),
  rows: "one",
  size: "heavy",
  columns: [
    { name: "l", type: "float8", description: "Lee's L" },
    { name: "pearson", type: "float8", description: "correlation of the two variables at the same place" },
    { name: "expected", type: "float8", description: "expectation if pairs of values are assigned at random" },
    ...assuming("random"),
    ...globalColumns,
  ],
  run(input, p, report) {
    const [x, y] = severalValues(input, "values") as [Float64Array, Float64Array];
    const built = buildWeights(p.weights, input, report, p.transform, p.star);
    const result = lee(x, y, built.weights, statisticOptions(p, input, report));
    return {
      columns: {
        l: one(result.l),
        pearson: one(result.pearson),
        expected: one(result.expected),
        variance_random: one(result.varianceRandom),
        z_random: one(result.zRandom),
        p_random: one(result.pRandom),
        ...globalInference(result, input.n, p),
      },
      summary: { l: result.l, pearson: result.pearson, ...globalSummary(result), weights: built.summary },
      warnings: built.warnings,
    };
  },
});
