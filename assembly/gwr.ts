/**
 * Geographically weighted regression: Brunsdon, Fotheringham and Charlton (1996),
 * doi:10.1111/j.1538-4632.1996.tb00936.x. Each location has a regression of its own, of the rows around it. Rows of
 * the hat matrix are formed and forgotten one by one, and no sum goes over locations, so that threads may share these
 * in any way.
 */
import {
  BANDWIDTH,
  COEFFICIENTS,
  CONDITION,
  Desk,
  distanceOf,
  findNearest,
  findWithin,
  Gwr,
  INFLUENCE,
  LOCAL_R2,
  moveTo,
  PREDICTED,
  put,
  SQUARES,
  weigh,
} from "./gwr/plan";
import { devianceOf, isBeyond, meanAt, NORMAL, startAt, varianceAt } from "./regression/family";
import { Plane, Space } from "./shared/space";
export { create, setBandwidth } from "./gwr/plan";
export { smoothColumnsPlane, smoothColumnsSpace, smoothPlane, smoothSpace } from "./gwr/smooth";
export { toUnitSphere } from "./shared/space";
export { plantPlane, plantSpace } from "./shared/tree";
export * from "./shared/host";

/** The bandwidth is doubled so often, where it has reached all rows. */
const DOUBLINGS: i32 = 60;

/** With a ridge covariates have a condition number of 30 at most: Gollini et al. (2015), doi:10.18637/jss.v063.i17. */
const MOST_CONDITION: f64 = 30.0;

/** How the regression at a location came about. */
const AS_ASKED: i32 = 0;
const WIDER: i32 = 1;
const RIDGE: i32 = 2;
const NONE: i32 = 3;
const NOT_CONVERGED: i32 = 4;

/** Reweighted least squares end where no predictor changes by more, or after so many steps. */
const STEP: f64 = 1e-10;
const MOST_STEPS: i32 = 50;

/** The dependent variable of what was found. */
// @ts-ignore: decorator
@inline
function dependentOf(plan: Gwr, desk: Desk, q: i32): f64 {
  return unchecked(plan.rows[desk.nearby.positions[q] * (plan.covariates + 1) + plan.covariates]);
}

/** Takes the rows that were weighed into the local regression; false where its matrix is singular. */
function regress(plan: Gwr, desk: Desk, ridge: f64): bool {
  const count = desk.nearby.count;
  if (count == 0) return false;
  desk.converged = true;
  if (plan.family != NORMAL) return reweigh(plan, desk, ridge);
  const m = plan.covariates;
  takeColumns(plan, desk, m + 1, dependentOf(plan, desk, 0));
  desk.local.center(count, desk.origins);
  return desk.local.decompose(count, ridge);
}

/** Takes columns of what was found, less their origins: covariates, and where it counts too the dependent variable. */
function takeColumns(plan: Gwr, desk: Desk, taken: i32, origin: f64): void {
  const m = plan.covariates;
  const positions = desk.nearby.positions;
  const rows = plan.rows;
  const origins = desk.origins;
  const columns = desk.local.columns;
  const room = desk.local.room;
  unchecked((origins[m] = origin));
  for (let q = 0; q < desk.nearby.count; q++) {
    let at = unchecked(positions[q]) * (m + 1);
    for (let c = 0; c < taken; c++) unchecked((columns[c * room + q] = rows[at++] - origins[c]));
  }
}

/**
 * Iteratively reweighted least squares, from the kernel's weights. Where predictors grow without end, as where
 * covariates separate the rows, they stop there, which is no convergence.
 */
function reweigh(plan: Gwr, desk: Desk, ridge: f64): bool {
  const count = desk.nearby.count;
  const roots = desk.local.roots;
  for (let q = 0; q < count; q++) unchecked((desk.roots[q] = roots[q]));
  const steps = stepUpTo(plan, desk, ridge, MOST_STEPS);
  if (steps == 0) return false;
  if (steps > 0) return true;
  // the matrix was lost on the way: what was found before counts
  desk.converged = false;
  stepUpTo(plan, desk, ridge, -steps);
  desk.converged = false;
  return true;
}

