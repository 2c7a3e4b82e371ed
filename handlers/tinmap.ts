import { tinmapAnalysis } from "#dist/analyses/tinmap.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(tinmapAnalysis, import.meta.url);
