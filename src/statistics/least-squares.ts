import { DriveshaftError } from "../errors.js";
import type { RegressionExports } from "../kernels/generated/regression.js";
import type { Kernel } from "../kernels/load.js";
import type { Float64Pointer } from "../kernels/pointer.js";

/** What variables are called in messages. */
export interface VariableNames {
  dependent: string;
  covariates: readonly string[];
}

/**
 * A regression in the memory of a kernel. Variables are in units of their own, powers of two, in which no square leaves
 * the range of f64.
 */
export interface LeastSquares {
  kernel: Kernel<RegressionExports>;
  n: number;
  /** Number of coefficients, with the intercept, which is the first. */
  k: number;
  /** An orthonormal basis of the constant and the covariates: k vectors of n, the first constant. */
  basis: Float64Pointer;
  /** Coordinates of the columns on it, upper triangular: that of column j on vector m is triangle[m * k + j]. */
  triangle: Float64Array;
  /** Coordinates of the dependent variable on it. */
  effects: Float64Array;
  /** f64 of shape (n,): what the basis leaves of the dependent variable, and what it gives. */
  residuals: Float64Array;
  fitted: Float64Array;
  /** Sums of squares: of the residuals, and of what the covariates explain. */
  rss: number;
  explained: number;
  /** The residuals are no more than rounding. */
  isExact: boolean;
  /** The units: of the dependent variable, and of each column. */
  unit: number;
  units: number[];
}

/** Of its variation, the share that a covariate has to itself at least. */
const OWN_SHARE = 1e-10;

/** Most numbers in one array of a module's memory. */
const MOST_NUMBERS = 2 ** 27 - 2;

/**
 * Least squares by an orthonormal basis, which squares no condition number.
 * @throws INVALID_PARAMETER, CONSTANT_VALUES, TOO_FEW_ROWS, OUT_OF_MEMORY
 */
export function leastSquares(
  kernel: Kernel<RegressionExports>,
  y: Float64Array,
  covariates: Float64Array[],
  names: VariableNames,
): LeastSquares {
  const n = y.length;
  const k = covariates.length + 1;
  checkVariable(y, names.dependent, n);
  covariates.forEach((values, j) => checkVariable(values, names.covariates[j]!, n));
  if (n <= k) {
    const message = `${n} rows can be used, but there are ${k} coefficients with the intercept: more rows are needed`;
    throw new DriveshaftError("TOO_FEW_ROWS", message, { hint: "Name fewer covariates." });
  }
  if (n * k > MOST_NUMBERS) {
    const message = `${n} rows of ${k} columns are more than ${MOST_NUMBERS} numbers`;
    throw new DriveshaftError("OUT_OF_MEMORY", message, { hint: "Use fewer rows or covariates." });
  }
  const units = [1, ...covariates.map(unitOf)];
  const basis = kernel.float64(n * k);
  const columns = kernel.viewFloat64(basis).fill(1, 0, n);
  covariates.forEach((values, j) => writeIn(units[j + 1]!, values, columns.subarray((j + 1) * n)));
  const pointer = kernel.float64(k * k);
  kernel.call.orthonormalise(basis, n, k, OWN_SHARE, pointer);
  const triangle = kernel.readFloat64(pointer);
  refuseCollinear(triangle, k, names.covariates);

  const unit = unitOf(y);
  const scaled = new Float64Array(n);
  writeIn(unit, y, scaled);
  const all = { kernel, n, k, basis };
  const { coordinates: effects, rest: residuals } = project(all, scaled);
  const rss = sumOfProducts(residuals, residuals);
  return {
    ...all,
    triangle,
    effects,
    residuals,
    fitted: scaled.map((value, i) => value - residuals[i]!),
    rss,
    explained: sumOfProducts(effects.subarray(1), effects.subarray(1)),
    // the largest value is below 2 in its unit
    isExact: rss <= n * (32 * Number.EPSILON) ** 2,
    unit,
    units,
  };
}

