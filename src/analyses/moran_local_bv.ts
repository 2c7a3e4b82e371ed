import * as z from "zod";
import { moranLocalBv } from "../statistics/moran-local.js";
import { buildWeights } from "../weights/build.js";
import { analysis, statisticOptions } from "./analysis.js";
import { float8 } from "./inference.js";
import { moranLocalColumns, moranLocalOutput, moranLocalParameters } from "./moran_local.js";
import { numberColumn } from "./parameters.js";

export const moranLocalBvAnalysis = analysis({
  name: "moran_local_bv",
  title: "Bivariate local Moran's I",
  description: "Where high or low values of one variable are surrounded by high or low values of another.",
  version: 1,
  parameters: z.strictObject({
    value: numberColumn("column with the variable at the location"),
    lagged_value: numberColumn("column with the variable around it"),
    ...moranLocalParameters,
  }),
  rows: "each",
  size: "standard",
  columns: [
    { name: "value", type: "float8", description: "the variable at the location" },
    { name: "lagged_value", type: "float8", description: "the variable whose lag is taken, at the location" },
    ...moranLocalColumns("lagged values"),
  ],
  run(input, p, report) {
    const { value, lagged_value } = input.values as Record<"value" | "lagged_value", Float64Array>;
    const built = buildWeights(p.weights, input, report, p.transform);
    const options = statisticOptions(p, input, report);
    const output = moranLocalOutput(moranLocalBv(value, lagged_value, built.weights, options), built, p);
    return { ...output, columns: { value: float8(value), lagged_value: float8(lagged_value), ...output.columns } };
  },
});
