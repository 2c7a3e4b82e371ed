import * as z from "zod";
import { DriveshaftError } from "../errors.js";
import { gwr, type Gwr, type LocalCoefficients } from "../statistics/gwr.js";
import { families } from "../statistics/family.js";
import { regressionOrigins, remedies } from "../statistics/local-regressions.js";
import { moran } from "../statistics/moran.js";
import { among } from "../weights/among.js";
import { refuseDiagonal, type Weights } from "../weights/weights.js";
import { analysis, float8, text, type Context, type Said } from "./analysis.js";
import type { Example } from "./example.js";
import { number, place, several, spatialWeights, withNames, type ValuesOf } from "./inputs.js";
import { byGiven } from "./outputs.js";
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
import { optionalTable, type TablesOf } from "./tables.js";

/** Condition number above which coefficients are said to be uncertain together. */
const HIGH_CONDITION = 30;

/** Rows that regressions take in, all together, from which on threads are worth their start. */
const WORTH_THREADS = 5_000_000;

/** Bandwidths that a search tries, about. */
const TRIED = 15;

const inputs = {
  dependent: withNames(
    number("column with the dependent variable; rows where it is null are predicted", { missing: "keep" }),
  ),
  covariates: withNames(several("columns with the covariates; the intercept is added", 1)),
  place: place(),
  weights: spatialWeights({ transform: "R", fixed: true }),
};

const options = {
  family: z
    .enum(families)
    .default("gaussian")
    .describe("what the dependent variable is: gaussian; poisson, counts; logistic, 0 or 1"),
  kernel,
  fixed: z
    .boolean()
    .default(false)
    .describe("the bandwidth is a distance, in units of the coordinates or metres; else a number of nearest rows"),
  bandwidth: bandwidth("the bandwidth; of nearest rows the row itself is the first; default by search"),
  criterion,
  bandwidth_min: bandwidth(
    "least bandwidth of the search; default 40 rows and two for each coefficient, or a distance",
  ),
  bandwidth_max: bandwidth("most bandwidth of the search; default all rows, or a distance"),
  max_iterations: z.int().min(1).max(10_000).default(200).describe("iterations of the search at most"),
  max_seconds: maxSeconds,
  singular: z
    .enum(remedies)
    .default("wider")
    .describe("what a location whose matrix is singular gets: a wider bandwidth, or a ridge"),
  great_circle: greatCircle,
};

const tables = {
  targets: optionalTable("places that are predicted instead of the rows, with id, place and covariates", {
    place: place(),
    covariates: several("columns with the covariates", 1),
  }),
};

const placeColumns = {
  local_r2: float8("share of the variation around the place that is explained there"),
  condition_number: float8("condition number of the covariates around the place; above 30 coefficients are uncertain"),
  local_bandwidth: float8("how far the bandwidth reaches from here, in units of the coordinates or metres"),
  fit: text("as asked; what a singular matrix got: wider bandwidth, ridge; not converged; or none"),
};

const predicted = { predicted: float8("what the regression here predicts") };

const example: Example = {
  of: "counties",
  parameters: { dependent: "income", covariates: ["unemployment"], bandwidth: 12 },
};

const shared = {
  name: "gwr",
  title: "Geographically weighted regression",
  description: "A linear regression at each place, of the rows around it: how coefficients differ over space.",
  version: 1,
  inputs,
  options,
  size: "heavy" as const,
  cost: [
    ["rows", "covariates"],
    ["rows", "around"],
    ["rows", "around", "covariates"],
    ["rows", "around", "covariates", "covariates"],
  ],
};

export const gwrAnalysis = byGiven(
  "targets",
  analysis({
    ...shared,
    rows: "each",
    columns: {
      ...coefficientColumns,
      ...predicted,
      residual: float8("the dependent variable less that"),
      influence: float8("share of the row's own value in what is predicted there: the diagonal of the hat matrix"),
      ...placeColumns,
    },
    example,
    run(values, options, context) {
      const { result, summary, warnings } = regressions(values, options, context);
      const { residuals, influence } = result;
      return { columns: { ...columnsOf(result), residual: residuals, influence }, summary, warnings };
    },
  }),
  analysis({
    ...shared,
    tables,
    rows: "any",
    of: "targets",
    columns: { ...coefficientColumns, ...predicted, ...placeColumns },
    example: { ...example, tables: { targets: "counties" } },
    run(values, options, context) {
      const { result, summary, warnings } = regressions(values, options, context);
      const { n } = values.targets!;
      return {
        rows: Int32Array.from({ length: n }, (_, target) => target),
        columns: columnsOf(result.targets!),
        summary: { targets: n, ...summary },
        warnings,
      };
    },
  }),
);

type Values = ValuesOf<typeof inputs> & Partial<TablesOf<typeof tables>>;
type Options = z.infer<z.ZodObject<typeof options>>;

