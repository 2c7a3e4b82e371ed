import { overlapSumAnalysis } from "#dist/analyses/overlap_sum.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(overlapSumAnalysis, import.meta.url);
