import * as z from "zod";
import { rates } from "../statistics/rates.js";
import { buildWeights } from "../weights/build.js";
import { analysis } from "./analysis.js";
import { float8 } from "./inference.js";
import { hasBase, location, rateColumns, weights } from "./parameters.js";

export const ratesAnalysis = analysis({
  name: "rates",
  title: "Rates, raw and smoothed",
  description: "Raw rates, excess risk, and rates smoothed by empirical Bayes and by the neighborhood.",
  version: 1,
  parameters: z.strictObject({ ...rateColumns, ...location, weights }),
  rows: "each",
  size: "light",
  usable: hasBase,
  columns: [
    { name: "rate", type: "float8", description: "events / base" },
    { name: "excess_risk", type: "float8", description: "the rate over that of all rows together" },
    { name: "eb_rate", type: "float8", description: "empirical Bayes: shrunk towards the rate of all" },
    { name: "spatial_rate", type: "float8", description: "events over base of the location and its neighbors" },
    { name: "spatial_eb_rate", type: "float8", description: "empirical Bayes: shrunk towards the spatial rate" },
  ],
  run(input, p, report) {
    const { events, base } = input.values as Record<"events" | "base", Float64Array>;
    const built = buildWeights(p.weights, input, report, "O");
    const result = rates(events, base, built.weights);
    const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
    return {
      columns: {
        rate: float8(result.rate),
        excess_risk: float8(result.excessRisk),
        eb_rate: float8(result.ebRate),
        spatial_rate: float8(result.spatialRate),
        spatial_eb_rate: float8(result.spatialEbRate),
      },
      summary: { rate: sum(events) / sum(base), weights: built.summary },
      warnings: built.warnings,
    };
  },
});
