import { meanCenterAnalysis } from "#dist/analyses/mean_center.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(meanCenterAnalysis, import.meta.url);
