/**
 * Exact conditional inference at each location: the location keeps its value, and the sum of its k neighbors is one of
 * those that k of the other locations can have, all equally likely. Where there are few of them they are listed; else
 * their distribution comes from tables of all values, from which each location leaves its own out.
 */
import { reserve } from "../shared/memory";
import { Bins } from "./bins";
import { reach } from "./leave-one-out";
import { choose, MOST_LISTED, subsetsAtLeast, subsetsAtMost, sumsOfSubsets } from "./listed";
import { Tables } from "./tables";

/** Smaller ones are the rounding of transforms. */
const FLOOR = 1e-12;
/** What rounding may do to a sum that is counted in bins. */
const NEAR = 1e-6;

@final
export class Exact {
  values: Float64Array;
  /** By k up to the largest that is listed, the sums of all subsets of k. */
  lists: StaticArray<Float64Array> = new StaticArray<Float64Array>(0);
  tables: Tables | null = null;
  /** The sum of all values and that of their bins; the bins of those apart; how far values may be from their bins. */
  total: f64 = 0.0;
  totalBins: f64 = 0.0;
  apart: Float64Array = new Float64Array(0);
  residual: f64 = 0.0;

  /**
   * @param drawn how many values locations draw, in any order and above 0
   * @param error how far a value may be off by rounding
   */
  constructor(values: Float64Array, drawn: Int32Array, error: f64) {
    const n = values.length;
    this.values = values;
    for (let i = 0; i < n; i++) this.total += unchecked(values[i]);
    let largest = 0;
    let listed = 0;
    for (let at = 0; at < drawn.length; at++) {
      const k = unchecked(drawn[at]);
      largest = max(largest, k);
      if (choose(n, k) <= MOST_LISTED) listed = max(listed, k);
    }
    this.lists = new StaticArray<Float64Array>(listed + 1);
    for (let k = 1; k <= listed; k++) unchecked((this.lists[k] = sumsOfSubsets(values, k)));
    if (largest > listed) this.tabulate(drawn, listed, largest, error);
  }

  private tabulate(drawn: Int32Array, listed: i32, largest: i32, error: f64): void {
    const values = this.values;
    const occurs = new Uint8Array(largest + 1);
    for (let at = 0; at < drawn.length; at++) {
      const k = unchecked(drawn[at]);
      if (k > listed) unchecked((occurs[k] = 1));
    }
    const bins = new Bins(values, error);
    this.tables = new Tables(values, bins, occurs);
    this.residual = bins.residual(values);
    this.apart = new Float64Array(bins.apart.length);
    for (let at = 0; at < this.apart.length; at++) {
      unchecked((this.apart[at] = bins.binOf(unchecked(values[unchecked(bins.apart[at])]))));
    }
    for (let i = 0; i < values.length; i++) this.totalBins += bins.binOf(unchecked(values[i]));
  }
}

/** Some locations, one after another: what is known of them and what comes out. */
@final
export class Part {
  /** The neighbors of the location at `at` are neighbors[offsets[at] - offsets[0] .. offsets[at + 1] - offsets[0]). */
  offsets: Int32Array;
  neighbors: Int32Array;
  /** How far sums that tie may differ. */
  tolerance: Float64Array;
  /** The sum of the neighbors' values; islands have 0. */
  observed: Float64Array;
  /**
   * P(sum >= observed) and P(sum <= observed), ties in both, and by how much rounding to bins may have changed them.
   */
  greater: Float64Array;
  lesser: Float64Array;
  spread: Float64Array;

  constructor(locations: i32, pairs: i32) {
    // an offset and five numbers a location, and the heads of the arrays
    reserve(44 * locations + 4 * pairs + 1024);
    this.offsets = new Int32Array(locations + 1);
    this.neighbors = new Int32Array(pairs);
    this.tolerance = new Float64Array(locations);
    this.observed = new Float64Array(locations);
    this.greater = new Float64Array(locations);
    this.lesser = new Float64Array(locations);
    this.spread = new Float64Array(locations);
  }
}

/** Infers at the locations first .. first + count - 1. */
export function infer(c: Exact, part: Part, first: i32, count: i32): void {
  const values = c.values;
  const others = values.length - 1;
  const base = unchecked(part.offsets[0]);
  for (let at = 0; at < count; at++) {
    const begin = unchecked(part.offsets[at]) - base;
    const end = unchecked(part.offsets[at + 1]) - base;
    let sum = 0.0;
    for (let q = begin; q < end; q++) sum += unchecked(values[unchecked(part.neighbors[q])]);
    unchecked((part.observed[at] = sum));
    unchecked((part.greater[at] = 1.0));
    unchecked((part.lesser[at] = 1.0));
    unchecked((part.spread[at] = 0.0));
    // of many neighbors it is drawn which values are not among them
    const k = min(end - begin, others - (end - begin));
    if (k == 0) continue;
    if (k < c.lists.length) byLists(c, part, at, first + at, k);
    else byTables(c, part, at, first + at, k);
  }
}

