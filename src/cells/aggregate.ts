import { polygonOf } from "../geometry/polygon-of.js";
import type { Geometry } from "../geometry/geometry.js";
import type { Cells, Grid } from "./grid.js";
import { tooManyCells } from "./lattice.js";
import { numberCells } from "./numbering.js";

/** Events, each a point; without values each counts 1. */
export interface Events {
  xs: Float64Array;
  ys: Float64Array;
  values?: Float64Array | undefined;
}

/** What lies in each of some units: how many events, and the sum of their values. */
export interface Sums {
  n: Int32Array;
  value: Float64Array;
}

/** Adds events up by the number of the unit that each is in; -1 where it is in none. */
function sumsOf({ values }: Events, unitOf: Int32Array, units: number): Sums {
  const n = new Int32Array(units);
  const value = new Float64Array(units);
  for (let i = 0; i < unitOf.length; i++) {
    const unit = unitOf[i]!;
    if (unit < 0) continue;
    n[unit]!++;
    value[unit]! += values ? values[i]! : 1;
  }
  return { n, value };
}

/**
 * Events by the cells of a grid: those with events and those whose center is in the study area, by column and row or
 * the halves of their index, ascending.
 * @param most cells that there may be
 * @throws INVALID_PARAMETER where there are more
 */
export function sumsOfCells(events: Events, grid: Grid, area: Geometry, most: number): Sums & { cells: Cells } {
  const numbering = numberCells();
  const numbersOf = ({ highs, lows }: Cells): Int32Array => {
    const numbers = new Int32Array(highs.length);
    for (let i = 0; i < highs.length; i++) numbers[i] = numbering.number(highs[i]!, lows[i]!);
    return numbers;
  };
  const unitOf = numbersOf(grid.cellsOf(events.xs, events.ys));
  numbersOf(grid.inside(area, most));
  if (numbering.count > most) throw tooManyCells(most, numbering.count);

  const { highs, lows } = numbering.cells();
  const order = Int32Array.from(highs.keys()).sort((a, b) => highs[a]! - highs[b]! || lows[a]! - lows[b]!);
  const sums = sumsOf(events, unitOf, numbering.count);
  return {
    cells: { highs: order.map((cell) => highs[cell]!), lows: order.map((cell) => lows[cell]!) },
    n: order.map((cell) => sums.n[cell]!),
    value: Float64Array.from(order, (cell) => sums.value[cell]!),
  };
}

/** Events by polygons, the first of several that an event is in; how many are in none. */
export function sumsOfPolygons(events: Events, polygons: Geometry): Sums & { outside: number } {
  const unitOf = polygonOf(polygons, events.xs, events.ys);
  const outside = unitOf.reduce((count, unit) => count + Number(unit < 0), 0);
  return { ...sumsOf(events, unitOf, polygons.kinds.length), outside };
}

/** The events that lie in any of the polygons. */
export function eventsWithin({ xs, ys, values }: Events, polygons: Geometry): Events {
  const of = polygonOf(polygons, xs, ys);
  const isWithin = (_: number, i: number): boolean => of[i]! >= 0;
  return { xs: xs.filter(isWithin), ys: ys.filter(isWithin), values: values?.filter(isWithin) };
}