/** The regressions, and what is said of them whichever rows are asked for. */
function regressions(
  { dependent, covariates, place, weights, targets }: Values,
  options: Options,
  { n, threads, report }: Context,
): Said & { result: Gwr } {
  const names = variableNames(dependent, covariates);
  if (targets && targets.covariates.length !== names.covariates.length) {
    const [given, expected] = [targets.covariates.length, names.covariates.length];
    const message = `targets_covariates names ${given} columns, covariates ${expected}`;
    throw new DriveshaftError("INVALID_PARAMETER", message, { hint: "Name a column for each, in the same order." });
  }
  refuseDiagonal(weights, "gwr");
  const greatCircle = options.great_circle;
  const { xs, ys } = place.points(greatCircle, "great_circle");
  const result = gwr(dependent.values, covariates.values, xs, ys, {
    ...options,
    bandwidthMin: options.bandwidth_min,
    bandwidthMax: options.bandwidth_max,
    maxIterations: options.max_iterations,
    maxSeconds: options.max_seconds,
    greatCircle,
    names,
    targets: targets && { ...targets.place.points(greatCircle, "great_circle"), covariates: targets.covariates },
    threads: isWorthThreads(n, options) ? threads : 1,
    progress: (share) => report("regressions", share),
  });
  return { result, summary: summaryOf(result, options, names.covariates, weights), warnings: warningsOf(result) };
}

function isWorthThreads(n: number, { kernel, fixed, bandwidth }: Options): boolean {
  const rows = fixed || kernel !== "bisquare" ? n : (bandwidth ?? n / 4);
  return n * rows * (bandwidth === undefined ? TRIED : 1) >= WORTH_THREADS;
}

function columnsOf(result: LocalCoefficients) {
  return {
    ...coefficientsOf(result),
    predicted: result.predicted,
    local_r2: result.localR2,
    condition_number: result.conditionNumbers,
    local_bandwidth: result.bandwidths,
    fit: { codes: result.origins, labels: regressionOrigins },
  };
}

function summaryOf(
  result: Gwr,
  options: Options,
  covariates: readonly string[],
  weights: Weights,
): Record<string, unknown> {
  const { search, global } = result;
  return {
    bandwidth: result.bandwidth,
    ...(search && {
      search: {
        criterion: options.criterion,
        converged: search.converged,
        ended: search.ended,
        iterations: search.iterations,
        tried: search.tried.map(({ at, score }) => ({ bandwidth: at, score })),
      },
    }),
    observed: result.residuals.reduce((count, value) => count + Number(!Number.isNaN(value)), 0),
    aicc: result.aicc,
    aic: result.aic,
    bic: result.bic,
    cv: result.cv,
    r2: result.r2,
    rss: result.rss,
    deviance: result.deviance,
    sigma2: result.sigma2,
    log_likelihood: result.logLikelihood,
    tr_s: result.trS,
    tr_sts: result.trSTS,
    critical_t: result.criticalT,
    fits: Object.fromEntries(countsOf(result).map((count, origin) => [regressionOrigins[origin], count])),
    moran_residuals: moranOf(result, weights),
    [options.family === "gaussian" ? "ols" : "global"]: global
      ? {
          coefficients: Object.fromEntries(
            ["intercept", ...covariates].map((name, c) => [name, global.coefficients[c]]),
          ),
          rss: global.rss,
          deviance: global.deviance,
          log_likelihood: global.logLikelihood,
          aic: global.aic,
          aicc: global.aicc,
          bic: global.bic,
        }
      : null,
  };
}

/** How many regressions came about in each way. */
function countsOf({ origins, targets }: Gwr): number[] {
  const counts = regressionOrigins.map(() => 0);
  for (const origin of [...origins, ...(targets?.origins ?? [])]) counts[origin]!++;
  return counts;
}

/** Moran's I of the residuals, where they vary. */
function moranOf({ residuals, isExact }: Gwr, weights: Weights): Record<string, number | null> | null {
  const observed = Int32Array.from(residuals.keys()).filter((row) => !Number.isNaN(residuals[row]));
  const values = Float64Array.from(observed, (row) => residuals[row]!);
  if (isExact || values.length < 3 || values.every((value) => value === values[0])) return null;
  const { i, expected, varianceRandom, zRandom, pRandom } = moran(values, among(weights, observed), {
    permutations: 0,
  });
  return { i, expected, variance: varianceRandom, z: zRandom, p: pRandom };
}

function warningsOf(result: Gwr): string[] {
  const { search, bandwidth, conditionNumbers } = result;
  const [, wider, ridge, none, notConverged] = countsOf(result);
  const conditioned = conditionNumbers.reduce((count, value) => count + Number(value > HIGH_CONDITION), 0);
  return [
    ...(search && !search.converged
      ? [`the search ended by max_${search.ended}: ${bandwidth} is the best bandwidth of ${search.tried.length} tried`]
      : []),
    ...(search && (bandwidth <= search.least || bandwidth >= search.most)
      ? [`the bandwidth found, ${bandwidth}, is at an end of where it was searched for`]
      : []),
    ...(wider! > 0 ? [`at ${wider} places the matrix is singular; they have a wider bandwidth, as fit says`] : []),
    ...(ridge! > 0 ? [`at ${ridge} places the matrix is singular; they have a ridge, as fit says`] : []),
    ...(none! > 0 ? [`at ${none} places there is no regression, as fit says`] : []),
    ...(notConverged! > 0
      ? [`at ${notConverged} places coefficients grow without end, as where covariates separate the rows; fit says so`]
      : []),
    ...(result.global ? [] : ["there are no coefficients that are the same everywhere: they grow without end"]),
    ...(conditioned > 0
      ? [`at ${conditioned} places the condition number is above ${HIGH_CONDITION}: covariates are nearly collinear`]
      : []),
    ...(result.sigma2 > 0 ? [] : ["regressions take up all degrees of freedom: there are no standard errors"]),
  ];
}
