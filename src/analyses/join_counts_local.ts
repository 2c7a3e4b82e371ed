import * as z from "zod";
import { DriveshaftError } from "../errors.js";
import { joinCountsLocal, joinCountsLocalBv, joinCountsLocalCl } from "../statistics/join-counts-local.js";
import { buildWeights } from "../weights/build.js";
import { analysis, severalValues, statisticOptions } from "./analysis.js";
import { float8, localColumns, localInference } from "./inference.js";
import {
  localInference as inferenceParameters,
  location,
  numberColumn,
  numberColumns,
  transform,
  weights,
} from "./parameters.js";

export const joinCountsLocalAnalysis = analysis({
  name: "join_counts_local",
  title: "Local join counts",
  description: "Where the ones of a binary variable, or of several together, are neighbors more often than by chance.",
  version: 1,
  parameters: z.strictObject({
    values: numberColumns("columns of 0 and 1; of several, the places where all are 1 (co-location)", 1),
    lagged_value: numberColumn(
      "column of 0 and 1 around a location, instead of the same one: counts ones around of this variable only, where the location is of the other only",
    ).optional(),
    ...location,
    weights,
    transform: transform("B"),
    ...inferenceParameters("greater"),
  }),
  rows: "each",
  size: "standard",
  columns: [
    { name: "value", type: "float8", description: "1 where all of values are 1, else 0" },
    {
      name: "joins",
      type: "float8",
      description: "weighted number of joins of the location; 0 where it is not 1 itself",
    },
    ...localColumns("joins", "cluster"),
  ],
  run(input, p, report) {
    const variables = severalValues(input, "values");
    const around = input.values.lagged_value;
    if (around && variables.length > 1) {
      throw new DriveshaftError(
        "INVALID_PARAMETER",
        "lagged_value goes with one column of values, but there are several",
        {
          hint: "Leave out lagged_value for co-location.",
        },
      );
    }
    const built = buildWeights(p.weights, input, report, p.transform);
    const options = statisticOptions(p, input, report);
    const result = around
      ? joinCountsLocalBv(variables[0]!, around, built.weights, options)
      : variables.length > 1
        ? joinCountsLocalCl(variables, built.weights, options)
        : joinCountsLocal(variables[0]!, built.weights, options);
    const inference = localInference(result, built.weights, p, ["cluster"], () => 0);
    const value = variables[0]!.map((_, i) => Number(variables.every((x) => x[i] === 1)));
    return {
      columns: { value: float8(value), joins: float8(result.joins), ...inference.columns },
      summary: { clusters: inference.counts, weights: built.summary },
      warnings: [...built.warnings, ...inference.warnings],
    };
  },
});
