import { DriveshaftError } from "../errors.js";
import { ols, type Ols } from "../statistics/ols.js";
import { analysis, float8, text, type Said } from "./analysis.js";
import type { Example } from "./example.js";
import { number, place, several, spatialWeights, withNames, type ValuesOf } from "./inputs.js";
import { byOutput } from "./outputs.js";
import { variableNames } from "./regression.js";

const INTERCEPT = "intercept";

/** Belsley's condition number above which coefficients are said to be uncertain together. */
const HIGH_CONDITION = 30;

const example: Example = {
  of: "counties",
  parameters: { dependent: "income", covariates: ["unemployment", "births"], weights: { type: "queen" } },
};

/** What is declared of both results. */
const shared = {
  name: "ols",
  title: "Ordinary least squares",
  description: "A linear regression, with tests of its residuals: normal, of equal variance, and not in space.",
  version: 1,
  inputs: {
    dependent: withNames(number("column with the dependent variable")),
    covariates: withNames(several("columns with the covariates; the intercept is added", 1)),
    place: place(),
    weights: spatialWeights({ transform: "R", fixed: true }),
  },
  options: {},
  example,
  size: "standard" as const,
  // White's test has the square of as many columns
  cost: [
    ["rows", "covariates"],
    ["rows", "covariates", "neighbors"],
    ["rows", "covariates", "covariates"],
    ["rows", "covariates", "covariates", "covariates", "covariates"],
  ],
};

export const olsAnalysis = byOutput("what the rows of the result are: coefficients, or the query's", {
  coefficients: analysis({
    ...shared,
    rows: "several",
    columns: {
      variable: text("intercept, or the covariate"),
      coefficient: float8("its coefficient"),
      standard_error: float8("standard error of the coefficient"),
      t: float8("coefficient over its standard error"),
      p: float8("two-sided p-value of t"),
      vif: float8("variance inflation factor, null of the intercept"),
    },
    key: ["variable"],
    run(values) {
      const { result, variables, ...said } = regression(values);
      return {
        columns: {
          variable: { codes: Int32Array.from(variables.keys()), labels: variables },
          coefficient: result.coefficients,
          standard_error: result.standardErrors,
          t: result.t,
          p: result.p,
          vif: result.vif,
        },
        ...said,
      };
    },
  }),
  rows: analysis({
    ...shared,
    rows: "each",
    columns: {
      predicted: float8("what the regression predicts"),
      residual: float8("the dependent variable less that"),
      influence: float8("share of the row's own value in what is predicted there: the diagonal of the hat matrix"),
    },
    run(values) {
      const { result, summary, warnings } = regression(values);
      const { predicted, residuals, influence } = result;
      return { columns: { predicted, residual: residuals, influence }, summary, warnings };
    },
  }),
});

type Values = ValuesOf<typeof shared.inputs>;

/** The regression, and what is said of it whichever its output. */
function regression({ dependent, covariates, weights }: Values): Said & { result: Ols; variables: string[] } {
  const names = variableNames(dependent, covariates);
  if (names.covariates.includes(INTERCEPT)) {
    const message = `a covariate is called ${INTERCEPT}, as is the variable that is always there`;
    throw new DriveshaftError("INVALID_PARAMETER", message, { hint: "Give it another name in the query." });
  }
  const result = ols(dependent.values, covariates.values, { weights, names });
  return {
    result,
    variables: [INTERCEPT, ...names.covariates],
    summary: summaryOf(result),
    warnings: warningsOf(result),
  };
}

function summaryOf(result: Ols): Record<string, unknown> {
  const { f } = result;
  const spatial = result.spatial!;
  return {
    r2: result.r2,
    adjusted_r2: result.adjustedR2,
    sigma2: result.sigma2,
    f,
    log_likelihood: result.logLikelihood,
    aic: result.aic,
    bic: result.bic,
    rss: result.rss,
    condition_number: result.conditionNumber,
    jarque_bera: result.jarqueBera,
    breusch_pagan: result.breuschPagan,
    koenker_bassett: result.koenkerBassett,
    white: result.white,
    lm_lag: spatial.lmLag,
    lm_error: spatial.lmError,
    robust_lm_lag: spatial.robustLmLag,
    robust_lm_error: spatial.robustLmError,
    sarma: spatial.sarma,
    moran_residuals: spatial.moranResiduals,
  };
}

function warningsOf({ isExact, conditionNumber, white }: Ols): string[] {
  const condition = conditionNumber.toFixed(0);
  return [
    ...(isExact ? ["the covariates give the dependent variable exactly: there are no residuals to test"] : []),
    ...(conditionNumber > HIGH_CONDITION
      ? [`the condition number is ${condition}, above ${HIGH_CONDITION}: covariates are nearly collinear`]
      : []),
    ...(!isExact && Number.isNaN(white.statistic)
      ? ["white is null: the squares and products of the covariates are too many for the rows, or to go through"]
      : []),
  ];
}
