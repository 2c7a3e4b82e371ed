import { DriveshaftError } from "../errors.js";
import { regressionKernel } from "../kernels/generated/regression.js";
import { withKernel } from "../kernels/load.js";

/** What a dependent variable is, each with its canonical link, in the order of assembly/regression/family.ts. */
export const families = ["gaussian", "poisson", "logistic"] as const;
export type Family = (typeof families)[number];

/** @throws INVALID_PARAMETER where a value is none of the family */
export function checkFamily(family: Family, y: Float64Array, name: string): void {
  if (family === "gaussian") return;
  const wrong = y.find((value) => (family === "poisson" ? !(value >= 0) : value !== 0 && value !== 1));
  if (wrong !== undefined) {
    const expected = family === "poisson" ? "counts: numbers of at least 0" : "0 or 1";
    throw new DriveshaftError("INVALID_PARAMETER", `a value of ${name} is ${wrong}, ${family} needs ${expected}`);
  }
}

/** Twice what the log-likelihood of these means lacks; of a normal variable the sum of squares. */
export function devianceOf(family: Family, y: Float64Array, means: Float64Array): number {
  return withKernel(regressionKernel, ({ call, float64 }) =>
    call.deviance(families.indexOf(family), float64(y), float64(means)),
  );
}

/** The log-likelihood of counts, or of zeros and ones. */
export function logLikelihoodOf(family: Family, y: Float64Array, means: Float64Array): number {
  return withKernel(regressionKernel, ({ call, float64 }) =>
    call.logLikelihoodAt(families.indexOf(family), float64(y), float64(means)),
  );
}

/** The means that coefficients, the intercept first, give. */
export function meansOf(family: Family, coefficients: Float64Array, covariates: Float64Array[]): Float64Array {
  return withKernel(regressionKernel, ({ call, float64, readFloat64 }) => {
    const predictors = float64(
      covariates[0]!.map((_, i) =>
        covariates.reduce((sum, values, c) => sum + coefficients[c + 1]! * values[i]!, coefficients[0]!),
      ),
    );
    call.toMeans(families.indexOf(family), predictors);
    return readFloat64(predictors);
  });
}
