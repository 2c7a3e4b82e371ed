import { gearyLocal } from "../statistics/geary_local.js";
import { analysis, float8, statisticOptions } from "./analysis.js";
import { localColumns, localInference } from "./inference.js";
import { number, place, spatialWeights } from "./inputs.js";
import { localParameters } from "./parameters.js";

const classes = ["HH", "LL", "other positive", "negative"];

export const gearyLocalAnalysis = analysis({
  name: "geary_local",
  title: "Local Geary's c",
  description: "Where neighbors are more alike, or more different, than by chance, from squared differences.",
  version: 2,
  inputs: {
    value: number("column with the variable"),
    place: place(),
    weights: spatialWeights({ transform: "R" }),
  },
  options: localParameters(),
  rows: "each",
  columns: {
    value: float8("the variable"),
    value_std: float8("(value - mean) / sd, population sd"),
    lag_std: float8("weighted sum of the neighbors' standardised values"),
    local_c: float8("local Geary's c: small where neighbors are alike"),
    ...localColumns(
      "local_c",
      "HH or LL (alike, both above or both not above the mean), other positive (alike otherwise) or negative (different)",
    ),
  },
  example: { of: "counties", parameters: { value: "unemployment" } },
  size: "standard",
  run({ value, weights }, options, context) {
    const result = gearyLocal(value, weights, statisticOptions(options, context));
    const [high, highLag] = [result.high[0]!, result.highLag[0]!];
    const classOf = (i: number): number => {
      // less than expected is alike
      if (!(result.zScore[i]! < 0)) return 3;
      if (high[i] === highLag[i]) return high[i] === 1 ? 0 : 1;
      return 2;
    };
    const { columns, ...said } = localInference(result, weights, options, classes, classOf);
    return {
      columns: {
        value,
        value_std: result.z[0]!,
        lag_std: result.lagStd[0]!,
        local_c: result.localC,
        ...columns,
      },
      ...said,
    };
  },
});
