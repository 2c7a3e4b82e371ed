import * as z from "zod";
import { geary } from "../statistics/geary.js";
import { buildWeights } from "../weights/build.js";
import { analysis, statisticOptions } from "./analysis.js";
import { analytical, assuming, globalColumns, globalSummary, globalInference, one } from "./inference.js";
import { globalInferenceParameters, location, numberColumn, transform, weights } from "./parameters.js";

export const gearyAnalysis = analysis({
  name: "geary",
  title: "Global Geary's C",
  description:
    "Spatial autocorrelation of a variable from squared differences, as one number: below 1 neighbors are alike.",
  version: 1,
  parameters: z.strictObject({
    value: numberColumn("column with the variable"),
    ...location,
    weights,
    transform: transform("R"),
    ...globalInferenceParameters,
  }),
  rows: "one",
  size: "heavy",
  columns: [
    { name: "c", type: "float8", description: "Geary's C" },
    { name: "expected", type: "float8", description: "expectation without autocorrelation, 1" },
    ...assuming("normal"),
    ...assuming("random"),
    ...globalColumns,
  ],
  run(input, p, report) {
    const built = buildWeights(p.weights, input, report, p.transform);
    const result = geary(input.values.value!, built.weights, statisticOptions(p, input, report));
    return {
      columns: { c: one(result.c), ...analytical(result), ...globalInference(result, input.n, p) },
      summary: { c: result.c, ...globalSummary(result), weights: built.summary },
      warnings: built.warnings,
    };
  },
});
