import { gearyAnalysis } from "#dist/analyses/geary.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(gearyAnalysis, import.meta.url);
