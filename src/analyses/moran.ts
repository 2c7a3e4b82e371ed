import { z } from "zod";
import type { ColumnData, ColumnSpec } from "../columns.js";
import { moran, type Moran } from "../statistics/moran.js";
import { buildWeights } from "../weights/build.js";
import { analysis } from "./analysis.js";
import { assuming, globalColumns, globalInference, one } from "./inference.js";
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
  const { i, zRandom, pRandom, pSim } = result;
  return {
    columns: {
      i: one(i),
      expected: one(result.expected),
      variance_normal: one(result.varianceNormal),
      z_normal: one(result.zNormal),
      p_normal: one(result.pNormal),
      variance_random: one(result.varianceRandom),
      z_random: one(zRandom),
      p_random: one(pRandom),
      ...globalInference(result, n, p),
    },
    summary: { i, z_random: zRandom, p_random: pRandom, p_sim: Number.isNaN(pSim) ? null : pSim },
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
  columns: moranColumns,
  run(input, p, report) {
    const built = buildWeights(p.weights, input, report, p.transform);
    const options = { ...p, progress: (share: number) => report("permutations", share) };
    const { columns, summary } = moranOutput(moran(input.values.value!, built.weights, options), input.n, p);
    return { columns, summary: { ...summary, weights: built.summary }, warnings: built.warnings };
  },
});
