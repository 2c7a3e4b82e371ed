import { weightsAnalysis } from "#dist/analyses/weights.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(weightsAnalysis, import.meta.url);
