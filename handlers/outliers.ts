import { outliersAnalysis } from "#dist/analyses/outliers.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(outliersAnalysis, import.meta.url);
