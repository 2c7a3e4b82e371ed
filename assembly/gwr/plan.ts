/** What regressions at locations are planned with, and the rows around a location with their weights. */
import { NORMAL } from "../regression/family";
import { arc, dimensions, squareOverArc } from "../shared/space";
import { Tree } from "../shared/tree";
import { isCompact, rootWeight } from "./kernel";
import { Local } from "./local";
import { Nearby } from "./nearby";

/** The k-th neighbor lies just within a bandwidth of k neighbors, as in GWR4 and mgwr. */
const JUST_WITHIN: f64 = 1.0000001;

/** Columns of the results, with a value for each location; coefficients and what their errors are made of follow. */
export const PREDICTED: i32 = 0;
export const INFLUENCE: i32 = 1;
/** The sum of squares of the location's row of the hat matrix. */
export const SQUARES: i32 = 2;
export const BANDWIDTH: i32 = 3;
export const CONDITION: i32 = 4;
export const LOCAL_R2: i32 = 5;
export const COEFFICIENTS: i32 = 6;

/** What a thread works with. */
@final
export class Desk {
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
export class Gwr {
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
export function distanceOf<D>(square: f64): f64 {
  const distance = Math.sqrt(square);
  return dimensions<D>() == 3 ? arc(distance) : distance;
}

/** Finds the k nearest rows, and how far a bandwidth of them reaches. */
export function findNearest<D>(desk: Desk, k: i32): void {
  desk.reach = distanceOf<D>(desk.nearby.nearest<D>(k)) * JUST_WITHIN;
}

export function findWithin<D>(desk: Desk, distance: f64): void {
  desk.reach = distance;
  desk.nearby.within<D>(dimensions<D>() == 3 ? squareOverArc(distance) : distance * distance);
}

/** Weighs what was found, or where the kernel does not end all rows; returns how many are within the bandwidth. */
export function weigh<D>(plan: Gwr, desk: Desk): i32 {
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

/** Writes the values of a location. */
// @ts-ignore: decorator
@inline
export function put(plan: Gwr, column: i32, location: i32, value: f64): void {
  unchecked((plan.results[column * plan.xs.length + location] = value));
}

export function moveTo<D>(plan: Gwr, desk: Desk, location: i32): void {
  const z = dimensions<D>() == 3 ? unchecked(plan.zs[location]) : 0.0;
  desk.nearby.moveTo(unchecked(plan.xs[location]), unchecked(plan.ys[location]), z);
  for (let c = 0; c < plan.covariates; c++) unchecked((desk.origins[c] = plan.columns[c * plan.xs.length + location]));
}
