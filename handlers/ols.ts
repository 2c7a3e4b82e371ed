import { olsAnalysis } from "#dist/analyses/ols.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(olsAnalysis, import.meta.url);
