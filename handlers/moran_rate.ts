import { moranRateAnalysis } from "#dist/analyses/moran_rate.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(moranRateAnalysis, import.meta.url);
