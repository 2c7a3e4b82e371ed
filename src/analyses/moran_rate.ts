import * as z from "zod";
import { moran } from "../statistics/moran.js";
import { ebStandardized } from "../statistics/rates.js";
import { buildWeights } from "../weights/build.js";
import { analysis, statisticOptions } from "./analysis.js";
import { moranColumns, moranOutput } from "./moran.js";
import { globalInferenceParameters, hasBase, location, rateColumns, transform, weights } from "./parameters.js";

export const moranRateAnalysis = analysis({
  name: "moran_rate",
  title: "Global Moran's I of rates",
  description: "Spatial autocorrelation of rates, standardised so that small bases do not look like it.",
  version: 1,
  parameters: z.strictObject({
    ...rateColumns,
    ...location,
    weights,
    transform: transform("R"),
    ...globalInferenceParameters,
  }),
  rows: "one",
  size: "heavy",
  usable: hasBase,
  columns: moranColumns,
  run(input, p, report) {
    const built = buildWeights(p.weights, input, report, p.transform);
    const options = statisticOptions(p, input, report);
    const rate = ebStandardized(input.values.events!, input.values.base!);
    const { columns, summary } = moranOutput(moran(rate, built.weights, options), input.n, p);
    return { columns, summary: { ...summary, weights: built.summary }, warnings: built.warnings };
  },
});
