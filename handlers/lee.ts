import { leeAnalysis } from "#dist/analyses/lee.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(leeAnalysis, import.meta.url);
