import { rates } from "../statistics/rates.js";
import { analysis, float8 } from "./analysis.js";
import { number, numberNot0, place, spatialWeights } from "./inputs.js";

/** Events and the base that they happen in. */
export const rateInputs = {
  events: number("column with the events, such as deaths; at least 0"),
  base: numberNot0("column with what they happen in, such as births; rows where it is 0 are undefined"),
};

export const ratesAnalysis = analysis({
  name: "rates",
  title: "Rates, raw and smoothed",
  description: "Raw rates, excess risk, and rates smoothed by empirical Bayes and by the neighborhood.",
  version: 1,
  inputs: { ...rateInputs, place: place(), weights: spatialWeights({ transform: "O", fixed: true }) },
  options: {},
  rows: "each",
  columns: {
    rate: float8("events / base"),
    excess_risk: float8("the rate over that of all rows together"),
    eb_rate: float8("empirical Bayes: shrunk towards the rate of all"),
    spatial_rate: float8("events over base of the location and its neighbors"),
    spatial_eb_rate: float8("empirical Bayes: shrunk towards the spatial rate"),
  },
  example: { of: "counties", parameters: { events: "deaths", base: "births" } },
  size: "light",
  run({ events, base, weights }) {
    const result = rates(events, base, weights);
    const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
    return {
      columns: {
        rate: result.rate,
        excess_risk: result.excessRisk,
        eb_rate: result.ebRate,
        spatial_rate: result.spatialRate,
        spatial_eb_rate: result.spatialEbRate,
      },
      summary: { rate: sum(events) / sum(base) },
    };
  },
});
