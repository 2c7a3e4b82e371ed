import { moranAnalysis } from "#dist/analyses/moran.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(moranAnalysis, import.meta.url);
