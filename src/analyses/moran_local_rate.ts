import * as z from "zod";
import { moranLocal } from "../statistics/moran-local.js";
import { ebStandardized } from "../statistics/rates.js";
import { buildWeights } from "../weights/build.js";
import { analysis, statisticOptions } from "./analysis.js";
import { float8 } from "./inference.js";
import { moranLocalColumns, moranLocalOutput, moranLocalParameters } from "./moran_local.js";
import { hasBase, rateColumns } from "./parameters.js";

export const moranLocalRateAnalysis = analysis({
  name: "moran_local_rate",
  title: "Local Moran's I of rates",
  description: "Clusters of high and low rates, standardised so that small bases do not look like clusters.",
  version: 1,
  parameters: z.strictObject({ ...rateColumns, ...moranLocalParameters }),
  rows: "each",
  size: "standard",
  usable: hasBase,
  columns: [
    { name: "rate", type: "float8", description: "events / base" },
    { name: "eb_standardized", type: "float8", description: "the rate, standardised by empirical Bayes" },
    ...moranLocalColumns("standardised rates"),
  ],
  run(input, p, report) {
    const { events, base } = input.values as Record<"events" | "base", Float64Array>;
    const rate = ebStandardized(events, base);
    const built = buildWeights(p.weights, input, report, p.transform);
    const options = statisticOptions(p, input, report);
    const output = moranLocalOutput(moranLocal(rate, built.weights, options), built, p);
    return {
      ...output,
      columns: {
        rate: float8(events.map((count, i) => count / base[i]!)),
        eb_standardized: float8(rate),
        ...output.columns,
      },
    };
  },
});
