import { classifyAnalysis } from "#dist/analyses/classify.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(classifyAnalysis, import.meta.url);
