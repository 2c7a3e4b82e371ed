import { emergingHotSpotsAnalysis } from "#dist/analyses/emerging_hot_spots.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(emergingHotSpotsAnalysis, import.meta.url);
