import { quantileLisaAnalysis } from "#dist/analyses/quantile_lisa.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(quantileLisaAnalysis, import.meta.url);
