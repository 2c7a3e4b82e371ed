import { similarAnalysis } from "#dist/analyses/similar.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(similarAnalysis, import.meta.url);
