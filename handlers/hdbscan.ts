import { hdbscanAnalysis } from "#dist/analyses/hdbscan.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(hdbscanAnalysis, import.meta.url);
