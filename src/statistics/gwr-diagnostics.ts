import { regressionKernel } from "../kernels/generated/regression.js";
import { withKernel } from "../kernels/load.js";
import { devianceOf, logLikelihoodOf, type Family } from "./family.js";
import type { Fitted } from "./local-regressions.js";

/** What a bandwidth is chosen by: the least is the best. */
export const criteria = ["AICc", "AIC", "BIC", "CV"] as const;
export type Criterion = (typeof criteria)[number];

/** How well a regression fits, with its effective number of parameters as the trace of its hat matrix. */
export interface Fit {
  rss: number;
  /** Twice what the log-likelihood lacks; of a normal variable rss. */
  deviance: number;
  /** The trace of the hat matrix S. */
  trS: number;
  /** Of normal errors at the variance rss / n, which counts as a parameter. */
  logLikelihood: number;
  /** Of what is not normal from the deviance, as with GWR4 and mgwr. */
  aic: number;
  /** Hurvich, Simonoff and Tsai (1998), doi:10.1111/1467-9868.00125; Infinity where there are too few rows for it. */
  aicc: number;
  bic: number;
  /** The mean of squared residuals where each row is left out of its own prediction. */
  cv: number;
}

/** Sums go in the order of the rows, whoever fitted them. */
export function fitOf(y: Float64Array, { predicted, influence }: Fitted, family: Family): Fit {
  const n = y.length;
  let [rss, trS, left] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const residual = y[i]! - predicted[i]!;
    rss += residual * residual;
    trS += influence[i]!;
    left += (residual / (1 - influence[i]!)) ** 2;
  }
  const isNormal = family === "gaussian";
  const deviance = isNormal ? rss : devianceOf(family, y, predicted);
  const [normal, logN] = withKernel(regressionKernel, ({ call }) => [call.logLikelihood(n, rss), call.log(n)]);
  const logLikelihood = isNormal ? normal : logLikelihoodOf(family, y, predicted);
  const lack = isNormal ? -2 * logLikelihood : deviance;
  const parameters = isNormal ? trS + 1 : trS;
  const freedom = n - parameters - 1;
  return {
    rss,
    deviance,
    trS,
    logLikelihood,
    aic: lack + 2 * parameters,
    aicc: freedom > 0 ? lack + 2 * parameters + (2 * parameters * (parameters + 1)) / freedom : Infinity,
    bic: lack + logN * parameters,
    cv: left / n,
  };
}

/** The score of a fit; Infinity where it has none. */
export function scoreOf(fit: Fit, criterion: Criterion): number {
  const score = { AICc: fit.aicc, AIC: fit.aic, BIC: fit.bic, CV: fit.cv }[criterion];
  return Number.isNaN(score) ? Infinity : score;
}

/** The t that is exceeded on either side with a probability, to the last digit, by halving. */
export function criticalT(probability: number, freedom: number): number {
  return withKernel(regressionKernel, ({ call }) => {
    const isBelow = (t: number): boolean => call.fUpper(t * t, 1, freedom) > probability;
    let [low, high] = [0, 1];
    while (isBelow(high) && high < 1e12) [low, high] = [high, 2 * high];
    for (let step = 0; step < 60; step++) {
      const middle = (low + high) / 2;
      if (isBelow(middle)) low = middle;
      else high = middle;
    }
    return high;
  });
}
