import { gravityAnalysis } from "#dist/analyses/gravity.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(gravityAnalysis, import.meta.url);
