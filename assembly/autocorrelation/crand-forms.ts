/**
 * Conditional permutation with a shared reference, for sums of attributes with coefficients. A location's reference is
 * the product of the columns that all share (crand-columns.ts) with its coefficients. Draws that contain the location
 * itself are corrected one by one (see draws.ts).
 *
 * With threads the locations are divided, and each is counted by one thread: results do not depend on their number.
 */
import { meet } from "./barrier";
import { amend, Stop } from "./crand";
import { Columns, fillColumns, prepareColumns } from "./crand-columns";
import { countLines, linesGroup, orderLines } from "./crand-lines";
import { countUntilDone, isDone, next, valuesOf } from "./crand-stop";
import { apart, share } from "./draws";
import { formOf } from "./form";
import { addTimes, bothCounts, pairFrom } from "../shared/vector";

/** Bytes of the columns that are gone through for all locations before the next: what a first-level cache holds. */
const TILE_BYTES = 16384;

@final
export class Forms extends Columns {
  /** Scratch of each thread: where the columns of a location begin, and the factor of each. */
  places!: Int32Array;
  factors!: Float64Array;
  /** Columns of a location at most. */
  widest: i32 = 0;
  /** Whether the forms are lines: equal weights, two attributes, the first with the coefficient 1. */
  lines: bool = false;
  /** For lines: the locations in their order, where each cardinality begins in it, and scratch of each thread. */
  order!: Int32Array;
  rowBegin!: Int32Array;
  keys!: StaticArray<f64>;
  sortedDraws!: StaticArray<i32>;
}

/**
 * Plans the work and allocates all of it.
 * @param tolerance how far forms that tie may differ, by location
 */
export function createForms(
  attributes: Float64Array,
  coefficients: Float64Array,
  offsets: Int32Array,
  neighbors: Int32Array,
  weights: Float64Array | null,
  permutations: i32,
  seed: f64,
  tolerance: Float64Array,
  threads: i32,
): Forms {
  const n = offsets.length - 1;
  const c = new Forms();
  prepareColumns(c, attributes, coefficients, offsets, neighbors, weights, permutations, seed, tolerance, threads, false);
  c.widest = weights == null ? c.count : c.groups * c.count;
  c.places = new Int32Array(apart(c.widest) * threads);
  c.factors = new Float64Array(apart(c.widest) * threads);
  c.lines = weights == null && areLines(c);
  if (c.lines) {
    c.order = new Int32Array(n);
    c.rowBegin = new Int32Array(c.groups + 1);
    orderLines(offsets, c.row, coefficients, c.order, c.rowBegin);
    c.keys = new StaticArray<f64>(c.draws.block * threads);
    c.sortedDraws = new StaticArray<i32>(c.draws.block * threads);
  }
  return c;
}

function areLines(c: Forms): bool {
  if (c.count != 2) return false;
  for (let i = 0; i < c.observed.length; i++) if (unchecked(c.coefficients[2 * i]) != 1.0) return false;
  return true;
}

/** Permutations of a block. */
export function formsBlock(c: Forms): i32 {
  return c.draws.block;
}

/** One thread's part of the block of permutations first .. first + size - 1. All threads call it for every block. */
export function runForms(c: Forms, first: i32, size: i32, thread: i32): void {
  const n = c.observed.length;
  fillColumns(c, first, size, thread);
  meet(c.barrier, c.threads);
  const from = share(n, thread, c.threads);
  const to = share(n, thread + 1, c.threads);
  const stop = c.stop;
  if (stop != null) {
    for (let i = from; i < to; i++) countUntil(c, stop, i, first, size, thread);
    meet(c.barrier, c.threads);
    return;
  }
  if (c.lines) {
    countAllLines(c, size, thread);
    // every thread counts locations of all
    meet(c.barrier, c.threads);
  } else countAll(c, size, from, to, thread);
  correct(c, size, from, to, thread);
  meet(c.barrier, c.threads);
}

/** Counts the lines, groups of locations in turn among the threads. */
function countAllLines(c: Forms, size: i32, thread: i32): void {
  const block = c.draws.block;
  let group = 0;
  for (let row = 0; row < c.groups; row++) {
    const end = unchecked(c.rowBegin[row + 1]);
    const step = linesGroup(end - unchecked(c.rowBegin[row]));
    for (let from = unchecked(c.rowBegin[row]); from < end; from += step) {
      if (group++ % c.threads != thread) continue;
      const column = row * 2 * block;
      countLines(
        c.columns,
        column,
        column + block,
        size,
        c.order,
        from,
        min(end, from + step),
        c.coefficients,
        c.observed,
        c.tolerance,
        c.greater,
        c.lesser,
        c.keys,
        c.sortedDraws,
        thread * block,
      );
    }
  }
}

