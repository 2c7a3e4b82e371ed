import { dbscanAnalysis } from "#dist/analyses/dbscan.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(dbscanAnalysis, import.meta.url);
