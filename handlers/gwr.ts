import { gwrAnalysis } from "#dist/analyses/gwr.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(gwrAnalysis, import.meta.url);
