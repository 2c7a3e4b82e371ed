import { rectangleGridAnalysis } from "#dist/analyses/rectangle_grid.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(rectangleGridAnalysis, import.meta.url);
