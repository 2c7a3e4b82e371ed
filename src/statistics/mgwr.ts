import { DriveshaftError } from "../errors.js";
import type { Progress } from "../job/progress.js";
import { checkPoints } from "../weights/knn.js";
import { searchBandwidth } from "./gwr-bandwidth.js";
import { criticalT, fitOf, type Criterion, type Fit } from "./gwr-diagnostics.js";
import { checkWhole, MAX_THREADS } from "./inference.js";
import type { VariableNames } from "./least-squares.js";
import { withLocalRegressions, type Fitted, type KernelName, type LocalRegressions } from "./local-regressions.js";
import { ols } from "./ols.js";
import { standardised } from "./standardise.js";

export interface MgwrOptions {
  /** Default bisquare. */
  kernel?: KernelName | undefined;
  /** Bandwidths are distances, in units of the coordinates or metres. Default false: numbers of nearest rows. */
  fixed?: boolean | undefined;
  /** Of the intercept, then of each covariate. Without, they are searched for. */
  bandwidths?: readonly number[] | undefined;
  /** What a search minimises, default AICc. */
  criterion?: Criterion | undefined;
  /** Where bandwidths are searched for, as with gwr on one variable. */
  bandwidthMin?: number | undefined;
  bandwidthMax?: number | undefined;
  /** Every variable has mean 0 and standard deviation 1, default true; so are all results then. */
  standardize?: boolean | undefined;
  /** Back-fitting ends where what changes is a smaller share than this, default 1e-5. */
  tolerance?: number | undefined;
  /** Of back-fitting, default 200; it ends with what there is. */
  maxIterations?: number | undefined;
  /** Seconds after which back-fitting ends likewise, default never. */
  maxSeconds?: number | undefined;
  /** Default true; without there is no hat matrix, and nothing that is made of it. */
  standardErrors?: boolean | undefined;
  greatCircle?: boolean | undefined;
  /** What messages call the variables; default y and covariates[j]. */
  names?: VariableNames | undefined;
  /** Default 1; the result does not depend on it. */
  threads?: number | undefined;
  progress?: Progress | undefined;
}

/** What is made of the hat matrix; f64 of shape (n,) for each variable, the intercept first. */
export interface MgwrInference extends Omit<Fit, "cv" | "rss"> {
  standardErrors: Float64Array[];
  t: Float64Array[];
  /** t, and 0 where it is not beyond the critical one of its variable. */
  filteredT: Float64Array[];
  criticalTs: number[];
  /** Effective parameters of each variable, which sum up to tr S. */
  effectiveParameters: number[];
  /** rss / (n - tr S). */
  sigma2: number;
}

export interface Mgwr {
  /** Of the intercept, then of each covariate, f64 of shape (n,). */
  coefficients: Float64Array[];
  predicted: Float64Array;
  residuals: Float64Array;
  rss: number;
  bandwidths: number[];
  /** Of the regression with one bandwidth that back-fitting began with. */
  bandwidth: number;
  iterations: number;
  /** What ended back-fitting, and the share that changed in its last iteration. */
  ended: "converged" | "iterations" | "seconds";
  change: number;
  inference?: MgwrInference;
}

/** Bandwidths that stayed for so many iterations are searched for no more. */
const STABLE = 5;

/** Numbers in the columns of the hat matrix that are made at once, about. */
const BLOCK = 4_000_000;

const SIGNIFICANCE = 0.05;

/**
 * Multiscale geographically weighted regression: each variable has a bandwidth of its own, found by back-fitting from
 * the regression with one bandwidth. Fotheringham, Yang and Kang (2017), doi:10.1080/24694452.2017.1352480; standard
 * errors by Yu, Fotheringham, Li, Oshan, Kang and Wolf (2019), doi:10.1111/gean.12189.
 * @param y f64 of shape (n,), finite, not constant
 * @param covariates f64 of shape (n,) each, likewise
 * @param xs f64 of shape (n,), x or longitude in degrees; finite
 * @param ys f64 of shape (n,), y or latitude in degrees; finite
 * @throws INVALID_PARAMETER, also where covariates are collinear; CONSTANT_VALUES, TOO_FEW_ROWS, OUT_OF_MEMORY
 * @example mgwr(price, [rooms, age], xs, ys).bandwidths
 */
