import { lofAnalysis } from "#dist/analyses/lof.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(lofAnalysis, import.meta.url);
