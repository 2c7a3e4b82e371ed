import * as z from "zod";
import { quantileLisa } from "../statistics/quantile-lisa.js";
import { buildWeights } from "../weights/build.js";
import { analysis, severalValues, statisticOptions } from "./analysis.js";
import { float8, localColumns, localInference } from "./inference.js";
import { localInference as inferenceParameters, location, numberColumns, transform, weights } from "./parameters.js";

export const quantileLisaAnalysis = analysis({
  name: "quantile_lisa",
  title: "Quantile LISA",
  description:
    "Where values of one quantile, of one variable or of several together, are neighbors more often than by chance.",
  version: 1,
  parameters: z.strictObject({
    values: numberColumns("columns with the variables", 1),
    quantiles: z.int().min(2).max(1000).default(5).describe("number of quantiles"),
    quantile: z.int().min(1).max(1000).default(5).meta({ description: "which one, 1 the lowest", atMost: "quantiles" }),
    ...location,
    weights,
    transform: transform("B"),
    ...inferenceParameters("greater"),
  }),
  rows: "each",
  size: "standard",
  columns: [
    {
      name: "inside",
      type: "float8",
      description: "1 where the location is in the quantile of every variable, else 0",
    },
    {
      name: "joins",
      type: "float8",
      description: "weighted number of neighbors that are too; 0 where it is not inside",
    },
    ...localColumns("joins", "cluster"),
  ],
  run(input, p, report) {
    const built = buildWeights(p.weights, input, report, p.transform);
    const result = quantileLisa(severalValues(input, "values"), built.weights, statisticOptions(p, input, report));
    const inference = localInference(result, built.weights, p, ["cluster"], () => 0);
    return {
      columns: { inside: float8(result.inside), joins: float8(result.joins), ...inference.columns },
      summary: { clusters: inference.counts, weights: built.summary },
      warnings: [...built.warnings, ...inference.warnings],
    };
  },
});
