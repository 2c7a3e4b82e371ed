import { DriveshaftError } from "../errors.js";
import type { Progress } from "../job/progress.js";
import { checkPoints } from "../weights/knn.js";
import { checkFamily, devianceOf, meansOf, type Family } from "./family.js";
import { searchBandwidth, type BandwidthSearch, type FoundBandwidth } from "./gwr-bandwidth.js";
import { criticalT, fitOf, type Criterion, type Fit } from "./gwr-diagnostics.js";
import { checkWhole, MAX_THREADS } from "./inference.js";
import type { VariableNames } from "./least-squares.js";
import {
  withLocalRegressions,
  type Described,
  type Fitted,
  type KernelName,
  type Locations,
  type Remedy,
} from "./local-regressions.js";
import { ols } from "./ols.js";

export interface GwrOptions {
  /** Of the dependent variable: gaussian (default), poisson for counts, logistic for 0 and 1. */
  family?: Family | undefined;
  /** Default bisquare. */
  kernel?: KernelName | undefined;
  /** The bandwidth is a distance, in units of the coordinates or metres. Default false: a number of nearest rows. */
  fixed?: boolean | undefined;
  /** Of the nearest rows the row itself is the first. Without, a bandwidth is searched for. */
  bandwidth?: number | undefined;
  /** What a search minimises, default AICc. */
  criterion?: Criterion | undefined;
  /** Where it searches: default from 40 + 2 k rows to all, of fixed bandwidths half of the distances to these. */
  bandwidthMin?: number | undefined;
  bandwidthMax?: number | undefined;
  /** Ends a search with the best so far, default 200. */
  maxIterations?: number | undefined;
  /** Ends a search likewise after so many seconds, default never. */
  maxSeconds?: number | undefined;
  /** Default wider. */
  singular?: Remedy | undefined;
  /** Measure along the sphere, default false. */
  greatCircle?: boolean | undefined;
  /** Other places that are predicted. */
  targets?: Locations | undefined;
  /** What messages call the variables; default y and covariates[j]. */
  names?: VariableNames | undefined;
  /** Default 1; the result does not depend on it. */
  threads?: number | undefined;
  progress?: Progress | undefined;
}

/** What is found at places: f64 of shape (n,), or such for the intercept and each covariate. */
export interface LocalCoefficients {
  coefficients: Float64Array[];
  standardErrors: Float64Array[];
  t: Float64Array[];
  /** t, and 0 where it is not beyond the critical one. */
  filteredT: Float64Array[];
  predicted: Float64Array;
  localR2: Float64Array;
  /** Belsley's, of the weighted columns at length one; NaN where a covariate does not vary. */
  conditionNumbers: Float64Array;
  /** How far the bandwidth reached: a distance. */
  bandwidths: Float64Array;
  /** How the regression came about: its number in `regressionOrigins`. */
  origins: Int32Array;
}

export interface Gwr extends LocalCoefficients, Fit {
  /** NaN of rows without a dependent variable, as is `influence`, the diagonal of the hat matrix. */
  residuals: Float64Array;
  influence: Float64Array;
  bandwidth: number;
  /** Where it was not given. */
  search?: FoundBandwidth;
  /** tr(S'S). */
  trSTS: number;
  /** rss / (n - 2 tr S + tr S'S); 1 of what is not normal. */
  sigma2: number;
  /** The share of the deviance, of a normal variable of squared deviations, that is explained. */
  r2: number;
  /** The t of the filter: at 0.05, of as many tests as there are effective parameters for each coefficient. */
  criticalT: number;
  /** The regression whose coefficients are the same everywhere, undefined where it does not converge; without cv. */
  global: (Fit & { coefficients: Float64Array }) | undefined;
  /** The dependent variable is a combination of the covariates, but for rounding. */
  isExact: boolean;
  targets?: LocalCoefficients;
}

const SIGNIFICANCE = 0.05;

