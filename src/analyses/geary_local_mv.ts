import { gearyLocalMv } from "../statistics/geary_local.js";
import { analysis, float8, statisticOptions } from "./analysis.js";
import { localColumns, localInference } from "./inference.js";
import { place, several, spatialWeights } from "./inputs.js";
import { localParameters } from "./parameters.js";

const classes = ["positive", "negative"];

export const gearyLocalMvAnalysis = analysis({
  name: "geary_local_mv",
  title: "Multivariate local Geary's c",
  description: "Where neighbors are more alike, or more different, than by chance, in several variables together.",
  version: 2,
  inputs: {
    values: several("columns with the variables", 2),
    place: place(),
    weights: spatialWeights({ transform: "R" }),
  },
  options: localParameters(),
  rows: "each",
  columns: {
    local_c: float8("mean of local Geary's c of the variables: small where neighbors are alike"),
    ...localColumns("local_c", "positive (alike) or negative (different)"),
  },
  example: { of: "counties", parameters: { values: ["unemployment", "income"] } },
  size: "standard",
  run({ values, weights }, options, context) {
    const result = gearyLocalMv(values, weights, statisticOptions(options, context));
    const classOf = (i: number): number => (result.zScore[i]! < 0 ? 0 : 1);
    const { columns, ...said } = localInference(result, weights, options, classes, classOf);
    return { columns: { local_c: result.localC, ...columns }, ...said };
  },
});
