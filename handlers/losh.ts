import { loshAnalysis } from "#dist/analyses/losh.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(loshAnalysis, import.meta.url);
