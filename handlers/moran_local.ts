import { moranLocalAnalysis } from "#dist/analyses/moran_local.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(moranLocalAnalysis, import.meta.url);
