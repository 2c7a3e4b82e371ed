import { joinCountsAnalysis } from "#dist/analyses/join_counts.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(joinCountsAnalysis, import.meta.url);
