import { interpolateAnalysis } from "#dist/analyses/interpolate.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(interpolateAnalysis, import.meta.url);
