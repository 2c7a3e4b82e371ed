import * as z from "zod";
import { DriveshaftError } from "../errors.js";
import { criteria } from "../statistics/gwr-diagnostics.js";
import type { VariableNames } from "../statistics/least-squares.js";
import { kernels } from "../statistics/local-regressions.js";
import { float8 } from "./analysis.js";

/** What variables of a regression are called. @throws INVALID_PARAMETER where the dependent one is among the covariates */
export function variableNames(dependent: { names: string[] }, covariates: { names: string[] }): VariableNames {
  const names = { dependent: dependent.names[0]!, covariates: covariates.names };
  if (!names.covariates.includes(names.dependent)) return names;
  const message = `${names.dependent} is the dependent variable, and among the covariates too`;
  throw new DriveshaftError("INVALID_PARAMETER", message, { hint: "Leave it out of the covariates." });
}

/** Parameters of local regressions. */

export const bandwidth = (description: string) => z.number().gt(0).lt(1e300).optional().describe(description);

export const kernel = z
  .enum(kernels)
  .default("bisquare")
  .describe("how the weight of a row falls with its distance d, in bandwidths: (1 - d²)², exp(-d² / 2), exp(-d)");

export const criterion = z
  .enum(criteria)
  .default("AICc")
  .describe("what a bandwidth that is searched for has the least of");

export const maxSeconds = z
  .number()
  .gt(0)
  .lt(1e6)
  .optional()
  .describe("seconds after which iterations end with the best so far; default never");

/** Columns of the intercept and of each covariate. */
export const coefficientColumns = {
  coefficient_intercept: float8("the intercept"),
  coefficient: float8("coefficient of the covariate", { each: "covariates" }),
  se_intercept: float8("standard error of the intercept"),
  se: float8("standard error of the coefficient", { each: "covariates" }),
  t_intercept: float8("the intercept over its standard error"),
  t: float8("the coefficient over its standard error", { each: "covariates" }),
  filtered_t_intercept: float8("that t, 0 where it is not significant among all locations"),
  filtered_t: float8("that t, 0 where it is not significant among all locations", { each: "covariates" }),
};

/** What local regressions found of the intercept, then of each covariate. */
interface LocalInference {
  coefficients: Float64Array[];
  standardErrors: Float64Array[];
  t: Float64Array[];
  filteredT: Float64Array[];
}

/** The values of those columns. */
export function coefficientsOf({ coefficients, standardErrors, t, filteredT }: LocalInference) {
  return {
    coefficient_intercept: coefficients[0]!,
    coefficient: coefficients.slice(1),
    se_intercept: standardErrors[0]!,
    se: standardErrors.slice(1),
    t_intercept: t[0]!,
    t: t.slice(1),
    filtered_t_intercept: filteredT[0]!,
    filtered_t: filteredT.slice(1),
  };
}
