import { contourAnalysis } from "#dist/analyses/contour.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(contourAnalysis, import.meta.url);
