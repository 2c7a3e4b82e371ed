import { leeLocal } from "../statistics/lee_local.js";
import { analysis, float8, statisticOptions } from "./analysis.js";
import { localColumns, localInference } from "./inference.js";
import { place, spatialWeights, two } from "./inputs.js";
import { localParameters } from "./parameters.js";

/** The lag of the first variable, then of the second. */
const classes = ["HH", "LH", "LL", "HL"];

export const leeLocalAnalysis = analysis({
  name: "lee_local",
  title: "Local Lee's L",
  description: "Where two variables are high or low together around a place, or one high and the other low.",
  version: 2,
  inputs: {
    values: two("the two columns with the variables"),
    place: place(),
    weights: spatialWeights({ transform: "R", star: true }),
  },
  options: localParameters(),
  rows: "each",
  columns: {
    lag_1: float8("weighted sum of the standardised values around, of the first variable"),
    lag_2: float8("the same of the second"),
    local_l: float8("local Lee's L, whose mean is the global one"),
    ...localColumns("local_l", "HH, LH, LL or HL, the lag of the first variable, then of the second, above 0 or not,"),
  },
  example: { of: "counties", parameters: { values: ["unemployment", "income"] } },
  size: "standard",
  run({ values: [x, y], weights }, options, context) {
    const result = leeLocal(x, y, weights, statisticOptions(options, context));
    const classOf = (i: number): number =>
      result.highX[i] === 1 ? (result.highY[i] === 1 ? 0 : 3) : result.highY[i] === 1 ? 1 : 2;
    const { columns, ...said } = localInference(result, weights, options, classes, classOf);
    return {
      columns: { lag_1: result.lagX, lag_2: result.lagY, local_l: result.localL, ...columns },
      ...said,
    };
  },
});
