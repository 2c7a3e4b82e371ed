import * as z from "zod";
import type { ColumnData, ColumnSpec } from "../table/columns.js";
import { moran, type Moran } from "../statistics/moran.js";
import { buildWeights } from "../weights/build.js";
import { analysis, statisticOptions } from "./analysis.js";
import { analytical, assuming, globalColumns, globalSummary, globalInference, one } from "./inference.js";
import { globalInferenceParameters, location, numberColumn, transform, weights } from "./parameters.js";

/** The columns of Moran's I with its analytical inference, and what they hold. */
export const moranColumns: ColumnSpec[] = [
  { name: "i", type: "float8", description: "Moran's I" },
  { name: "expected", type: "float8", description: "expectation without autocorrelation, -1 / (n - 1)" },
  ...assuming("normal"),
  ...assuming("random"),
  ...globalColumns,
];

export function moranOutput(
  result: Moran,
  n: number,
  p: Parameters<typeof globalInference>[2],
): { columns: Record<string, ColumnData>; summary: Record<string, unknown> } {
  return {
    columns: { i: one(result.i), ...analytical(result), ...globalInference(result, n, p) },
    summary: { i: result.i, ...globalSummary(result) },
  };
}

export const moranAnalysis = analysis({
  name: "moran",
  title: "Global Moran's I",
  description: "Spatial autocorrelation of a variable as one number, with analytical and permutation inference.",
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
  columns: moranColumns,
  run(input, p, report) {
    const built = buildWeights(p.weights, input, report, p.transform);
    const options = statisticOptions(p, input, report);
    const { columns, summary } = moranOutput(moran(input.values.value!, built.weights, options), input.n, p);
    return { columns, summary: { ...summary, weights: built.summary }, warnings: built.warnings };
  },
});
