import { kmeansAnalysis } from "#dist/analyses/kmeans.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(kmeansAnalysis, import.meta.url);