/** Counts the forms of locations from .. to - 1, a tile of the columns at a time. */
function countAll(c: Forms, size: i32, from: i32, to: i32, thread: i32): void {
  const tile = min(size, max(8, ((TILE_BYTES / 8 / max(1, c.widest)) >> 3) << 3));
  for (let p = 0; p < size; p += tile) {
    if (c.weights == null) countTile<Equal>(c, p, min(size, p + tile), from, to, thread);
    else countTile<Unequal>(c, p, min(size, p + tile), from, to, thread);
  }
}

class Equal {}
class Unequal {}

/** Lays out the columns of location i and their factors in the thread's scratch, and returns how many there are. */
// @ts-ignore: decorator
@inline
function layOut<W>(c: Forms, i: i32, k: i32, scratch: i32): i32 {
  const count = c.count;
  const block = c.draws.block;
  if (idof<W>() == idof<Equal>()) {
    const group = unchecked(c.row[k]);
    for (let a = 0; a < count; a++) {
      unchecked((c.places[scratch + a] = (group * count + a) * block));
      unchecked((c.factors[scratch + a] = c.coefficients[i * count + a]));
    }
    return count;
  }
  const first = unchecked(c.offsets[i]);
  for (let j = 0, at = scratch; j < k; j++) {
    const weight = unchecked(c.weights![first + j]);
    for (let a = 0; a < count; a++, at++) {
      unchecked((c.places[at] = (j * count + a) * block));
      unchecked((c.factors[at] = weight * unchecked(c.coefficients[i * count + a])));
    }
  }
  return k * count;
}

/** The form of a location, laid out, in draw p; in the order of countTile, so with the same bits. */
// @ts-ignore: decorator
@inline
function laidOut(columns: Float64Array, places: Int32Array, factors: Float64Array, scratch: i32, length: i32, p: i32): f64 {
  let sum = unchecked(factors[scratch]) * unchecked(columns[unchecked(places[scratch]) + p]);
  for (let l = scratch + 1; l < scratch + length; l++) sum += unchecked(factors[l]) * unchecked(columns[unchecked(places[l]) + p]);
  return sum;
}

/** Counts the extreme draws among start .. stop - 1 of locations from .. to - 1. */
function countTile<W>(c: Forms, start: i32, stop: i32, from: i32, to: i32, thread: i32): void {
  const scratch = thread * apart(c.widest);
  const columns = c.columns;
  const begin = columns.dataStart;
  const filled = columns.length;
  const places = c.places;
  const factors = c.factors;
  const tail = start + (((stop - start) >> 3) << 3);
  for (let i = from; i < to; i++) {
    const k = unchecked(c.offsets[i + 1]) - unchecked(c.offsets[i]);
    if (k == 0) continue;
    const length = layOut<W>(c, i, k, scratch);
    const low = unchecked(c.observed[i]) - unchecked(c.tolerance[i]);
    const high = unchecked(c.observed[i]) + unchecked(c.tolerance[i]);
    const lows = f64x2.splat(low);
    const highs = f64x2.splat(high);
    let under = i64x2.splat(0);
    let over = i64x2.splat(0);
    const factor = f64x2.splat(unchecked(factors[scratch]));
    const place = unchecked(places[scratch]);
    for (let p = start; p < tail; p += 8) {
      let v0 = f64x2.mul(factor, pairFrom(begin, filled, place + p));
      let v1 = f64x2.mul(factor, pairFrom(begin, filled, place + p + 2));
      let v2 = f64x2.mul(factor, pairFrom(begin, filled, place + p + 4));
      let v3 = f64x2.mul(factor, pairFrom(begin, filled, place + p + 6));
      for (let l = scratch + 1; l < scratch + length; l++) {
        const next = f64x2.splat(unchecked(factors[l]));
        const at = unchecked(places[l]) + p;
        v0 = f64x2.add(v0, f64x2.mul(next, pairFrom(begin, filled, at)));
        v1 = f64x2.add(v1, f64x2.mul(next, pairFrom(begin, filled, at + 2)));
        v2 = f64x2.add(v2, f64x2.mul(next, pairFrom(begin, filled, at + 4)));
        v3 = f64x2.add(v3, f64x2.mul(next, pairFrom(begin, filled, at + 6)));
      }
      // a comparison that holds is -1
      under = i64x2.sub(under, f64x2.lt(v0, lows));
      under = i64x2.sub(under, f64x2.lt(v1, lows));
      under = i64x2.sub(under, f64x2.lt(v2, lows));
      under = i64x2.sub(under, f64x2.lt(v3, lows));
      over = i64x2.sub(over, f64x2.gt(v0, highs));
      over = i64x2.sub(over, f64x2.gt(v1, highs));
      over = i64x2.sub(over, f64x2.gt(v2, highs));
      over = i64x2.sub(over, f64x2.gt(v3, highs));
    }
    let unders = bothCounts(under);
    let overs = bothCounts(over);
    for (let p = tail; p < stop; p++) {
      const value = laidOut(columns, places, factors, scratch, length, p);
      unders += i32(value < low);
      overs += i32(value > high);
    }
    unchecked((c.greater[i] += stop - start - unders));
    unchecked((c.lesser[i] += stop - start - overs));
  }
}

