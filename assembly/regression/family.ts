/**
 * Families of regressions with their canonical links: what a row counts in the next step of reweighted least squares is
 * then the variance at its mean. McCullagh and Nelder (1989), Generalized Linear Models.
 */
import { logGamma } from "../shared/gamma";

export const NORMAL: i32 = 0;
export const POISSON: i32 = 1;
export const LOGISTIC: i32 = 2;

/** The mean at a linear predictor. */
export function meanAt(family: i32, predictor: f64): f64 {
  if (family == NORMAL) return predictor;
  return family == POISSON ? Math.exp(predictor) : 1.0 / (1.0 + Math.exp(-predictor));
}

export function varianceAt(family: i32, mean: f64): f64 {
  return family == NORMAL ? 1.0 : family == POISSON ? mean : mean * (1.0 - mean);
}

/** The linear predictor from which a row starts, of Poisson and logistic regressions. */
export function startAt(family: i32, y: f64): f64 {
  return family == POISSON ? Math.log(y + 0.1) : y > 0.5 ? Math.log(3.0) : -Math.log(3.0);
}

/** Whether a linear predictor is on its way to where all counts are 0, or all rows alike. */
export function isBeyond(family: i32, predictor: f64): bool {
  return predictor < -30.0 || predictor > (family == POISSON ? 600.0 : 30.0);
}

/** What a row adds to the deviance: twice what its log-likelihood lacks. */
export function devianceOf(family: i32, y: f64, mean: f64): f64 {
  if (family == NORMAL) return (y - mean) * (y - mean);
  if (family == POISSON) return 2.0 * ((y > 0.0 ? y * Math.log(y / mean) : 0.0) - (y - mean));
  return -2.0 * Math.log(y > 0.5 ? mean : 1.0 - mean);
}

/** Twice what the log-likelihood of all rows lacks; of a normal variable, at a variance of 1, the sum of squares. */
export function deviance(family: i32, y: Float64Array, means: Float64Array): f64 {
  let sum = 0.0;
  for (let i = 0; i < y.length; i++) sum += devianceOf(family, unchecked(y[i]), unchecked(means[i]));
  return sum;
}

/** The log-likelihood of counts, or of zeros and ones. */
export function logLikelihoodAt(family: i32, y: Float64Array, means: Float64Array): f64 {
  let sum = 0.0;
  for (let i = 0; i < y.length; i++) {
    const mean = unchecked(means[i]);
    const value = unchecked(y[i]);
    if (family == POISSON) sum += (value > 0.0 ? value * Math.log(mean) : 0.0) - mean - logGamma(value + 1.0);
    else sum += Math.log(value > 0.5 ? mean : 1.0 - mean);
  }
  return sum;
}

/** Turns linear predictors into means, in their place. */
export function toMeans(family: i32, predictors: Float64Array): void {
  for (let i = 0; i < predictors.length; i++) unchecked((predictors[i] = meanAt(family, predictors[i])));
}
