import { segmentAnalysis } from "#dist/analyses/segment.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(segmentAnalysis, import.meta.url);
