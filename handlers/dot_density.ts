import { dotDensityAnalysis } from "#dist/analyses/dot_density.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(dotDensityAnalysis, import.meta.url);
