import { moran } from "../statistics/moran.js";
import { ebStandardized } from "../statistics/rates.js";
import { analysis, statisticOptions } from "./analysis.js";
import { place, spatialWeights } from "./inputs.js";
import { moranColumns, moranOutput } from "./moran.js";
import { globalParameters } from "./parameters.js";
import { rateInputs } from "./rates.js";

export const moranRateAnalysis = analysis({
  name: "moran_rate",
  title: "Global Moran's I of rates",
  description: "Spatial autocorrelation of rates, standardised so that small bases do not look like it.",
  version: 1,
  inputs: { ...rateInputs, place: place(), weights: spatialWeights({ transform: "R" }) },
  options: globalParameters,
  rows: "one",
  columns: moranColumns,
  example: { of: "counties", parameters: { events: "deaths", base: "births" } },
  size: "heavy",
  run({ events, base, weights }, options, context) {
    const rate = ebStandardized(events, base);
    return moranOutput(moran(rate, weights, statisticOptions(options, context)), context.n, options);
  },
});
