import { moranLocalRateAnalysis } from "#dist/analyses/moran_local_rate.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(moranLocalRateAnalysis, import.meta.url);
