import { DriveshaftError } from "../errors.js";
import type { Progress } from "../job/progress.js";
import { boostingKernel, type BoostingExports } from "../kernels/generated/boosting.js";
import { withKernel, type Kernel } from "../kernels/load.js";
import { checkWhole } from "./inference.js";
import type { VariableNames } from "./least-squares.js";

export const segmentDefaults = {
  nEstimators: 1200,
  maxDepth: 3,
  subsample: 0.5,
  learningRate: 0.01,
  minSamplesLeaf: 1,
  heldOut: 0.2,
  seed: 12345,
};

/** Splits from the root of a tree to a leaf, at most: a tree has room for all that there could be. */
export const MOST_DEPTH = 10;

export const MOST_TREES = 100_000;
export const MOST_IN_LEAF = 2 ** 31 - 1;

/** Nodes of all trees together, at most: 12 bytes each. */
const MOST_NODES = 2 ** 25;

export interface SegmentOptions {
  /** Trees, default 1200; splits from the root to a leaf at most, 1 to 10, default 3. */
  nEstimators?: number;
  maxDepth?: number;
  /** Share of the rows that each tree is grown from, drawn anew without replacement; default 0.5. */
  subsample?: number;
  /** Share that is taken of what a tree says, default 0.01. */
  learningRate?: number;
  /** Rows of the subsample in a leaf at least, default 1. */
  minSamplesLeaf?: number;
  /** Share of the rows with y that are not learned from, but tell the error; default 0.2. */
  heldOut?: number;
  seed?: number;
  /** Covariates of other rows, which are predicted too: of as many columns, NaN where not known. */
  targets?: Float64Array[];
  /** What messages call the variables; default y and covariates[j]. */
  names?: VariableNames;
  progress?: Progress;
}

export interface Segment {
  /** Of all rows, and of the targets where there are any; f64 of shape (n,). */
  predicted: Float64Array;
  targets?: Float64Array;
  /** Mean squared error of the rows that were held out, and 1 less its share of their variance; NaN without any. */
  mse: number;
  r2: number;
  /** By covariate: its share of what splits took off the sum of squared errors; 0 where nothing was split. */
  importances: Float64Array;
  /** What unknown values of each covariate were taken to be: the mean of the known. */
  means: Float64Array;
  /** Rows that trees were grown from, and rows that were held out. */
  trained: number;
  heldOut: number;
}

/**
 * Gradient-boosted regression trees of squared errors: each tree is grown from a sample of the rows, to what those
 * before it leave. A split is the best of all there are, between two neighboring values; of equally good ones that of
 * the first covariate, and there the lowest. Friedman (2001), doi:10.1214/aos/1013203451, and (2002),
 * doi:10.1016/S0167-9473(01)00065-2.
 * @param y f64 of shape (n,); rows where it is NaN are predicted only
 * @param covariates f64 of shape (n,) each; NaN where not known
 * @throws INVALID_PARAMETER, TOO_FEW_ROWS, CONSTANT_VALUES, OUT_OF_MEMORY
 * @example segment(price, [rooms, age], { seed: 7, targets: [otherRooms, otherAges] }).targets
 */
export function segment(y: Float64Array, covariates: Float64Array[], options: SegmentOptions = {}): Segment {
  const settings = { ...segmentDefaults, ...withoutUndefined(options) };
  const names = options.names ?? { dependent: "y", covariates: covariates.map((_, c) => `covariates[${c}]`) };
  check(y, covariates, settings, names);
  const means = Float64Array.from(covariates, (values, c) => meanOf(values, names.covariates[c]!));
  const known = Int32Array.from(y.keys()).filter((row) => !Number.isNaN(y[row]));
  return withKernel(boostingKernel, (kernel) => {
    const isHeld = held(kernel, known.length, settings);
    const trained = known.filter((_, at) => isHeld[at] === 0);
    const tested = known.filter((_, at) => isHeld[at] === 1);
    const mean = meanOfRows(y, trained, names.dependent);
    const forest = grown(kernel, y, covariates, { trained, mean, means }, settings);
    const saidOf = (columns: Float64Array[], n: number): Float64Array => {
      const predicted = kernel.float64(new Float64Array(n).fill(mean));
      kernel.call.predict(forest, kernel.float64(matrixOf(columns, means, n)), predicted);
      return kernel.readFloat64(predicted);
    };
    const predicted = saidOf(covariates, y.length);
    const { targets } = options;
    return {
      predicted,
      ...(targets && { targets: saidOf(targets, targets[0]!.length) }),
      ...errorOf(y, predicted, tested),
      importances: importancesOf(kernel, forest, covariates.length),
      means,
      trained: trained.length,
      heldOut: tested.length,
    };
  });
}

type Settings = typeof segmentDefaults & Pick<SegmentOptions, "targets" | "progress">;

/** Options that are given as undefined leave their defaults. */
const withoutUndefined = (options: SegmentOptions): SegmentOptions =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