/**
 * Geographically weighted regression. Brunsdon, Fotheringham and Charlton (1996),
 * doi:10.1111/j.1538-4632.1996.tb00936.x; of counts and of 0 and 1, by reweighted least squares, Nakaya, Fotheringham,
 * Brunsdon and Charlton (2005), doi:10.1002/sim.2129; the filter of t is that of da Silva and Fotheringham (2016),
 * doi:10.1111/gean.12084.
 * @param y f64 of shape (n,), not constant; rows where it is NaN are predicted
 * @param covariates f64 of shape (n,) each, finite
 * @param xs f64 of shape (n,), x or longitude in degrees; finite
 * @param ys f64 of shape (n,), y or latitude in degrees; finite
 * @throws INVALID_PARAMETER, also where covariates are collinear everywhere; CONSTANT_VALUES, TOO_FEW_ROWS,
 *   OUT_OF_MEMORY
 * @example gwr(price, [rooms, age], xs, ys, { bandwidth: 90 }).coefficients[1]
 */
export function gwr(
  y: Float64Array,
  covariates: Float64Array[],
  xs: Float64Array,
  ys: Float64Array,
  options: GwrOptions = {},
): Gwr {
  const { names = { dependent: "y", covariates: covariates.map((_, j) => `covariates[${j}]`) } } = options;
  const { kernel = "bisquare", fixed = false, singular = "wider", greatCircle = false, targets } = options;
  const { family = "gaussian", threads = 1, progress } = options;
  checkWhole("threads", threads, 1, MAX_THREADS);
  checkLocations({ xs, ys, covariates }, y.length, names, "point");
  if (targets) checkLocations(targets, targets.xs.length, names, "target");
  const { order, n } = observedFirst(y);
  const observed = order.subarray(0, n);
  const known = valuesAt(y, observed);
  checkFamily(family, known, names.dependent);
  const knownCovariates = covariates.map((values) => valuesAt(values, observed));
  const linear = ols(known, knownCovariates, { names });
  const k = covariates.length + 1;
  const search = searchOf(options, n, k);
  const locations = {
    xs: inOrder(xs, order, targets?.xs),
    ys: inOrder(ys, order, targets?.ys),
    covariates: covariates.map((values, c) => inOrder(values, order, targets?.covariates[c])),
  };
  const rules = { family, kernel, fixed, singular, greatCircle, threads };
  return withLocalRegressions(known, locations, rules, progress, (regressions) => {
    const found = options.bandwidth === undefined ? searchBandwidth(regressions, known, k, search) : undefined;
    const bandwidth = options.bandwidth ?? found!.at;
    const local = regressions.describe(bandwidth);
    const fit = fitOf(known, local, family);
    const trSTS = local.hatSquares.subarray(0, n).reduce((sum, value) => sum + value, 0);
    const isNormal = family === "gaussian";
    const sigma2 = isNormal ? fit.rss / (n - 2 * fit.trS + trSTS) : 1;
    const critical = criticalT((SIGNIFICANCE * k) / (isNormal ? 2 * fit.trS - trSTS : fit.trS), n - 1);
    const coefficients = isNormal ? linear.coefficients : regressions.everywhere();
    const means = isNormal ? linear.predicted : coefficients && meansOf(family, coefficients, knownCovariates);
    const mean = known.reduce((sum, value) => sum + value, 0) / n;
    const at = (chosen: Int32Array): LocalCoefficients => coefficientsAt(chosen, local, sigma2, critical);
    const places = new Int32Array(order.length);
    order.forEach((row, place) => (places[row] = place));
    const ofRows = at(places);
    return {
      ...ofRows,
      ...fit,
      residuals: y.map((value, row) => value - ofRows.predicted[row]!),
      influence: y.map((value, row) => (Number.isNaN(value) ? NaN : local.influence[places[row]!]!)),
      bandwidth,
      ...(found && { search: found }),
      trSTS,
      sigma2,
      r2: 1 - fit.deviance / devianceOf(family, known, new Float64Array(n).fill(mean)),
      criticalT: critical,
      global: means && { coefficients: coefficients!, ...globalFit(family, known, means, k) },
      isExact: linear.isExact,
      ...(targets && { targets: at(Int32Array.from(targets.xs, (_, target) => order.length + target)) }),
    };
  });
}

/** Rows with a dependent variable, of which there are n, before the others. */
function observedFirst(y: Float64Array): { order: Int32Array; n: number } {
  const isObserved = (row: number): boolean => !Number.isNaN(y[row]);
  const order = Int32Array.from(y.keys());
  const [observed, others] = [order.filter(isObserved), order.filter((row) => !isObserved(row))];
  order.set(observed);
  order.set(others, observed.length);
  return { order, n: observed.length };
}

