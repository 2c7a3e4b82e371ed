import * as z from "zod";
import { outlierMethods, outliers, outlierSides, type OutlierMethod } from "../statistics/outliers.js";
import { DriveshaftError } from "../errors.js";
import { analysis, float8, int4 } from "./analysis.js";
import { number } from "./inputs.js";

/** Methods whose threshold has no value that is usual. */
const GIVEN: readonly OutlierMethod[] = ["percent", "static"];

export const outliersAnalysis = analysis({
  name: "outliers",
  title: "Outliers among numbers",
  description: "Rows whose number is far from the others, by median, mean or quartiles, or beyond a given one.",
  version: 1,
  inputs: { value: number("column with the variable") },
  options: {
    method: z
      .enum(outlierMethods)
      .default("mad")
      .describe(
        "what the score is: mad, deviation from the median in median absolute deviations times 1.4826; standard_deviation, from the mean in sample standard deviations; box, interquartile ranges beyond the quartiles; percent, the value over the mean; static, the value",
      ),
    threshold: z
      .number()
      .min(-1e150)
      .max(1e150)
      .optional()
      .describe(
        "outliers are beyond this score; default 3.5 for mad, 3 for standard_deviation, 1.5 for box; required for percent and static",
      ),
    side: z
      .enum(outlierSides)
      .optional()
      .describe("which outliers are wanted; default above for percent and static, which have no both, else both"),
  },
  rows: "each",
  columns: {
    score: float8("how far the value is from the center, as method says; negative below it"),
    outlier: int4("1 of an outlier, else 0"),
  },
  leastRows: 1,
  example: { of: "counties", parameters: { value: "income", threshold: 1.5 } },
  size: "light",
  run({ value }, { method, threshold, side }) {
    if (threshold === undefined && GIVEN.includes(method)) {
      throw new DriveshaftError("INVALID_PARAMETER", `threshold is missing, which ${method} needs`, {
        hint:
          method === "static"
            ? 'Name the value beyond which rows are outliers, such as {"threshold": 100}.'
            : 'Name it as a multiple of the mean, such as {"threshold": 2}.',
      });
    }
    const found = outliers(value, { method, threshold, side });
    const count = found.outliers.reduce((sum, one) => sum + one, 0);
    return {
      columns: { score: found.scores, outlier: found.outliers },
      summary: {
        outliers: count,
        lower: found.lower ?? null,
        upper: found.upper ?? null,
        threshold: found.threshold,
        side: found.side,
      },
    };
  },
});