/** Takes steps; returns how many, and where a matrix is singular the number of those before, negative. */
function stepUpTo(plan: Gwr, desk: Desk, ridge: f64, most: i32): i32 {
  const local = desk.local;
  const m = plan.covariates;
  const count = desk.nearby.count;
  const positions = desk.nearby.positions;
  const predictors = desk.predictors;
  const rows = plan.rows;
  for (let q = 0; q < count; q++) unchecked((predictors[q] = startAt(plan.family, dependentOf(plan, desk, q))));
  for (let step = 0; step < most; step++) {
    takeColumns(plan, desk, m, 0.0);
    for (let q = 0; q < count; q++) {
      const predictor = unchecked(predictors[q]);
      const mean = meanAt(plan.family, predictor);
      const variance = varianceAt(plan.family, mean);
      const working = predictor + (dependentOf(plan, desk, q) - mean) / variance;
      unchecked((local.columns[m * local.room + q] = working));
      unchecked((local.roots[q] = desk.roots[q] * Math.sqrt(variance)));
    }
    local.center(count, desk.origins);
    if (!local.decompose(count, ridge)) return -step;
    local.solveSlopes();
    const intercept = local.intercept();
    let change = 0.0;
    let beyond = false;
    for (let q = 0; q < count; q++) {
      let predictor = intercept;
      const at = unchecked(positions[q]) * (m + 1);
      for (let c = 0; c < m; c++) predictor += unchecked(local.slopes[c]) * unchecked(rows[at + c]);
      if (unchecked(desk.roots[q]) > 0.0) {
        change = max(change, Math.abs(predictor - unchecked(predictors[q])));
        beyond = beyond || isBeyond(plan.family, predictor);
      }
      unchecked((predictors[q] = predictor));
    }
    desk.converged = change <= STEP;
    if (desk.converged || beyond) return step + 1;
  }
  return most;
}

/** Fits the regression at a location, which is made regular if need be; returns how it came about. */
function fit<D>(plan: Gwr, desk: Desk): i32 {
  if (plan.fixed) findWithin<D>(desk, plan.distance);
  else findNearest<D>(desk, plan.neighbors);
  const inside = weigh<D>(plan, desk);
  if (regress(plan, desk, 0.0)) return AS_ASKED;
  const m = plan.covariates;
  if (plan.ridge) {
    const share = <f64>m / (MOST_CONDITION * MOST_CONDITION - 1.0);
    return regress(plan, desk, share) ? RIDGE : NONE;
  }
  const n = plan.tree.indices.length;
  let k = max(inside, m + 1);
  for (let doublings = 0; doublings < DOUBLINGS; ) {
    if (k < n) {
      k = min(2 * k, n);
      findNearest<D>(desk, k);
    } else {
      desk.nearby.within<D>(Infinity);
      desk.reach = max(2.0 * desk.reach, f64.MIN_NORMAL_VALUE);
      doublings++;
    }
    weigh<D>(plan, desk);
    if (regress(plan, desk, 0.0)) return WIDER;
  }
  return NONE;
}

/** Fits locations begin .. end - 1; `whole` adds what a search for a bandwidth does without. */
function fitRange<D>(plan: Gwr, begin: i32, end: i32, whole: bool, thread: i32): void {
  const desk = unchecked(plan.desks[thread]);
  const local = desk.local;
  for (let location = begin; location < end; location++) {
    moveTo<D>(plan, desk, location);
    const origin = fit<D>(plan, desk);
    const mean = meanAt(plan.family, local.predicted());
    unchecked((plan.origins[location] = origin == NONE || desk.converged ? origin : NOT_CONVERGED));
    put(plan, PREDICTED, location, origin == NONE ? NaN : mean);
    put(plan, INFLUENCE, location, origin == NONE ? NaN : local.influence() * varianceAt(plan.family, mean));
    put(plan, BANDWIDTH, location, desk.reach);
    if (whole) describe(plan, desk, location, origin != NONE);
  }
}

/** Writes coefficients, the sums of squares that their errors are made of, and the condition number. */
function describe(plan: Gwr, desk: Desk, location: i32, found: bool): void {
  const m = plan.covariates;
  const local = desk.local;
  const sums = desk.sums.fill(0.0);
  let squares = NaN;
  if (found) {
    local.solveSlopes();
    local.invert();
    squares = local.addSquares(desk.nearby.count, plan.family == NORMAL ? local.roots : desk.roots, sums);
  }
  put(plan, SQUARES, location, squares);
  put(plan, CONDITION, location, found ? local.condition() : NaN);
  for (let c = 0; c <= m; c++) {
    const coefficient = !found ? NaN : c == 0 ? local.intercept() : unchecked(local.slopes[c - 1]);
    put(plan, COEFFICIENTS + c, location, coefficient);
    put(plan, COEFFICIENTS + m + 1 + c, location, found ? unchecked(sums[c]) : NaN);
  }
}

/**
 * The share of the weighted deviance around each location that is explained by what was predicted at its rows, each by
 * its own regression; of squared deviations, where the dependent variable is normal.
 */
