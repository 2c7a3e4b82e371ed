import { moranBvAnalysis } from "#dist/analyses/moran_bv.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(moranBvAnalysis, import.meta.url);
