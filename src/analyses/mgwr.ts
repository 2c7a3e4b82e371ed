import * as z from "zod";
import { mgwr, type Mgwr } from "../statistics/mgwr.js";
import { analysis, float8 } from "./analysis.js";
import { number, place, several, withNames } from "./inputs.js";
import { greatCircle } from "./parameters.js";
import {
  bandwidth,
  coefficientColumns,
  coefficientsOf,
  criterion,
  kernel,
  maxSeconds,
  variableNames,
} from "./regression.js";

/** With more rows the hat matrix takes minutes, as its time grows with their cube. */
const MOST_ROWS = 2000;

export const mgwrAnalysis = analysis({
  name: "mgwr",
  title: "Multiscale geographically weighted regression",
  description: "A regression at each place, in which every covariate has a bandwidth of its own.",
  version: 1,
  inputs: {
    dependent: withNames(number("column with the dependent variable")),
    covariates: withNames(several("columns with the covariates; the intercept is added", 1)),
    place: place(),
  },
  options: {
    kernel,
    fixed: z
      .boolean()
      .default(false)
      .describe("bandwidths are distances, in units of the coordinates or metres; else numbers of nearest rows"),
    bandwidths: z
      .array(z.number().gt(0).lt(1e300).describe("a bandwidth"))
      .min(2)
      .max(101)
      .optional()
      .describe("the bandwidths, that of the intercept first; default by search"),
    criterion,
    bandwidth_min: bandwidth("least bandwidth of the search; default 42 rows, or a distance"),
    bandwidth_max: bandwidth("most bandwidth of the search; default all rows, or a distance"),
    standardize: z
      .boolean()
      .default(true)
      .describe("every variable is brought to mean 0 and standard deviation 1, and the result is in these units"),
    tolerance: z
      .number()
      .gt(0)
      .lt(1)
      .default(1e-5)
      .describe("back-fitting ends where what changes is a smaller share than this"),
    max_iterations: z.int().min(1).max(10_000).default(200).describe("iterations of back-fitting at most"),
    max_seconds: maxSeconds,
    standard_errors: z
      .boolean()
      .default(true)
      .describe(`whether the hat matrix is made, for standard errors and AICc; of ${MOST_ROWS} rows at most`),
    great_circle: greatCircle,
  },
  rows: "each",
  columns: {
    ...coefficientColumns,
    predicted: float8("what the regression predicts"),
    residual: float8("the dependent variable less that"),
  },
  example: {
    of: "counties",
    parameters: { dependent: "income", covariates: ["unemployment"], bandwidths: [10, 12], bandwidth_min: 8 },
  },
  size: "heavy",
  cost: [
    ["rows", "covariates"],
    ["rows", "around"],
    ["rows", "around", "covariates"],
  ],
  run({ dependent, covariates, place }, options, { n, threads, report }) {
    const names = variableNames(dependent, covariates);
    const { xs, ys } = place.points(options.great_circle, "great_circle");
    const standardErrors = options.standard_errors && n <= MOST_ROWS;
    const result = mgwr(dependent.values, covariates.values, xs, ys, {
      ...options,
      bandwidthMin: options.bandwidth_min,
      bandwidthMax: options.bandwidth_max,
      maxIterations: options.max_iterations,
      maxSeconds: options.max_seconds,
      standardErrors,
      greatCircle: options.great_circle,
      names,
      threads: n > 200 ? threads : 1,
      progress: (share) => report("back-fitting", share),
    });
    return {
      columns: columnsOf(result, n),
      summary: summaryOf(result, names.covariates),
      warnings: [
        ...(result.ended === "converged"
          ? []
          : [`back-fitting ended by max_${result.ended}, while a share of ${result.change} still changed`]),
        ...(options.standard_errors && !standardErrors
          ? [`${n} rows are more than ${MOST_ROWS}: there are no standard errors, and no AICc`]
          : []),
      ],
    };
  },
});

function columnsOf({ coefficients, predicted, residuals, inference }: Mgwr, n: number) {
  const none = coefficients.map(() => new Float64Array(n).fill(NaN));
  const inferred = inference ?? { standardErrors: none, t: none, filteredT: none };
  return {
    ...coefficientsOf({ coefficients, ...inferred }),
    predicted,
    residual: residuals,
  };
}

function summaryOf(result: Mgwr, covariates: readonly string[]): Record<string, unknown> {
  const { inference } = result;
  return {
    bandwidths: result.bandwidths,
    variables: ["intercept", ...covariates].map((name, v) => ({
      name,
      bandwidth: result.bandwidths[v],
      effective_parameters: inference?.effectiveParameters[v] ?? null,
      critical_t: inference?.criticalTs[v] ?? null,
    })),
    back_fitting: { ended: result.ended, iterations: result.iterations, change: result.change, from: result.bandwidth },
    rss: result.rss,
    tr_s: inference?.trS ?? null,
    sigma2: inference?.sigma2 ?? null,
    log_likelihood: inference?.logLikelihood ?? null,
    aic: inference?.aic ?? null,
    aicc: inference?.aicc ?? null,
    bic: inference?.bic ?? null,
  };
}
