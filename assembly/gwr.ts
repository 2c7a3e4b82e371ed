/**
 * Geographically weighted regression: Brunsdon, Fotheringham and Charlton (1996),
 * doi:10.1111/j.1538-4632.1996.tb00936.x. Each location has a regression of its own, of the rows around it. Rows of
 * the hat matrix are formed and forgotten one by one, and no sum goes over locations, so that threads may share these
 * in any way.
 */
import { isCompact, rootWeight } from "./gwr/kernel";
import { devianceOf, isBeyond, meanAt, NORMAL, startAt, varianceAt } from "./regression/family";
import { Local } from "./gwr/local";
import { Nearby } from "./gwr/nearby";
import { arc, dimensions, Plane, Space, squareOverArc } from "./shared/space";
import { Tree } from "./shared/tree";
export { toUnitSphere } from "./shared/space";
export { plantPlane, plantSpace } from "./shared/tree";
export * from "./shared/host";

/** The k-th neighbor lies just within a bandwidth of k neighbors, as in GWR4 and mgwr. */
const JUST_WITHIN: f64 = 1.0000001;

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

/** Columns of the results, with a value for each location; coefficients and what their errors are made of follow. */
const PREDICTED: i32 = 0;
const INFLUENCE: i32 = 1;
/** The sum of squares of the location's row of the hat matrix. */
const SQUARES: i32 = 2;
const BANDWIDTH: i32 = 3;
const CONDITION: i32 = 4;
const LOCAL_R2: i32 = 5;
const COEFFICIENTS: i32 = 6;

/** What a thread works with. */
@final
class Desk {
  nearby: Nearby;
  local: Local;
  origins: StaticArray<f64>;
  sums: StaticArray<f64>;
  /** The bandwidth at the location: a distance. */
  reach: f64 = 0.0;
  /** Of reweighted least squares: roots of the kernel's weights, and linear predictors; and whether they converged. */
  roots: Float64Array;
  predictors: Float64Array;
  converged: bool = true;

  constructor(tree: Tree, covariates: i32, family: i32) {
    const n = tree.indices.length;
    this.nearby = new Nearby(tree);
    this.local = new Local(covariates, n);
    this.roots = new Float64Array(family == NORMAL ? 0 : n);
    this.predictors = new Float64Array(family == NORMAL ? 0 : n);
    this.origins = new StaticArray<f64>(covariates + 1);
    this.sums = new StaticArray<f64>(covariates + 1);
  }
}

@final
class Gwr {
  /** In the order of the tree, each row's covariates, then its dependent variable. */
  rows!: StaticArray<f64>;
  desks!: StaticArray<Desk>;
  /** The bandwidth: a distance, or a number of neighbors. */
  fixed: bool = false;
  distance: f64 = 0.0;
  neighbors: i32 = 0;

  constructor(
    public tree: Tree,
    /** The locations, the first of which are the rows, with the covariates there, one column after the other. */
    public xs: Float64Array,
    public ys: Float64Array,
    public zs: Float64Array,
    public columns: Float64Array,
    public covariates: i32,
    public family: i32,
    public kernel: i32,
    /** Whether singular matrices get a ridge, instead of a wider bandwidth. */
    public ridge: bool,
    /** What is found, and how each regression came about. */
    public results: Float64Array,
    public origins: Int32Array,
  ) {}
}

/** Plans regressions at locations, of which those in the tree have a dependent variable, and allocates all memory. */
export function create(
  tree: Tree,
  xs: Float64Array,
  ys: Float64Array,
  zs: Float64Array,
  columns: Float64Array,
  y: Float64Array,
  covariates: i32,
  family: i32,
  kernel: i32,
  ridge: bool,
  results: Float64Array,
  origins: Int32Array,
  threads: i32,
): Gwr {
  const plan = new Gwr(tree, xs, ys, zs, columns, covariates, family, kernel, ridge, results, origins);
  const n = tree.indices.length;
  const rows = new StaticArray<f64>(n * (covariates + 1));
  for (let p = 0, at = 0; p < n; p++) {
    const row = unchecked(tree.indices[p]);
    for (let c = 0; c < covariates; c++) unchecked((rows[at++] = columns[c * xs.length + row]));
    unchecked((rows[at++] = y[row]));
  }
  plan.rows = rows;
  plan.desks = new StaticArray<Desk>(threads);
  for (let thread = 0; thread < threads; thread++) unchecked((plan.desks[thread] = new Desk(tree, covariates, family)));
  return plan;
}

/** The bandwidth of the regressions that follow; on the sphere a distance is in radians. */
export function setBandwidth(plan: Gwr, fixed: bool, bandwidth: f64): void {
  plan.fixed = fixed;
  if (fixed) plan.distance = bandwidth;
  else plan.neighbors = <i32>bandwidth;
}

/** The distance under a squared one, on the sphere an arc. */
// @ts-ignore: decorator
@inline
function distanceOf<D>(square: f64): f64 {
  const distance = Math.sqrt(square);
  return dimensions<D>() == 3 ? arc(distance) : distance;
}

/** Finds the k nearest rows, and how far a bandwidth of them reaches. */
function findNearest<D>(desk: Desk, k: i32): void {
  desk.reach = distanceOf<D>(desk.nearby.nearest<D>(k)) * JUST_WITHIN;
}

function findWithin<D>(desk: Desk, distance: f64): void {
  desk.reach = distance;
  desk.nearby.within<D>(dimensions<D>() == 3 ? squareOverArc(distance) : distance * distance);
}

/** Weighs what was found, or where the kernel does not end all rows; returns how many are within the bandwidth. */
function weigh<D>(plan: Gwr, desk: Desk): i32 {
  const nearby = desk.nearby;
  if (!isCompact(plan.kernel)) nearby.within<D>(Infinity);
  const squares = nearby.squares;
  const roots = desk.local.roots;
  const kernel = plan.kernel;
  const unit = 1.0 / (desk.reach * desk.reach);
  let inside = 0;
  for (let q = 0; q < nearby.count; q++) {
    let square = unchecked(squares[q]);
    if (dimensions<D>() == 3) {
      const distance = distanceOf<D>(square);
      square = distance * distance;
    }
    // coincident rows count in full, also where there is nothing else in a bandwidth of 0
    const scaled = square == 0.0 ? 0.0 : square * unit;
    inside += i32(scaled < 1.0);
    unchecked((roots[q] = rootWeight(kernel, scaled)));
  }
  return inside;
}

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

/** Writes the values of a location. */
// @ts-ignore: decorator
@inline
function put(plan: Gwr, column: i32, location: i32, value: f64): void {
  unchecked((plan.results[column * plan.xs.length + location] = value));
}

function moveTo<D>(plan: Gwr, desk: Desk, location: i32): void {
  const z = dimensions<D>() == 3 ? unchecked(plan.zs[location]) : 0.0;
  desk.nearby.moveTo(unchecked(plan.xs[location]), unchecked(plan.ys[location]), z);
  for (let c = 0; c < plan.covariates; c++) unchecked((desk.origins[c] = plan.columns[c * plan.xs.length + location]));
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
