import { poleOfInaccessibilityAnalysis } from "#dist/analyses/pole_of_inaccessibility.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(poleOfInaccessibilityAnalysis, import.meta.url);