/** What a basis leaves of values, and their coordinates on it. */
export function project(
  { kernel, n, k, basis }: Pick<LeastSquares, "kernel" | "n" | "k" | "basis">,
  values: Float64Array,
): { coordinates: Float64Array; rest: Float64Array } {
  const [rest, coordinates] = [kernel.float64(values), kernel.float64(k)];
  kernel.call.project(basis, n, k, rest, coordinates);
  return { coordinates: kernel.readFloat64(coordinates), rest: kernel.readFloat64(rest) };
}

/** The coefficients in the units of the variables, the intercept first. */
export function coefficientsOf({ triangle, effects, k, unit, units }: LeastSquares): Float64Array {
  return solve(triangle, k, effects).map((value, j) => (value * unit) / units[j]!);
}

/** The diagonal of the inverse of X'X, in the units of `triangle`. */
export function inverseDiagonal({ triangle, k }: Pick<LeastSquares, "triangle" | "k">): Float64Array {
  const diagonal = new Float64Array(k);
  for (let m = 0; m < k; m++) {
    // column m of the inverse triangle
    const column = solve(triangle, k, new Float64Array(k).fill(1, m, m + 1));
    column.forEach((value, j) => (diagonal[j]! += value * value));
  }
  return diagonal;
}

export function sumOfProducts(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Solves the first equations of an upper triangular system, as many as there are on the right. */
function solve(triangle: Float64Array, k: number, right: Float64Array): Float64Array {
  const found = right.slice();
  for (let m = right.length - 1; m >= 0; m--) {
    for (let j = m + 1; j < right.length; j++) found[m]! -= triangle[m * k + j]! * found[j]!;
    found[m]! /= triangle[m * k + m]!;
  }
  return found;
}

/** A power of two in which the largest magnitude is from 1 to 2. */
export function unitOf(values: Float64Array): number {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return 2 ** Math.max(-1022, Math.floor(Math.log2(largest)));
}

/** Writes values in a unit. */
function writeIn(unit: number, values: Float64Array, written: Float64Array): void {
  for (let i = 0; i < values.length; i++) written[i] = values[i]! / unit;
}

/** @throws INVALID_PARAMETER, CONSTANT_VALUES */
function checkVariable(values: Float64Array, name: string, n: number): void {
  if (values.length !== n) {
    throw new DriveshaftError("INVALID_PARAMETER", `${name} has ${values.length} values, expected ${n}`);
  }
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    throw new DriveshaftError("INVALID_PARAMETER", `${name}[${wrong}] is ${values[wrong]}, expected a finite number`);
  }
  if (n > 0 && values.every((value) => value === values[0])) {
    const message = `every value of ${name} is ${values[0]}; a regression needs variables that vary`;
    throw new DriveshaftError("CONSTANT_VALUES", message, { hint: "Name a column that varies." });
  }
}

/** @throws INVALID_PARAMETER where a covariate is a combination of those before it, and says of which */
function refuseCollinear(triangle: Float64Array, k: number, names: readonly string[]): void {
  for (let j = 1; j < k; j++) {
    if (triangle[j * k + j]! > 0) continue;
    const column = (c: number): Float64Array => Float64Array.from({ length: j }, (_, m) => triangle[m * k + c]!);
    const varying = (c: number): number => Math.sqrt(sumOfProducts(column(c).subarray(1), column(c).subarray(1)));
    const shares = solve(triangle, k, column(j));
    const others = names.filter((_, c) => c + 1 < j && Math.abs(shares[c + 1]!) * varying(c + 1) > 1e-6 * varying(j));
    const of = others.length > 0 ? ` of ${others.join(", ")}` : " of the intercept: it is constant but for rounding";
    const message = `the covariate ${names[j - 1]} is a linear combination${of}`;
    throw new DriveshaftError("INVALID_PARAMETER", message, { hint: "Leave one of them out of the covariates." });
  }
}
