import { hotSpotsAnalysis } from "#dist/analyses/hot_spots.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(hotSpotsAnalysis, import.meta.url);