/** How well the means of k coefficients that are the same everywhere fit. */
function globalFit(family: Family, y: Float64Array, predicted: Float64Array, k: number): Fit {
  // of the influence only the trace counts
  const influence = new Float64Array(y.length).fill(k / y.length);
  return { ...fitOf(y, { predicted, influence }, family), cv: NaN };
}

const valuesAt = (values: Float64Array, at: Int32Array): Float64Array => Float64Array.from(at, (i) => values[i]!);

/** The values of rows in their order, then those of targets. */
function inOrder(values: Float64Array, order: Int32Array, targets: Float64Array | undefined): Float64Array {
  const all = new Float64Array(order.length + (targets?.length ?? 0));
  all.set(valuesAt(values, order));
  if (targets) all.set(targets, order.length);
  return all;
}

/** What was found at places that were fitted. */
function coefficientsAt(
  places: Int32Array,
  found: Fitted & Described,
  sigma2: number,
  critical: number,
): LocalCoefficients {
  const coefficients = found.coefficients.map((values) => valuesAt(values, places));
  const standardErrors = found.variances.map((values) =>
    valuesAt(values, places).map((variance) => Math.sqrt(variance * sigma2)),
  );
  const t = coefficients.map((values, c) => values.map((value, i) => value / standardErrors[c]![i]!));
  return {
    coefficients,
    standardErrors,
    t,
    filteredT: t.map((values) => values.map((value) => (Math.abs(value) < critical ? 0 : value))),
    predicted: valuesAt(found.predicted, places),
    localR2: valuesAt(found.localR2, places),
    conditionNumbers: valuesAt(found.conditionNumbers, places),
    bandwidths: valuesAt(found.bandwidths, places),
    origins: Int32Array.from(places, (place) => found.origins[place]!),
  };
}

/** @throws INVALID_PARAMETER */
function checkLocations(
  { xs, ys, covariates }: Locations,
  n: number,
  names: VariableNames,
  what: "point" | "target",
): void {
  checkPoints(xs, ys, what);
  if (covariates.length !== names.covariates.length) {
    const message = `${what}s have ${covariates.length} covariates, expected ${names.covariates.length}`;
    throw new DriveshaftError("INVALID_PARAMETER", message);
  }
  for (const values of [xs, ...covariates]) {
    if (values.length === n) continue;
    throw new DriveshaftError("INVALID_PARAMETER", `there are ${values.length} values of ${n} ${what}s`);
  }
  covariates.forEach((values, c) => {
    const wrong = values.findIndex((value) => !Number.isFinite(value));
    if (wrong < 0) return;
    const message = `${names.covariates[c]} of ${what} ${wrong} is ${values[wrong]}, expected a finite number`;
    throw new DriveshaftError("INVALID_PARAMETER", message);
  });
}

/** @throws INVALID_PARAMETER for what is no bandwidth of n rows and k coefficients, or no end of a search */
function searchOf(options: GwrOptions, n: number, k: number): BandwidthSearch {
  const {
    family = "gaussian",
    fixed = false,
    criterion = "AICc",
    maxIterations = 200,
    maxSeconds = Infinity,
  } = options;
  const { bandwidth, bandwidthMin, bandwidthMax } = options;
  for (const [name, value] of Object.entries({ bandwidth, bandwidthMin, bandwidthMax })) {
    if (value === undefined) continue;
    if (fixed) {
      if (value > 0 && value < Infinity) continue;
      throw new DriveshaftError("INVALID_PARAMETER", `${name} is ${value}, expected a distance above 0`);
    }
    if (Number.isInteger(value) && value > k && value <= n) continue;
    const message = `${name} is ${value}, expected a whole number of rows from ${k + 1} to ${n}`;
    throw new DriveshaftError("INVALID_PARAMETER", message, {
      hint: `There are ${k} coefficients, and ${n} rows with a dependent variable. A distance goes with fixed.`,
    });
  }
  checkWhole("maxIterations", maxIterations, 1, 10_000);
  if (!(maxSeconds > 0)) {
    throw new DriveshaftError("INVALID_PARAMETER", `maxSeconds is ${maxSeconds}, expected a number above 0`);
  }
  return { family, fixed, criterion, least: bandwidthMin, most: bandwidthMax, maxIterations, maxSeconds };
}
