/**
 * Exact conditional inference at each location: the location keeps its value, and the sum of its k neighbors is one of
 * those that k of the other locations can have, all equally likely. Where there are few of them they are listed; else
 * their distribution comes from tables that all locations share, from which each leaves its own value out.
 */
import { reserve } from "../shared/memory";
import { Bins } from "./bins";
import { choose, MOST_LISTED, subsetsAtLeast, subsetsAtMost, sumsOfSubsets } from "./listed";
import { Scale } from "./scale";

/** Smaller ones are the rounding of transforms. */
const FLOOR = 1e-12;
/** How many scales there are at most, and how much finer each is at least. */
const MOST_SCALES = 3;
const FINER = 4.0;

@final
export class Exact {
  /** The values; with the long tail upwards, so where it is downwards with the other sign. */
  values: Float64Array;
  mirrored: bool;
  total: f64 = 0.0;
  /** By k up to the largest that is listed, the sums of all subsets of k. */
  lists: StaticArray<Float64Array> = new StaticArray<Float64Array>(0);
  /** The scale of all values, and finer ones for sums that are below their end. */
  scales: Array<Scale> = [];

  /**
   * @param drawn how many values locations draw, in any order and above 0
   * @param error how far a value may be off by rounding
   * @param mostBins a power of two
   */
  constructor(values: Float64Array, drawn: Int32Array, error: f64, mostBins: i32) {
    const n = values.length;
    let low = Infinity;
    let high = -Infinity;
    let total = 0.0;
    for (let i = 0; i < n; i++) {
      const value = unchecked(values[i]);
      low = min(low, value);
      high = max(high, value);
      total += value;
    }
    this.values = values;
    this.mirrored = <f64>n * (low + high) < 2.0 * total;
    if (this.mirrored) for (let i = 0; i < n; i++) unchecked((values[i] = -values[i]));
    this.total = this.mirrored ? -total : total;
    let largest = 0;
    let listed = 0;
    for (let at = 0; at < drawn.length; at++) {
      const k = unchecked(drawn[at]);
      largest = max(largest, k);
      if (choose(n, k) <= MOST_LISTED) listed = max(listed, k);
    }
    this.lists = sumsOfSubsets(values, listed);
    const occurs = new Uint8Array(largest + 1);
    for (let at = 0; at < drawn.length; at++) {
      const k = unchecked(drawn[at]);
      if (k > listed) unchecked((occurs[k] = 1));
    }
    if (largest > listed) this.makeScales(occurs, error, mostBins);
  }

  private makeScales(occurs: Uint8Array, error: f64, mostBins: i32): void {
    const values = this.values;
    let bins = Bins.of(values, error);
    this.scales.push(new Scale(values, bins, occurs, mostBins));
    if (bins.onLattice || !bins.allApartAbove(values)) return;
    // each as far as twice a usual sum of values below the last
    for (let scales = 1; scales < MOST_SCALES; scales++) {
      const cap = 2.0 * <f64>(occurs.length - 1) * (bins.mean(values) - bins.low);
      if (cap * FINER > bins.high - bins.low) return;
      bins = bins.upTo(values, cap);
      this.scales.push(new Scale(values, bins, occurs, mostBins));
    }
  }

  /** The finest scale that knows a sum of k values. */
  scaleOf(k: i32, sum: f64): Scale {
    const scales = this.scales;
    let at = scales.length - 1;
    for (; at > 0; at--) {
      const bins = unchecked(scales[at]).bins;
      if (sum - <f64>k * bins.low < bins.cap) break;
    }
    return unchecked(scales[at]);
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
    unchecked((part.observed[at] = c.mirrored ? 0.0 - sum : sum));
    unchecked((part.greater[at] = 1.0));
    unchecked((part.lesser[at] = 1.0));
    unchecked((part.spread[at] = 0.0));
    // of many neighbors it is drawn which values are not among them
    const k = min(end - begin, others - (end - begin));
    if (k == 0) continue;
    const few = k == end - begin;
    if (!few) sum = c.total - unchecked(values[first + at]) - sum;
    if (k < c.lists.length) byLists(c, part, at, first + at, k, sum, !few);
    else byTables(c, part, at, first + at, k, sum, !few);
  }
}

/**
 * Whether a small sum of those drawn is a large one of the neighbors: either these are the others, or signs were
 * turned.
 */
// @ts-ignore: decorator
@inline
function turned(c: Exact, others: bool): bool {
  return others != c.mirrored;
}

function byLists(c: Exact, part: Part, at: i32, i: i32, k: i32, sum: f64, others: bool): void {
  const n = c.values.length;
  const own = unchecked(c.values[i]);
  // what is left of all is rounded as often as they are many
  const tolerance = unchecked(part.tolerance[at]) * (others ? <f64>n / <f64>k : 1.0);
  const all = choose(n - 1, k);
  const atLeast = subsetsAtLeast(c.lists, k, own, sum - tolerance) / all;
  const atMost = subsetsAtMost(c.lists, k, own, sum + tolerance) / all;
  const turn = turned(c, others);
  unchecked((part.greater[at] = turn ? atMost : atLeast));
  unchecked((part.lesser[at] = turn ? atLeast : atMost));
}

function byTables(c: Exact, part: Part, at: i32, i: i32, k: i32, sum: f64, others: bool): void {
  const scale = c.scaleOf(k, sum);
  const bins = scale.bins;
  const base = unchecked(part.offsets[0]);
  let s = 0.0;
  for (let q = unchecked(part.offsets[at]) - base; q < unchecked(part.offsets[at + 1]) - base; q++) {
    s += bins.binOf(unchecked(c.values[unchecked(part.neighbors[q])]));
  }
  if (others) s = scale.total - bins.binOf(unchecked(c.values[i])) - s;
  const atLeast = scale.tail(i, k, s);
  const atMost = 1.0 - scale.tail(i, k, s + 1.0);
  const turn = turned(c, others);
  unchecked((part.greater[at] = max(FLOOR, turn ? atMost : atLeast)));
  unchecked((part.lesser[at] = max(FLOOR, turn ? atLeast : atMost)));
  unchecked((part.spread[at] = scale.spread(k, sum)));
}
