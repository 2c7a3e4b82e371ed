import { getisOrdLocalAnalysis } from "#dist/analyses/getis_ord_local.js";
import { handlerOf } from "#dist/lambda/handler.js";

export const handler = handlerOf(getisOrdLocalAnalysis, import.meta.url);
