import * as z from "zod";
import type { ColumnData, ColumnSpec } from "../table/columns.js";
import { joinCounts } from "../statistics/join-counts.js";
import { buildWeights } from "../weights/build.js";
import { analysis, statisticOptions } from "./analysis.js";
import { one, whole, word } from "./inference.js";
import { globalInferenceParameters, location, numberColumn, transform, weights } from "./parameters.js";

const joins = { bb: "two ones", bw: "a one and a zero", ww: "two zeros" } as const;

const columnsOf = (name: keyof typeof joins): ColumnSpec[] => [
  { name, type: "float8", description: `joins of ${joins[name]}, each pair once` },
  { name: `${name}_expected`, type: "float8", description: "their expectation if the ones are assigned at random" },
  { name: `${name}_variance`, type: "float8", description: "their variance then" },
  { name: `${name}_z`, type: "float8", description: "their z-score" },
  { name: `${name}_p`, type: "float8", description: "its two-sided p-value" },
  { name: `${name}_p_sim`, type: "float8", description: "pseudo p-value from permutations" },
  { name: `${name}_z_sim`, type: "float8", description: "z-score from permutations" },
];

export const joinCountsAnalysis = analysis({
  name: "join_counts",
  title: "Join counts",
  description: "Whether the ones of a binary variable are neighbors of ones more often than by chance, as numbers.",
  version: 1,
  parameters: z.strictObject({
    value: numberColumn("column with the variable, 0 or 1"),
    ...location,
    weights,
    transform: transform("B"),
    ...globalInferenceParameters,
  }),
  rows: "one",
  size: "heavy",
  columns: [
    ...columnsOf("bb"),
    ...columnsOf("bw"),
    ...columnsOf("ww"),
    { name: "n", type: "int4", description: "number of rows used" },
    { name: "permutations", type: "int4", description: "number of permutations" },
    { name: "alternative", type: "text", description: "tail of the pseudo p-values" },
  ],
  run(input, p, report) {
    const built = buildWeights(p.weights, input, report, p.transform);
    const result = joinCounts(input.values.value!, built.weights, statisticOptions(p, input, report));
    const columns: Record<string, ColumnData> = {
      n: whole(input.n),
      permutations: whole(p.permutations),
      alternative: word(p.alternative),
    };
    for (const name of ["bb", "bw", "ww"] as const) {
      const { count, expected, variance, z: score, p: probability, pSim, zSim } = result[name];
      columns[name] = one(count);
      columns[`${name}_expected`] = one(expected);
      columns[`${name}_variance`] = one(variance);
      columns[`${name}_z`] = one(score);
      columns[`${name}_p`] = one(probability);
      columns[`${name}_p_sim`] = one(pSim);
      columns[`${name}_z_sim`] = one(zSim);
    }
    return {
      columns,
      summary: { bb: result.bb.count, bw: result.bw.count, ww: result.ww.count, weights: built.summary },
      warnings: built.warnings,
    };
  },
});
