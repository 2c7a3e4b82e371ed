import { densifyAnalysis } from "#dist/analyses/densify.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(densifyAnalysis, import.meta.url);
