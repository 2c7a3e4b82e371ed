import { ratesAnalysis } from "#dist/analyses/rates.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(ratesAnalysis, import.meta.url);
