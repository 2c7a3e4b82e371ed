import * as z from "zod";
import { gearyLocalMv } from "../statistics/geary-local.js";
import { buildWeights } from "../weights/build.js";
import { analysis, severalValues, statisticOptions } from "./analysis.js";
import { float8, localColumns, localInference } from "./inference.js";
import { localInference as inferenceParameters, location, numberColumns, transform, weights } from "./parameters.js";

export const gearyLocalMvAnalysis = analysis({
  name: "geary_local_mv",
  title: "Multivariate local Geary's c",
  description: "Where neighbors are more alike, or more different, than by chance, in several variables together.",
  version: 1,
  parameters: z.strictObject({
    values: numberColumns("columns with the variables", 2),
    ...location,
    weights,
    transform: transform("R"),
    ...inferenceParameters(),
  }),
  rows: "each",
  size: "standard",
  columns: [
    {
      name: "local_c",
      type: "float8",
      description: "mean of local Geary's c of the variables: small where neighbors are alike",
    },
    ...localColumns("local_c", "positive (alike) or negative (different)").filter(({ name }) => name !== "z"),
  ],
  run(input, p, report) {
    const built = buildWeights(p.weights, input, report, p.transform);
    const result = gearyLocalMv(severalValues(input, "values"), built.weights, statisticOptions(p, input, report));
    const inference = localInference(result, built.weights, p, ["positive", "negative"], (i) =>
      result.zSim[i]! < 0 ? 0 : 1,
    );
    return {
      columns: { local_c: float8(result.localC), ...inference.columns },
      summary: { clusters: inference.counts, weights: built.summary },
      warnings: [...built.warnings, ...inference.warnings],
    };
  },
});
