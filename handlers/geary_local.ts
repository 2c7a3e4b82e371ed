import { gearyLocalAnalysis } from "#dist/analyses/geary_local.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(gearyLocalAnalysis, import.meta.url);
