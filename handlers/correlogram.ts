import { correlogramAnalysis } from "#dist/analyses/correlogram.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(correlogramAnalysis, import.meta.url);