export function mgwr(
  y: Float64Array,
  covariates: Float64Array[],
  xs: Float64Array,
  ys: Float64Array,
  options: MgwrOptions = {},
): Mgwr {
  const { names = { dependent: "y", covariates: covariates.map((_, j) => `covariates[${j}]`) } } = options;
  const { kernel = "bisquare", fixed = false, greatCircle = false, threads = 1, standardize = true } = options;
  checkPoints(xs, ys);
  checkOptions(options, y.length, covariates.length + 1);
  // refuses what is no regression
  ols(y, covariates, { names });
  const dependent = standardize ? standardised(y).z : y;
  const columns = standardize ? covariates.map((values) => standardised(values).z) : covariates;
  const locations = { xs, ys, covariates: columns };
  const rules = { family: "gaussian", kernel, fixed, singular: "wider", greatCircle, threads } as const;
  return withLocalRegressions(dependent, locations, rules, options.progress, (regressions) => {
    const { history, ...result } = backFit(regressions, dependent, columns, options);
    if (options.standardErrors === false) return result;
    return { ...result, inference: inferenceOf(regressions, dependent, columns, result, history) };
  });
}

/** With the bandwidths of each iteration. */
type BackFitted = Omit<Mgwr, "inference"> & { history: number[][] };

/** Smooths on one variable after the other what the others leave, until little changes. */
function backFit(
  regressions: LocalRegressions,
  y: Float64Array,
  covariates: Float64Array[],
  options: MgwrOptions,
): BackFitted {
  const { fixed = false, criterion = "AICc", tolerance = 1e-5, maxIterations = 200, maxSeconds = Infinity } = options;
  const { bandwidths: given, bandwidthMin: least, bandwidthMax: most } = options;
  const [n, k] = [y.length, covariates.length + 1];
  const search = { family: "gaussian", fixed, criterion, maxIterations: 200, maxSeconds: Infinity } as const;
  const bandwidth = searchBandwidth(regressions, y, k, { ...search, least: undefined, most: undefined }).at;
  const coefficients = regressions.describe(bandwidth).coefficients;
  let parts = coefficients.map((values, v) => (v === 0 ? values : values.map((b, i) => b * covariates[v - 1]![i]!)));
  const residuals = y.map((value, i) => parts.reduce((rest, part) => rest - part[i]!, value));
  const history: number[][] = [];
  const end = Date.now() + maxSeconds * 1000;
  let [stable, change] = [0, Infinity];
  while (change >= tolerance && history.length < maxIterations && !(history.length > 0 && Date.now() >= end)) {
    const before = history.at(-1);
    const bandwidths: number[] = [];
    const next = parts.map((part, v) => {
      const partial = part.map((value, i) => value + residuals[i]!);
      const smoothAt = (at: number): Fitted => regressions.smooth(v, partial, at);
      const known = given?.[v] ?? (stable >= STABLE ? before![v]! : undefined);
      const one = { ...regressions, fit: smoothAt };
      const at = known ?? searchBandwidth(one, partial, 1, { ...search, least, most }).at;
      bandwidths.push(at);
      const smoothed = regressions.smooth(v, partial, at);
      coefficients[v] = smoothed.coefficients;
      partial.forEach((value, i) => (residuals[i] = value - smoothed.predicted[i]!));
      return smoothed.predicted;
    });
    stable = before?.every((value, v) => value === bandwidths[v]) ? stable + 1 : 0;
    history.push(bandwidths);
    change = changeOf(parts, next, n);
    parts = next;
  }
  const isOver = history.length < maxIterations ? ("seconds" as const) : ("iterations" as const);
  return {
    coefficients,
    predicted: y.map((value, i) => value - residuals[i]!),
    residuals,
    rss: residuals.reduce((sum, value) => sum + value * value, 0),
    bandwidths: history.at(-1)!,
    bandwidth,
    iterations: history.length,
    ended: change < tolerance ? "converged" : isOver,
    change,
    history,
  };
}

