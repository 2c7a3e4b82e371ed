import { getisOrdAnalysis } from "#dist/analyses/getis_ord.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(getisOrdAnalysis, import.meta.url);
