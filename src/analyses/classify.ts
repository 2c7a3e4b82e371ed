import * as z from "zod";
import { DriveshaftError } from "../errors.js";
import { classifications, classify, countable, MOST_CLASSES, type Classes } from "../statistics/classify.js";
import { analysis, int4 } from "./analysis.js";
import { number } from "./inputs.js";

export const classifyAnalysis = analysis({
  name: "classify",
  title: "Classes of numbers",
  description: "Which class each row's number is in, by quantiles, natural breaks, equal intervals and others.",
  version: 1,
  inputs: { value: number("column with the variable") },
  options: {
    method: z
      .enum(classifications)
      .default("quantile")
      .describe(
        "what classes are: quantile, of as many rows each; jenks, natural breaks; equal_interval; heads_tails, parted at means; standard_deviation, box, percentile, which have classes of their own",
      ),
    classes: z
      .int()
      .min(2)
      .max(MOST_CLASSES)
      .optional()
      .describe("number of classes; default 5; of heads_tails at most, default as many as there are"),
  },
  rows: "each",
  columns: { class: int4("class, 1 the lowest: the first whose upper edge is not below the value") },
  leastRows: 1,
  example: { of: "counties", parameters: { value: "income", method: "jenks", classes: 4 } },
  size: "light",
  run({ value }, { method, classes: k }) {
    if (k !== undefined && !countable.includes(method)) {
      const message = `classes is ${k}, but method is ${method}, which has classes of its own`;
      throw new DriveshaftError("INVALID_PARAMETER", message, { hint: "Leave classes out, or use quantile or jenks." });
    }
    const found = classify(value, { method, k });
    const { classes, breaks, counts, within, total } = found;
    return {
      columns: { class: classes },
      summary: {
        breaks: [...breaks],
        counts: [...counts],
        within,
        // goodness of variance fit
        explained: total > 0 ? 1 - within / total : null,
      },
      warnings: warningsOf(found, method, k),
    };
  },
});

function warningsOf({ breaks, counts, total }: Classes, method: string, k: number | undefined): string[] {
  if (total === 0) return [`every value is ${breaks[0]}; there is one class`];
  const empty = counts.reduce((count, size) => count + Number(size === 0), 0);
  return [
    ...(method === "jenks" && k !== undefined && breaks.length < k
      ? [`there are ${breaks.length} distinct values, so there are no more classes`]
      : []),
    ...(method === "quantile" && empty > 0 ? [`equal values leave ${empty} classes empty`] : []),
  ];
}
