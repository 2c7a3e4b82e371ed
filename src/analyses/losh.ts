import * as z from "zod";
import { adjustP } from "../statistics/adjust-p.js";
import { losh } from "../statistics/losh.js";
import { analysis, float8, text } from "./analysis.js";
import { number, place, spatialWeights } from "./inputs.js";
import { correction, significance } from "./parameters.js";

const classes = ["heterogeneous", "not significant", "isolated"] as const;

export const loshAnalysis = analysis({
  name: "losh",
  title: "Local spatial heteroscedasticity (LOSH)",
  description: "Where values vary around a place more than elsewhere, such as at borders of clusters.",
  version: 1,
  inputs: {
    value: number("column with the variable"),
    place: place(),
    weights: spatialWeights({ transform: "R" }),
  },
  options: {
    power: z
      .number()
      .gt(0)
      .lt(100)
      .default(2)
      .describe("power of the residuals: 2 for variances, 1 for absolute deviations"),
    significance,
    correction,
  },
  rows: "each",
  columns: {
    value: float8("the variable"),
    h: float8("LOSH: 1 where values around vary as much as everywhere"),
    variance: float8("its variance"),
    chi_squared: float8("2 h / variance, on 2 / variance degrees of freedom"),
    p: float8("upper-tail p-value of the chi-squared approximation"),
    p_adjusted: float8("p after the correction; p itself where it is none"),
    cluster: text(
      "heterogeneous where p_adjusted is at most significance; else not significant, isolated (no neighbors) or undefined (no value or place)",
      { unused: "undefined" },
    ),
  },
  example: { of: "counties", parameters: { value: "unemployment" } },
  size: "standard",
  run({ value, weights }, options) {
    const { h, variance, chiSquared, p } = losh(value, weights, options);
    const adjusted = adjustP(p, options.correction);
    const counts = [0, 0, 0];
    const codes = Int32Array.from(adjusted, (probability, i) => {
      const code = Number.isNaN(h[i]!) ? 2 : probability <= options.significance ? 0 : 1;
      counts[code]!++;
      return code;
    });
    return {
      columns: {
        value,
        h,
        variance,
        chi_squared: chiSquared,
        p,
        p_adjusted: adjusted,
        cluster: { codes, labels: classes },
      },
      summary: { clusters: Object.fromEntries(classes.map((name, code) => [name, counts[code]])) },
    };
  },
});
