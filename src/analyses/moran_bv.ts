import * as z from "zod";
import { moranBv } from "../statistics/moran.js";
import { buildWeights } from "../weights/build.js";
import { analysis, statisticOptions } from "./analysis.js";
import { globalColumns, globalInference, one } from "./inference.js";
import { globalInferenceParameters, location, numberColumn, transform, weights } from "./parameters.js";

export const moranBvAnalysis = analysis({
  name: "moran_bv",
  title: "Bivariate global Moran's I",
  description: "How one variable goes with the lag of another, as one number, with permutation inference.",
  version: 1,
  parameters: z.strictObject({
    value: numberColumn("column with the variable at the location"),
    lagged_value: numberColumn("column with the variable around it"),
    ...location,
    weights,
    transform: transform("R"),
    ...globalInferenceParameters,
  }),
  rows: "one",
  size: "heavy",
  columns: [{ name: "i", type: "float8", description: "bivariate Moran's I" }, ...globalColumns],
  run(input, p, report) {
    const built = buildWeights(p.weights, input, report, p.transform);
    const options = statisticOptions(p, input, report);
    const result = moranBv(input.values.value!, input.values.lagged_value!, built.weights, options);
    return {
      columns: { i: one(result.i), ...globalInference(result, input.n, p) },
      summary: { i: result.i, p_sim: Number.isNaN(result.pSim) ? null : result.pSim, weights: built.summary },
      warnings: built.warnings,
    };
  },
});
