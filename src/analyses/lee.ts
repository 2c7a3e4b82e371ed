import { lee } from "../statistics/lee.js";
import { analysis, float8, statisticOptions } from "./analysis.js";
import { globalColumns, globalInference, globalSummary, randomised, underRandomisation } from "./inference.js";
import { place, spatialWeights, two } from "./inputs.js";
import { globalParameters } from "./parameters.js";

export const leeAnalysis = analysis({
  name: "lee",
  title: "Lee's L",
  description: "How two variables go together in space, as one number: the correlation of what is around each place.",
  version: 1,
  inputs: {
    values: two("the two columns with the variables"),
    place: place(),
    weights: spatialWeights({ transform: "R", star: true }),
  },
  options: globalParameters,
  rows: "one",
  columns: {
    l: float8("Lee's L"),
    pearson: float8("correlation of the two variables at the same place"),
    expected: float8("expectation if pairs of values are assigned at random"),
    ...underRandomisation,
    ...globalColumns,
  },
  example: { of: "counties", parameters: { values: ["unemployment", "income"] } },
  size: "heavy",
  run({ values: [x, y], weights }, options, context) {
    const result = lee(x, y, weights, statisticOptions(options, context));
    const { l, pearson, expected } = result;
    return {
      columns: { l, pearson, expected, ...randomised(result), ...globalInference(result, context.n, options) },
      summary: { l, pearson, ...globalSummary(result) },
    };
  },
});
