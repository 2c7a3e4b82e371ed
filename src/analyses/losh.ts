import * as z from "zod";
import { adjustP } from "../statistics/adjust-p.js";
import { losh } from "../statistics/losh.js";
import { buildWeights } from "../weights/build.js";
import { analysis } from "./analysis.js";
import { float8 } from "./inference.js";
import { correction, location, numberColumn, significance, transform, weights } from "./parameters.js";

const classes = ["heterogeneous", "not significant", "isolated"] as const;

export const loshAnalysis = analysis({
  name: "losh",
  title: "Local spatial heteroscedasticity (LOSH)",
  description: "Where values vary around a place more than elsewhere, such as at borders of clusters.",
  version: 1,
  parameters: z.strictObject({
    value: numberColumn("column with the variable"),
    ...location,
    weights,
    transform: transform("R"),
    power: z
      .number()
      .gt(0)
      .lt(100)
      .default(2)
      .describe("power of the residuals: 2 for variances, 1 for absolute deviations"),
    significance,
    correction,
  }),
  rows: "each",
  size: "standard",
  columns: [
    { name: "value", type: "float8", description: "the variable" },
    { name: "h", type: "float8", description: "LOSH: 1 where values around vary as much as everywhere" },
    { name: "variance", type: "float8", description: "its variance" },
    { name: "chi_squared", type: "float8", description: "2 h / variance, on 2 / variance degrees of freedom" },
    { name: "p", type: "float8", description: "upper-tail p-value of the chi-squared approximation" },
    { name: "p_adjusted", type: "float8", description: "p after the correction; p itself where it is none" },
    {
      name: "cluster",
      type: "text",
      description:
        "heterogeneous where p_adjusted is at most significance; else not significant, isolated (no neighbors) or undefined (no value or place)",
      unused: "undefined",
    },
  ],
  run(input, p, report) {
    const y = input.values.value!;
    const built = buildWeights(p.weights, input, report, p.transform);
    const result = losh(y, built.weights, p);
    const adjusted = adjustP(result.p, p.correction);
    const counts = classes.map(() => 0);
    const codes = Uint8Array.from(adjusted, (value, i) => {
      const code = Number.isNaN(result.h[i]!) ? 2 : value <= p.significance ? 0 : 1;
      counts[code]!++;
      return code;
    });
    return {
      columns: {
        value: float8(y),
        h: float8(result.h),
        variance: float8(result.variance),
        chi_squared: float8(result.chiSquared),
        p: float8(result.p),
        p_adjusted: float8(adjusted),
        cluster: { type: "text", codes, labels: classes },
      },
      summary: {
        clusters: Object.fromEntries(classes.map((name, code) => [name, counts[code]])),
        weights: built.summary,
      },
      warnings: built.warnings,
    };
  },
});
