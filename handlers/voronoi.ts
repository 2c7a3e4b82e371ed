import { voronoiAnalysis } from "#dist/analyses/voronoi.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(voronoiAnalysis, import.meta.url);