/** Corrects the draws that contain the location itself. */
function correct(c: Forms, size: i32, from: i32, to: i32, thread: i32): void {
  const n = c.observed.length;
  const count = c.count;
  const block = c.draws.block;
  const ids = c.draws.ids;
  const spares = c.draws.largest * block;
  const begin = c.draws.begin;
  const entries = c.draws.entries;
  const scratch = thread * apart(c.widest);
  const weights = c.weights;
  const offsets = c.offsets;
  const attributes = c.attributes;
  const coefficients = c.coefficients;
  const columns = c.columns;
  const places = c.places;
  const factors = c.factors;
  for (let i = from; i < to; i++) {
    const row = unchecked(offsets[i]);
    const k = unchecked(offsets[i + 1]) - row;
    if (k == 0) continue;
    const length = weights == null ? layOut<Equal>(c, i, k, scratch) : layOut<Unequal>(c, i, k, scratch);
    const low = unchecked(c.observed[i]) - unchecked(c.tolerance[i]);
    const high = unchecked(c.observed[i]) + unchecked(c.tolerance[i]);
    const own = formOf(attributes, coefficients, count, n, i, i);
    const end = unchecked(begin[i + 1]);
    for (let q = unchecked(begin[i]); q < end; q++) {
      const entry = unchecked(entries[q]);
      const j = entry / block;
      if (j >= k) continue;
      const p = entry - j * block;
      const value = laidOut(columns, places, factors, scratch, length, p);
      const swapped = formOf(attributes, coefficients, count, n, i, unchecked(ids[spares + p])) - own;
      const corrected = value + (weights == null ? swapped : unchecked(weights[row + j]) * swapped);
      amend(c, i, low, high, value, corrected);
    }
  }
}

/** Counts the draws of a block at location i, until it is done. */
function countUntil(c: Forms, stop: Stop, i: i32, first: i32, size: i32, thread: i32): void {
  if (isDone(stop, i)) return;
  const row = unchecked(c.offsets[i]);
  const k = unchecked(c.offsets[i + 1]) - row;
  const scratch = thread * apart(c.widest);
  const length = c.weights == null ? layOut<Equal>(c, i, k, scratch) : layOut<Unequal>(c, i, k, scratch);
  const begin = valuesOf(thread);
  const n = c.observed.length;
  const block = c.draws.block;
  const own = formOf(c.attributes, c.coefficients, c.count, n, i, i);
  for (let start = 0, count = 0; start < size && !isDone(stop, i); start += count) {
    count = min(size - start, next(start));
    stop.values.fill(0.0, begin, begin + count);
    for (let l = scratch; l < scratch + length; l++) {
      addTimes(stop.values, begin, unchecked(c.factors[l]), c.columns, unchecked(c.places[l]) + start, count);
    }
    for (let q = unchecked(c.draws.begin[i]); q < unchecked(c.draws.begin[i + 1]); q++) {
      const entry = unchecked(c.draws.entries[q]);
      const j = entry / block;
      const at = entry - j * block - start;
      if (j >= k || at < 0 || at >= count) continue;
      const spare = unchecked(c.draws.ids[c.draws.largest * block + start + at]);
      const swapped = formOf(c.attributes, c.coefficients, c.count, n, i, spare) - own;
      unchecked((stop.values[begin + at] += c.weights == null ? swapped : unchecked(c.weights![row + j]) * swapped));
    }
    countUntilDone(c, stop, i, first + start, stop.values, begin, count);
  }
}