/** Whether those drawn are not the neighbors: then a small sum is a large one of the neighbors. */
// @ts-ignore: decorator
@inline
function turned(part: Part, at: i32, k: i32): bool {
  return k < unchecked(part.offsets[at + 1]) - unchecked(part.offsets[at]);
}

function byLists(c: Exact, part: Part, at: i32, i: i32, k: i32): void {
  const n = c.values.length;
  const own = unchecked(c.values[i]);
  let sum = unchecked(part.observed[at]);
  let tolerance = unchecked(part.tolerance[at]);
  const turn = turned(part, at, k);
  if (turn) {
    sum = c.total - own - sum;
    // what is left of all is rounded as often as they are many
    tolerance *= <f64>n / <f64>k;
  }
  const all = choose(n - 1, k);
  const atLeast = subsetsAtLeast(c.lists, k, own, sum - tolerance) / all;
  const atMost = subsetsAtMost(c.lists, k, own, sum + tolerance) / all;
  unchecked((part.greater[at] = turn ? atMost : atLeast));
  unchecked((part.lesser[at] = turn ? atLeast : atMost));
}

function byTables(c: Exact, part: Part, at: i32, i: i32, k: i32): void {
  const bins = c.tables!.bins;
  const own = unchecked(c.values[i]);
  const base = unchecked(part.offsets[0]);
  let sum = unchecked(part.observed[at]);
  let s = 0.0;
  for (let q = unchecked(part.offsets[at]) - base; q < unchecked(part.offsets[at + 1]) - base; q++) {
    s += bins.binOf(unchecked(c.values[unchecked(part.neighbors[q])]));
  }
  const turn = turned(part, at, k);
  if (turn) {
    sum = c.total - own - sum;
    s = c.totalBins - bins.binOf(own) - s;
  }
  const atLeast = tail(c, i, k, s);
  const atMost = 1.0 - tail(c, i, k, s + 1.0);
  unchecked((part.greater[at] = max(FLOOR, turn ? atMost : atLeast)));
  unchecked((part.lesser[at] = max(FLOOR, turn ? atLeast : atMost)));
  if (c.residual == 0.0) return;
  // the sum before rounding; after it those of draws may be off by k residuals
  const exact = (sum - <f64>k * bins.low) / bins.step;
  const off = <f64>k * c.residual + NEAR;
  const lowest = Math.ceil(exact - off);
  const highest = Math.floor(exact + off) + 1.0;
  unchecked((part.spread[at] = between(c, k, lowest, highest)));
}

/** P(sum of k of the others >= s): over which of the values apart are drawn, the chance that those are. */
function tail(c: Exact, i: i32, k: i32, s: f64): f64 {
  const tables = c.tables!;
  const apart = tables.bins.apart;
  const own = tables.bins.binOf(unchecked(c.values[i]));
  if (apart.length == 0) return reach(tables, k, own, s);
  let mine = -1;
  for (let a = 0; a < apart.length; a++) if (unchecked(apart[a]) == i) mine = a;
  let chance = 0.0;
  for (let drawn = 0; drawn < 1 << apart.length; drawn++) {
    if (mine >= 0 && (drawn >> mine) & 1) continue;
    let share = 1.0;
    let rest = s;
    let left = k;
    let places = <f64>(c.values.length - 1);
    for (let a = 0; a < apart.length; a++) {
      if (a == mine) continue;
      if ((drawn >> a) & 1) {
        share *= <f64>left / places;
        rest -= unchecked(c.apart[a]);
        left--;
      } else share *= (places - <f64>left) / places;
      places -= 1.0;
    }
    if (share == 0.0) continue;
    chance += share * (mine >= 0 ? tables.at(left, rest) : reach(tables, left, own, rest));
  }
  return min(1.0, max(0.0, chance));
}

/**
 * A bound on P(low <= sum < high): that of k of all values, the location's own among them, times n / (n - k), as a draw
 * that leaves it out is one of all.
 */
function between(c: Exact, k: i32, low: f64, high: f64): f64 {
  const tables = c.tables!;
  const apart = tables.bins.apart.length;
  const n = <f64>c.values.length;
  let chance = 0.0;
  for (let drawn = 0; drawn < 1 << apart; drawn++) {
    let share = n / (n - <f64>k);
    let sum = 0.0;
    let left = k;
    for (let a = 0; a < apart; a++) {
      const places = n - <f64>a;
      if ((drawn >> a) & 1) {
        share *= <f64>left / places;
        sum += unchecked(c.apart[a]);
        left--;
      } else share *= (places - <f64>left) / places;
    }
    if (share > 0.0) chance += share * max(0.0, tables.at(left, low - sum) - tables.at(left, high - sum));
  }
  return chance;
}
