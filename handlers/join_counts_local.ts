import { joinCountsLocalAnalysis } from "#dist/analyses/join_counts_local.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(joinCountsLocalAnalysis, import.meta.url);