/** How much parts changed, as a share of what they sum up to: the score of mgwr. */
function changeOf(before: Float64Array[], after: Float64Array[], n: number): number {
  let [changed, all] = [0, 0];
  for (let i = 0; i < n; i++) {
    let sum = 0;
    after.forEach((part, v) => {
      changed += (part[i]! - before[v]![i]!) ** 2;
      sum += part[i]!;
    });
    all += sum * sum;
  }
  return Math.sqrt(changed / n / all);
}

/** What is made of the hat matrix, which is back-fitted as the dependent variable was, some columns at a time. */
function inferenceOf(
  regressions: LocalRegressions,
  y: Float64Array,
  covariates: Float64Array[],
  { coefficients, predicted, rss, bandwidth }: Mgwr,
  history: number[][],
): MgwrInference {
  const [n, k] = [y.length, covariates.length + 1];
  const width = Math.max(1, Math.min(n, Math.floor(BLOCK / (n * k))));
  const hat = regressions.hatColumns(width);
  const squares = coefficients.map(() => new Float64Array(n));
  const influences = coefficients.map(() => new Float64Array(n));
  for (let first = 0; first < n; first += width) {
    hat.begin(first, bandwidth);
    for (const bandwidths of history) bandwidths.forEach((at, v) => hat.smooth(v, at));
    for (let v = 0; v < k; v++) {
      const part = hat.part(v);
      for (let i = 0; i < n; i++) {
        for (let w = 0; w < width && first + w < n; w++) squares[v]![i]! += part[i * width + w]! ** 2;
        if (i >= first && i < first + width) influences[v]![i] = part[i * width + i - first]!;
      }
    }
  }
  const effectiveParameters = influences.map((values) => values.reduce((sum, value) => sum + value, 0));
  const influence = predicted.map((_, i) => influences.reduce((sum, values) => sum + values[i]!, 0));
  const fit = fitOf(y, { predicted, influence }, "gaussian");
  const sigma2 = rss / (n - fit.trS);
  const standardErrors = squares.map((values, v) =>
    values.map((value, i) => Math.sqrt(value * sigma2) / Math.abs(v === 0 ? 1 : covariates[v - 1]![i]!)),
  );
  const t = coefficients.map((values, v) => values.map((value, i) => value / standardErrors[v]![i]!));
  const criticalTs = effectiveParameters.map((parameters) => criticalT(SIGNIFICANCE / parameters, n - 1));
  return {
    ...fit,
    standardErrors,
    t,
    filteredT: t.map((values, v) => values.map((value) => (Math.abs(value) < criticalTs[v]! ? 0 : value))),
    criticalTs,
    effectiveParameters,
    sigma2,
  };
}

/** @throws INVALID_PARAMETER */
function checkOptions(options: MgwrOptions, n: number, k: number): void {
  const { fixed = false, bandwidths, bandwidthMin, bandwidthMax, threads = 1 } = options;
  const { tolerance = 1e-5, maxIterations = 200, maxSeconds = 1 } = options;
  if (bandwidths && bandwidths.length !== k) {
    const message = `there are ${bandwidths.length} bandwidths, expected ${k}: of the intercept and of each covariate`;
    throw new DriveshaftError("INVALID_PARAMETER", message);
  }
  for (const value of [...(bandwidths ?? []), bandwidthMin, bandwidthMax]) {
    if (value === undefined) continue;
    if (fixed ? value > 0 && value < Infinity : Number.isInteger(value) && value > 1 && value <= n) continue;
    const expected = fixed ? "a distance above 0" : `a whole number of rows from 2 to ${n}`;
    throw new DriveshaftError("INVALID_PARAMETER", `a bandwidth is ${value}, expected ${expected}`);
  }
  checkWhole("threads", threads, 1, MAX_THREADS);
  checkWhole("maxIterations", maxIterations, 1, 10_000);
  for (const [name, value] of Object.entries({ tolerance, maxSeconds })) {
    if (value > 0) continue;
    throw new DriveshaftError("INVALID_PARAMETER", `${name} is ${value}, expected a number above 0`);
  }
}
