import { nearestAnalysis } from "#dist/analyses/nearest.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(nearestAnalysis, import.meta.url);
