import { spatialMarkovAnalysis } from "#dist/analyses/spatial_markov.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(spatialMarkovAnalysis, import.meta.url);
