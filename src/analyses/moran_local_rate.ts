import { moranLocal } from "../statistics/moran_local.js";
import { ebStandardized } from "../statistics/rates.js";
import { analysis, float8, statisticOptions } from "./analysis.js";
import { place, spatialWeights, strata } from "./inputs.js";
import { moranLocalColumns, moranLocalOptions, moranLocalOutput } from "./moran_local.js";
import { rateInputs } from "./rates.js";

export const moranLocalRateAnalysis = analysis({
  name: "moran_local_rate",
  title: "Local Moran's I of rates",
  description: "Clusters of high and low rates, standardised so that small bases do not look like clusters.",
  version: 2,
  inputs: { ...rateInputs, place: place(), weights: spatialWeights({ transform: "R" }), strata: strata() },
  options: moranLocalOptions,
  rows: "each",
  columns: {
    rate: float8("events / base"),
    eb_standardized: float8("the rate, standardised by empirical Bayes"),
    ...moranLocalColumns("standardised rates"),
  },
  example: { of: "counties", parameters: { events: "deaths", base: "births" } },
  size: "standard",
  run({ events, base, weights, strata }, options, context) {
    const standardized = ebStandardized(events, base);
    const local = moranLocal(standardized, weights, statisticOptions({ ...options, strata }, context));
    const output = moranLocalOutput(local, weights, options);
    const rate = events.map((count, i) => count / base[i]!);
    return { ...output, columns: { rate, eb_standardized: standardized, ...output.columns } };
  },
});
