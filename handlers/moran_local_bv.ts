import { moranLocalBvAnalysis } from "#dist/analyses/moran_local_bv.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(moranLocalBvAnalysis, import.meta.url);
