import { regressionKernel } from "../kernels/generated/regression.js";
import { withKernel } from "../kernels/load.js";
import type { Fitted } from "./local-regressions.js";

/** What a bandwidth is chosen by: the least is the best. */
export const criteria = ["AICc", "AIC", "BIC", "CV"] as const;
export type Criterion = (typeof criteria)[number];

/** How well a regression fits, with its effective number of parameters as the trace of its hat matrix. */
export interface Fit {
  rss: number;
  /** The trace of the hat matrix S. */
  trS: number;
  /** Of normal errors, at the variance rss / n. */
  logLikelihood: number;
  /** The variance counts as a parameter. */
  aic: number;
  /** Hurvich, Simonoff and Tsai (1998), doi:10.1111/1467-9868.00125; Infinity where there are too few rows for it. */
  aicc: number;
  bic: number;
  /** The mean of squared residuals where each row is left out of its own prediction. */
  cv: number;
}

/** Sums go in the order of the rows, whoever fitted them. */
export function fitOf(y: Float64Array, { predicted, influence }: Fitted): Fit {
  const n = y.length;
  let [rss, trS, left] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const residual = y[i]! - predicted[i]!;
    rss += residual * residual;
    trS += influence[i]!;
    left += (residual / (1 - influence[i]!)) ** 2;
  }
  const [logLikelihood, logN] = withKernel(regressionKernel, ({ call }) => [call.logLikelihood(n, rss), call.log(n)]);
  const parameters = trS + 1;
  const freedom = n - trS - 2;
  return {
    rss,
    trS,
    logLikelihood,
    aic: 2 * parameters - 2 * logLikelihood,
    aicc: freedom > 0 ? (2 * n * parameters) / freedom - 2 * logLikelihood : Infinity,
    bic: logN * parameters - 2 * logLikelihood,
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
