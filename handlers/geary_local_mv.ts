import { gearyLocalMvAnalysis } from "#dist/analyses/geary_local_mv.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(gearyLocalMvAnalysis, import.meta.url);
