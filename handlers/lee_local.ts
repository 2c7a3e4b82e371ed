import { leeLocalAnalysis } from "#dist/analyses/lee_local.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(leeLocalAnalysis, import.meta.url);