function check(y: Float64Array, covariates: Float64Array[], settings: Settings, names: VariableNames): void {
  const { nEstimators, maxDepth, targets } = settings;
  const refuse = (message: string): never => {
    throw new DriveshaftError("INVALID_PARAMETER", message);
  };
  checkWhole("nEstimators", nEstimators, 1, MOST_TREES);
  checkWhole("maxDepth", maxDepth, 1, MOST_DEPTH);
  checkWhole("minSamplesLeaf", settings.minSamplesLeaf, 1, MOST_IN_LEAF);
  checkWhole("seed", settings.seed, 0, Number.MAX_SAFE_INTEGER);
  if (nEstimators * 2 ** (maxDepth + 1) > MOST_NODES)
    refuse(`${nEstimators} trees of depth ${maxDepth} have more than ${MOST_NODES} nodes; use fewer, or a lower depth`);
  for (const name of ["subsample", "learningRate"] as const) {
    if (!(settings[name] > 0 && settings[name] <= 1))
      refuse(`${name} is ${settings[name]}, expected a number above 0, at most 1`);
  }
  if (!(settings.heldOut >= 0 && settings.heldOut < 1))
    refuse(`heldOut is ${settings.heldOut}, expected a number of at least 0, below 1`);
  if (covariates.length === 0) refuse("there are no covariates");
  checkColumns([y, ...covariates], [names.dependent, ...names.covariates]);
  if (targets) {
    if (targets.length !== covariates.length)
      refuse(`targets have ${targets.length} columns, but there are ${covariates.length} covariates`);
    checkColumns(
      targets,
      names.covariates.map((name) => `${name} of the targets`),
    );
  }
}

function checkColumns(columns: Float64Array[], names: string[]): void {
  columns.forEach((values, c) => {
    if (values.length !== columns[0]!.length) {
      const message = `${names[c]} has ${values.length} values, but ${names[0]} ${columns[0]!.length}`;
      throw new DriveshaftError("INVALID_PARAMETER", message);
    }
    const wrong = values.findIndex((value) => Math.abs(value) === Infinity);
    if (wrong >= 0)
      throw new DriveshaftError("INVALID_PARAMETER", `${names[c]}[${wrong}] is ${values[wrong]}, expected a number`);
  });
}

/** The mean of the known values. */
function meanOf(values: Float64Array, name: string): number {
  let [sum, count] = [0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  if (count > 0) return sum / count;
  throw new DriveshaftError("INVALID_PARAMETER", `${name} has no value in any row`, { hint: "Leave it out." });
}

/** Which of the rows with y are held out: as many as their share rounds to. */
function held(kernel: Kernel<BoostingExports>, known: number, { heldOut, seed }: Settings): Int32Array {
  const count = Math.round(heldOut * known);
  if (known - count < 2) {
    const message = `there are ${known} rows with a value, of which ${count} are held out; at least 2 have to be left`;
    throw new DriveshaftError("TOO_FEW_ROWS", message);
  }
  const chosen = kernel.int32(known);
  kernel.call.holdOut(count, seed, chosen);
  return kernel.readInt32(chosen);
}

/** The mean of rows among which values differ. @throws CONSTANT_VALUES */
function meanOfRows(values: Float64Array, rows: Int32Array, name: string): number {
  const first = values[rows[0]!]!;
  if (rows.every((row) => values[row] === first)) {
    const message = `every value of ${name} is ${first}; there is nothing to learn`;
    throw new DriveshaftError("CONSTANT_VALUES", message);
  }
  return rows.reduce((sum, row) => sum + values[row]!, 0) / rows.length;
}

/** Columns one after the other, of shape (p, n), with means for what is not known. */
function matrixOf(columns: Float64Array[], means: Float64Array, n: number, rows?: Int32Array): Float64Array {
  const matrix = new Float64Array(columns.length * n);
  columns.forEach((values, c) => {
    for (let i = 0; i < n; i++) {
      const value = values[rows ? rows[i]! : i]!;
      matrix[c * n + i] = Number.isNaN(value) ? means[c]! : value;
    }
  });
  return matrix;
}

/** Trees that are grown before progress is told again. */
const TURN = 20;

function grown(
  kernel: Kernel<BoostingExports>,
  y: Float64Array,
  covariates: Float64Array[],
  { trained, mean, means }: { trained: Int32Array; mean: number; means: Float64Array },
  { nEstimators, maxDepth, minSamplesLeaf, subsample, learningRate, seed, progress = () => {} }: Settings,
): ReturnType<BoostingExports["createForest"]> {
  const { call } = kernel;
  const n = trained.length;
  const columns = kernel.float64(matrixOf(covariates, means, n, trained));
  const deviations = kernel.float64(Float64Array.from(trained, (row) => y[row]! - mean));
  const forest = call.createForest(nEstimators, maxDepth, covariates.length);
  const training = call.createTraining(columns, deviations, minSamplesLeaf, maxDepth);
  const size = Math.max(1, Math.floor(subsample * n));
  for (let tree = 0; tree < nEstimators; tree += TURN) {
    call.growTrees(forest, training, Math.min(TURN, nEstimators - tree), size, learningRate, seed);
    progress(Math.min(1, (tree + TURN) / nEstimators));
  }
  return forest;
}

function errorOf(y: Float64Array, predicted: Float64Array, rows: Int32Array): Pick<Segment, "mse" | "r2"> {
  const mean = rows.reduce((sum, row) => sum + y[row]!, 0) / rows.length;
  let [errors, variation] = [0, 0];
  for (const row of rows) {
    errors += (y[row]! - predicted[row]!) ** 2;
    variation += (y[row]! - mean) ** 2;
  }
  return { mse: errors / rows.length, r2: variation > 0 ? 1 - errors / variation : NaN };
}

function importancesOf(
  kernel: Kernel<BoostingExports>,
  forest: ReturnType<BoostingExports["createForest"]>,
  p: number,
): Float64Array {
  const sums = kernel.float64(p);
  kernel.call.gains(forest, sums);
  const gains = kernel.readFloat64(sums);
  const total = gains.reduce((sum, gain) => sum + gain, 0);
  return total > 0 ? gains.map((gain) => gain / total) : gains;
}
