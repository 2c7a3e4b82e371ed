import { hullsAnalysis } from "#dist/analyses/hulls.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(hullsAnalysis, import.meta.url);
