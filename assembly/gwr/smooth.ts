/**
 * Smoothing on a single variable without an intercept, which is what back-fitting is made of. Variable 0 is the
 * intercept's, 1 everywhere.
 */
import { Plane, Space } from "../shared/space";
import { addTimes } from "../shared/vector";
import { COEFFICIENTS, Desk, findNearest, findWithin, Gwr, INFLUENCE, moveTo, PREDICTED, put, weigh } from "./plan";

/** Finds the rows around a location, and weighs them; returns the sum of weighted squares of the variable. */
function around<D>(plan: Gwr, desk: Desk, location: i32, variable: i32): f64 {
  moveTo<D>(plan, desk, location);
  if (plan.fixed) findWithin<D>(desk, plan.distance);
  else findNearest<D>(desk, plan.neighbors);
  weigh<D>(plan, desk);
  let squares = 0.0;
  for (let q = 0; q < desk.nearby.count; q++) {
    const value = valueOf(plan, desk, q, variable) * unchecked(desk.local.roots[q]);
    squares += value * value;
  }
  return squares;
}

/** The variable of a row that was found. */
// @ts-ignore: decorator
@inline
function valueOf(plan: Gwr, desk: Desk, q: i32, variable: i32): f64 {
  if (variable == 0) return 1.0;
  return unchecked(plan.rows[desk.nearby.positions[q] * (plan.covariates + 1) + variable - 1]);
}

/** The variable at a location. */
// @ts-ignore: decorator
@inline
function valueAt(plan: Gwr, location: i32, variable: i32): f64 {
  return variable == 0 ? 1.0 : unchecked(plan.columns[(variable - 1) * plan.xs.length + location]);
}

/** Writes coefficients, predictions and influence; 0 where the variable is 0 all around. */
function smoothRange<D>(
  plan: Gwr,
  begin: i32,
  end: i32,
  variable: i32,
  values: Float64Array,
  thread: i32,
): void {
  const desk = unchecked(plan.desks[thread]);
  for (let location = begin; location < end; location++) {
    const squares = around<D>(plan, desk, location, variable);
    let products = 0.0;
    for (let q = 0; q < desk.nearby.count; q++) {
      const root = unchecked(desk.local.roots[q]);
      const row = unchecked(plan.tree.indices[desk.nearby.positions[q]]);
      products += root * root * valueOf(plan, desk, q, variable) * unchecked(values[row]);
    }
    const x = valueAt(plan, location, variable);
    const coefficient = squares > 0.0 ? products / squares : 0.0;
    put(plan, COEFFICIENTS + variable, location, coefficient);
    put(plan, PREDICTED, location, coefficient * x);
    put(plan, INFLUENCE, location, squares > 0.0 ? (x * x) / squares : 0.0);
  }
}

/** Smooths many columns of values at once, `width` of them row by row. */
function smoothColumnsRange<D>(
  plan: Gwr,
  begin: i32,
  end: i32,
  variable: i32,
  values: Float64Array,
  smoothed: Float64Array,
  at: i32,
  width: i32,
  thread: i32,
): void {
  const desk = unchecked(plan.desks[thread]);
  for (let location = begin; location < end; location++) {
    const squares = around<D>(plan, desk, location, variable);
    const target = at + location * width;
    for (let w = 0; w < width; w++) unchecked((smoothed[target + w] = 0.0));
    if (!(squares > 0.0)) continue;
    const factor = valueAt(plan, location, variable) / squares;
    for (let q = 0; q < desk.nearby.count; q++) {
      const root = unchecked(desk.local.roots[q]);
      if (root == 0.0) continue;
      const row = unchecked(plan.tree.indices[desk.nearby.positions[q]]);
      const share = factor * root * root * valueOf(plan, desk, q, variable);
      addTimes(smoothed, target, share, values, row * width, width);
    }
  }
}

export function smoothPlane(
  plan: Gwr,
  begin: i32,
  end: i32,
  variable: i32,
  values: Float64Array,
  thread: i32,
): void {
  smoothRange<Plane>(plan, begin, end, variable, values, thread);
}

export function smoothSpace(
  plan: Gwr,
  begin: i32,
  end: i32,
  variable: i32,
  values: Float64Array,
  thread: i32,
): void {
  smoothRange<Space>(plan, begin, end, variable, values, thread);
}

export function smoothColumnsPlane(
  plan: Gwr,
  begin: i32,
  end: i32,
  variable: i32,
  values: Float64Array,
  smoothed: Float64Array,
  at: i32,
  width: i32,
  thread: i32,
): void {
  smoothColumnsRange<Plane>(plan, begin, end, variable, values, smoothed, at, width, thread);
}

export function smoothColumnsSpace(
  plan: Gwr,
  begin: i32,
  end: i32,
  variable: i32,
  values: Float64Array,
  smoothed: Float64Array,
  at: i32,
  width: i32,
  thread: i32,
): void {
  smoothColumnsRange<Space>(plan, begin, end, variable, values, smoothed, at, width, thread);
}
