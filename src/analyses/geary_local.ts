import * as z from "zod";
import { gearyLocal } from "../statistics/geary-local.js";
import { buildWeights } from "../weights/build.js";
import { analysis, statisticOptions } from "./analysis.js";
import { float8, localColumns, localInference } from "./inference.js";
import { localInference as inferenceParameters, location, numberColumn, transform, weights } from "./parameters.js";

const classes = ["HH", "LL", "other positive", "negative"] as const;

export const gearyLocalAnalysis = analysis({
  name: "geary_local",
  title: "Local Geary's c",
  description: "Where neighbors are more alike, or more different, than by chance, from squared differences.",
  version: 1,
  parameters: z.strictObject({
    value: numberColumn("column with the variable"),
    ...location,
    weights,
    transform: transform("R"),
    ...inferenceParameters(),
  }),
  rows: "each",
  size: "standard",
  columns: [
    { name: "value", type: "float8", description: "the variable" },
    { name: "value_std", type: "float8", description: "(value - mean) / sd, population sd" },
    { name: "lag_std", type: "float8", description: "weighted sum of the neighbors' standardised values" },
    { name: "local_c", type: "float8", description: "local Geary's c: small where neighbors are alike" },
    ...localColumns(
      "local_c",
      "HH or LL (alike, both above or both not above the mean), other positive (alike otherwise) or negative (different)",
    ),
  ],
  run(input, p, report) {
    const y = input.values.value!;
    const built = buildWeights(p.weights, input, report, p.transform);
    const result = gearyLocal(y, built.weights, statisticOptions(p, input, report));
    const [value, lag] = [result.z[0]!, result.lagStd[0]!];
    const [high, highLag] = [result.high[0]!, result.highLag[0]!];
    const classOf = (i: number): number => {
      // less than expected is alike
      const score = Number.isNaN(result.zSim[i]!) ? result.zScore[i]! : result.zSim[i]!;
      if (!(score < 0)) return 3;
      if (high[i] === highLag[i]) return high[i] === 1 ? 0 : 1;
      return 2;
    };
    const inference = localInference(result, built.weights, p, classes, classOf);
    return {
      columns: {
        value: float8(y),
        value_std: float8(value),
        lag_std: float8(lag),
        local_c: float8(result.localC),
        ...inference.columns,
      },
      summary: { clusters: inference.counts, weights: built.summary },
      warnings: [...built.warnings, ...inference.warnings],
    };
  },
});
