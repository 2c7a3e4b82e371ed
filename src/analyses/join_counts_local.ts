import { DriveshaftError } from "../errors.js";
import { joinCountsLocal, joinCountsLocalBv, joinCountsLocalCl } from "../statistics/join_counts_local.js";
import { analysis, float8, statisticOptions } from "./analysis.js";
import { localColumns, localInference } from "./inference.js";
import { numberIfAny, place, several, spatialWeights, strata } from "./inputs.js";
import { exactParameters } from "./parameters.js";

export const joinCountsLocalAnalysis = analysis({
  name: "join_counts_local",
  title: "Local join counts",
  description: "Where the ones of a binary variable, or of several together, are neighbors more often than by chance.",
  version: 2,
  inputs: {
    values: several("columns of 0 and 1; of several, the places where all are 1 (co-location)", 1),
    lagged_value: numberIfAny(
      "column of 0 and 1 around a location, instead of the same one: counts ones around of this variable only, where the location is of the other only",
    ),
    place: place(),
    weights: spatialWeights({ transform: "B" }),
    strata: strata(),
  },
  options: exactParameters("greater"),
  rows: "each",
  columns: {
    value: float8("1 where all of values are 1, else 0"),
    joins: float8("weighted number of joins of the location; 0 where it is not 1 itself"),
    ...localColumns("joins", "cluster"),
  },
  example: { of: "counties", parameters: { values: ["is_urban"] } },
  size: "standard",
  run({ values, lagged_value: around, weights, strata }, options, context) {
    const [first, ...others] = values;
    if (around && others.length > 0) {
      const message = "lagged_value goes with one column of values, but there are several";
      throw new DriveshaftError("INVALID_PARAMETER", message, { hint: "Leave out lagged_value for co-location." });
    }
    const given = statisticOptions({ ...options, strata }, context);
    const result = around
      ? joinCountsLocalBv(first!, around, weights, given)
      : others.length > 0
        ? joinCountsLocalCl(values, weights, given)
        : joinCountsLocal(first!, weights, given);
    const { columns, ...said } = localInference(result, weights, options, ["cluster"], () => 0);
    const value = first!.map((_, i) => Number(values.every((x) => x[i] === 1)));
    return { columns: { value, joins: result.joins, ...columns }, ...said };
  },
});
