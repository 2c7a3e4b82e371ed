import { mgwrAnalysis } from "#dist/analyses/mgwr.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(mgwrAnalysis, import.meta.url);