function explainRange<D>(plan: Gwr, begin: i32, end: i32, thread: i32): void {
  const desk = unchecked(plan.desks[thread]);
  const roots = desk.local.roots;
  const positions = desk.nearby.positions;
  for (let location = begin; location < end; location++) {
    moveTo<D>(plan, desk, location);
    findWithin<D>(desk, unchecked(plan.results[BANDWIDTH * plan.xs.length + location]));
    weigh<D>(plan, desk);
    const count = desk.nearby.count;
    let total = 0.0;
    let mean = 0.0;
    let rest = 0.0;
    const base = count > 0 ? dependentOf(plan, desk, 0) : 0.0;
    for (let q = 0; q < count; q++) {
      const position = unchecked(positions[q]);
      const y = dependentOf(plan, desk, q);
      const predicted = unchecked(plan.results[PREDICTED * plan.xs.length + plan.tree.indices[position]]);
      const weight = unchecked(roots[q]) * unchecked(roots[q]);
      total += weight;
      mean += weight * (y - base);
      rest += weight * devianceOf(plan.family, y, predicted);
    }
    mean /= total;
    let variation = 0.0;
    for (let q = 0; q < count; q++) {
      const weight = unchecked(roots[q]) * unchecked(roots[q]);
      variation += weight * devianceOf(plan.family, dependentOf(plan, desk, q), base + mean);
    }
    put(plan, LOCAL_R2, location, 1.0 - rest / variation);
  }
}

/** Writes how far a bandwidth of k neighbors reaches from each location. */
function reachRange<D>(plan: Gwr, begin: i32, end: i32, k: i32, thread: i32): void {
  const desk = unchecked(plan.desks[thread]);
  for (let location = begin; location < end; location++) {
    moveTo<D>(plan, desk, location);
    put(plan, BANDWIDTH, location, distanceOf<D>(desk.nearby.nearest<D>(k)));
  }
}

/**
 * Writes columns first .. first + width - 1 of the part that each variable has in the hat matrix, row by row: what rows
 * count in a coefficient, times the variable at the location.
 */
function shareRange<D>(
  plan: Gwr,
  begin: i32,
  end: i32,
  parts: Float64Array,
  first: i32,
  width: i32,
  thread: i32,
): void {
  const desk = unchecked(plan.desks[thread]);
  const local = desk.local;
  const m = plan.covariates;
  const n = plan.tree.indices.length;
  for (let location = begin; location < end; location++) {
    moveTo<D>(plan, desk, location);
    for (let c = 0; c <= m; c++) {
      const row = (c * n + location) * width;
      for (let w = 0; w < width; w++) unchecked((parts[row + w] = 0.0));
    }
    if (fit<D>(plan, desk) == NONE) continue;
    local.invert();
    for (let q = 0; q < desk.nearby.count; q++) {
      const column = unchecked(plan.tree.indices[desk.nearby.positions[q]]) - first;
      if (column < 0 || column >= width) continue;
      let intercept = local.meanShare(q);
      for (let c = 1; c <= m; c++) {
        const share = local.slopeShare(c - 1, q);
        intercept -= unchecked(local.means[c - 1]) * share;
        const x = unchecked(plan.columns[(c - 1) * plan.xs.length + location]);
        unchecked((parts[(c * n + location) * width + column] = share * x));
      }
      unchecked((parts[location * width + column] = intercept));
    }
  }
}

export function sharePlane(
  plan: Gwr,
  begin: i32,
  end: i32,
  parts: Float64Array,
  first: i32,
  width: i32,
  thread: i32,
): void {
  shareRange<Plane>(plan, begin, end, parts, first, width, thread);
}

export function shareSpace(
  plan: Gwr,
  begin: i32,
  end: i32,
  parts: Float64Array,
  first: i32,
  width: i32,
  thread: i32,
): void {
  shareRange<Space>(plan, begin, end, parts, first, width, thread);
}

export function fitPlane(plan: Gwr, begin: i32, end: i32, whole: bool, thread: i32): void {
  fitRange<Plane>(plan, begin, end, whole, thread);
}

export function fitSpace(plan: Gwr, begin: i32, end: i32, whole: bool, thread: i32): void {
  fitRange<Space>(plan, begin, end, whole, thread);
}

export function explainPlane(plan: Gwr, begin: i32, end: i32, thread: i32): void {
  explainRange<Plane>(plan, begin, end, thread);
}

export function explainSpace(plan: Gwr, begin: i32, end: i32, thread: i32): void {
  explainRange<Space>(plan, begin, end, thread);
}

export function reachPlane(plan: Gwr, begin: i32, end: i32, k: i32, thread: i32): void {
  reachRange<Plane>(plan, begin, end, k, thread);
}

export function reachSpace(plan: Gwr, begin: i32, end: i32, k: i32, thread: i32): void {
  reachRange<Space>(plan, begin, end, k, thread);
}
