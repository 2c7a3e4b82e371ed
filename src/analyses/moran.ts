import { z } from "zod";
import { moran } from "../statistics/moran.js";
import { buildWeights } from "../weights/build.js";
import { analysis } from "./analysis.js";
import { alternative, location, numberColumn, permutations, seed, weights } from "./parameters.js";

const one = (value: number) => ({ type: "float8" as const, values: Float64Array.of(value) });
const whole = (value: number) => ({ type: "int4" as const, values: Int32Array.of(value) });

export const moranAnalysis = analysis({
  name: "moran",
  title: "Global Moran's I",
  description: "Spatial autocorrelation of a variable as one number, with analytical and permutation inference.",
  version: 1,
  parameters: z.strictObject({
    value: numberColumn("column with the variable"),
    ...location,
    weights,
    permutations: permutations(999),
    seed,
    alternative,
  }),
  rows: "one",
  columns: [
    { name: "i", type: "float8", description: "Moran's I" },
    { name: "expected", type: "float8", description: "expectation without autocorrelation, -1 / (n - 1)" },
    { name: "variance_normal", type: "float8", description: "variance if values are normal" },
    { name: "z_normal", type: "float8", description: "z-score under normality" },
    { name: "p_normal", type: "float8", description: "its two-sided p-value" },
    { name: "variance_random", type: "float8", description: "variance if values are assigned at random" },
    { name: "z_random", type: "float8", description: "z-score under randomisation" },
    { name: "p_random", type: "float8", description: "its two-sided p-value" },
    { name: "p_sim", type: "float8", description: "pseudo p-value from permutations" },
    { name: "z_sim", type: "float8", description: "z-score from permutations" },
    { name: "n", type: "int4", description: "number of rows used" },
    { name: "permutations", type: "int4", description: "number of permutations" },
    { name: "alternative", type: "text", description: "tail of p_sim" },
  ],
  run(input, p, report) {
    const built = buildWeights(p.weights, input, report);
    const result = moran(input.values.value!, built.weights, {
      ...p,
      progress: (share) => report("permutations", share),
    });
    return {
      columns: {
        i: one(result.i),
        expected: one(result.expected),
        variance_normal: one(result.varianceNormal),
        z_normal: one(result.zNormal),
        p_normal: one(result.pNormal),
        variance_random: one(result.varianceRandom),
        z_random: one(result.zRandom),
        p_random: one(result.pRandom),
        p_sim: one(result.pSim),
        z_sim: one(result.zSim),
        n: whole(input.n),
        permutations: whole(p.permutations),
        alternative: { type: "text", codes: Uint8Array.of(0), labels: [p.alternative] },
      },
      summary: {
        i: result.i,
        z_random: result.zRandom,
        p_random: result.pRandom,
        p_sim: Number.isNaN(result.pSim) ? null : result.pSim,
        weights: built.summary,
      },
      warnings: built.warnings,
    };
  },
});
