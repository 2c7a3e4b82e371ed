/**
 * Conditional permutation with a shared reference, for the product of two lags: Lee's local L. Every draw is compared,
 * since what the location adds to the lags turns the order of the products round.
 *
 * With threads the locations are divided, and each is counted by one thread: results do not depend on their number.
 */
import { meet } from "./barrier";
import { amend, Stop } from "./crand";
import { Columns, fillColumns, prepareColumns } from "./crand-columns";
import { countUntilDone, isDone, next, roomOf, valuesOf } from "./crand-stop";
import { share } from "./draws";
import { addTimes, bothCounts, pairFrom } from "../shared/vector";

/** Bytes of the columns that are gone through for all locations before the next: what a first-level cache holds. */
const TILE_BYTES = 16384;

@final
export class Products extends Columns {}

/** @param tolerance how far sums that tie may differ, by location */
export function createProducts(
  attributes: Float64Array,
  coefficients: Float64Array,
  offsets: Int32Array,
  neighbors: Int32Array,
  weights: Float64Array | null,
  permutations: i32,
  seed: f64,
  tolerance: Float64Array,
  threads: i32,
): Products {
  const c = new Products();
  prepareColumns(c, attributes, coefficients, offsets, neighbors, weights, permutations, seed, tolerance, threads, true);
  return c;
}

/** Permutations of a block. */
export function productsBlock(c: Products): i32 {
  return c.draws.block;
}

/** One thread's part of the block of permutations first .. first + size - 1. All threads call it for every block. */
export function runProducts(c: Products, first: i32, size: i32, thread: i32): void {
  fillColumns(c, first, size, thread);
  meet(c.barrier, c.threads);
  const from = share(c.observed.length, thread, c.threads);
  const to = share(c.observed.length, thread + 1, c.threads);
  const stop = c.stop;
  if (stop != null) {
    for (let i = from; i < to; i++) countUntil(c, stop, i, first, size, thread);
    meet(c.barrier, c.threads);
    return;
  }
  const tile = min(size, max(8, ((TILE_BYTES / 16 / max(1, c.groups)) >> 3) << 3));
  for (let p = 0; p < size; p += tile) countTile(c, p, min(size, p + tile), from, to);
  correct(c, from, to);
  meet(c.barrier, c.threads);
}

/** The first column of a location, that of the sums of all its neighbors or of its first one. */
// @ts-ignore: decorator
@inline
function columnOf(c: Products, k: i32): i32 {
  return c.weights == null ? unchecked(c.row[k]) * 2 * c.draws.block : 0;
}

/** Counts the extreme draws among start .. stop - 1 of locations from .. to - 1. */
function countTile(c: Products, start: i32, stop: i32, from: i32, to: i32): void {
  const block = c.draws.block;
  const columns = c.columns;
  const begin = columns.dataStart;
  const filled = columns.length;
  const weights = c.weights;
  const coefficients = c.coefficients;
  const offsets = c.offsets;
  const even = start + (((stop - start) >> 1) << 1);
  for (let i = from; i < to; i++) {
    const row = unchecked(offsets[i]);
    const k = unchecked(offsets[i + 1]) - row;
    if (k == 0) continue;
    const column = columnOf(c, k);
    const low = unchecked(c.observed[i]) - unchecked(c.tolerance[i]);
    const high = unchecked(c.observed[i]) + unchecked(c.tolerance[i]);
    const lows = f64x2.splat(low);
    const highs = f64x2.splat(high);
    const a = f64x2.splat(unchecked(coefficients[2 * i]));
    const b = f64x2.splat(unchecked(coefficients[2 * i + 1]));
    let under = i64x2.splat(0);
    let over = i64x2.splat(0);
    for (let p = start; p < even; p += 2) {
      let u = a;
      let v = b;
      if (weights == null) {
        u = f64x2.add(u, pairFrom(begin, filled, column + p));
        v = f64x2.add(v, pairFrom(begin, filled, column + block + p));
      } else {
        for (let j = 0, at = p; j < k; j++, at += 2 * block) {
          const weight = f64x2.splat(unchecked(weights[row + j]));
          u = f64x2.add(u, f64x2.mul(weight, pairFrom(begin, filled, at)));
          v = f64x2.add(v, f64x2.mul(weight, pairFrom(begin, filled, at + block)));
        }
      }
      const product = f64x2.mul(u, v);
      // a comparison that holds is -1
      under = i64x2.sub(under, f64x2.lt(product, lows));
      over = i64x2.sub(over, f64x2.gt(product, highs));
    }
    let unders = bothCounts(under);
    let overs = bothCounts(over);
    if (even < stop) {
      const product = lagOf(c, i, 0, even, column) * lagOf(c, i, 1, even, column);
      unders += i32(product < low);
      overs += i32(product > high);
    }
    unchecked((c.greater[i] += stop - start - unders));
    unchecked((c.lesser[i] += stop - start - overs));
  }
}

/** One of the two lags of a location in draw p; in the order of countTile, so with the same bits. */
function lagOf(c: Products, i: i32, a: i32, p: i32, column: i32): f64 {
  const block = c.draws.block;
  const weights = c.weights;
  const own = unchecked(c.coefficients[2 * i + a]);
  if (weights == null) return own + unchecked(c.columns[column + a * block + p]);
  let sum = own;
  const row = unchecked(c.offsets[i]);
  for (let q = row; q < unchecked(c.offsets[i + 1]); q++) {
    sum += unchecked(weights[q]) * unchecked(c.columns[((q - row) * 2 + a) * block + p]);
  }
  return sum;
}

/** Counts the draws of a block at location i, until it is done. */
function countUntil(c: Products, stop: Stop, i: i32, first: i32, size: i32, thread: i32): void {
  if (isDone(stop, i)) return;
  const block = c.draws.block;
  const k = unchecked(c.offsets[i + 1]) - unchecked(c.offsets[i]);
  const column = columnOf(c, k);
  const begin = valuesOf(thread);
  const room = roomOf(thread);
  for (let start = 0, count = 0; start < size && !isDone(stop, i); start += count) {
    count = min(size - start, next(start));
    fillLags(c, stop.values, begin, i, 0, column + start, count);
    fillLags(c, stop.values, room, i, 1, column + start, count);
    for (let at = 0; at < count; at++) unchecked((stop.values[begin + at] *= stop.values[room + at]));
    for (let q = unchecked(c.draws.begin[i]); q < unchecked(c.draws.begin[i + 1]); q++) {
      const entry = unchecked(c.draws.entries[q]);
      const j = entry / block;
      const at = entry - j * block - start;
      if (j >= k || at < 0 || at >= count) continue;
      unchecked((stop.values[begin + at] = swapped(c, i, j, start + at, column)));
    }
    countUntilDone(c, stop, i, first + start, stop.values, begin, count);
  }
}

/** Writes one of the two lags of a location in the draws whose columns begin at `column`. */
function fillLags(c: Products, lags: Float64Array, begin: i32, i: i32, a: i32, column: i32, count: i32): void {
  const block = c.draws.block;
  const weights = c.weights;
  lags.fill(unchecked(c.coefficients[2 * i + a]), begin, begin + count);
  if (weights == null) addTimes(lags, begin, 1.0, c.columns, column + a * block, count);
  else {
    const row = unchecked(c.offsets[i]);
    for (let q = row; q < unchecked(c.offsets[i + 1]); q++) {
      addTimes(lags, begin, unchecked(weights[q]), c.columns, column + ((q - row) * 2 + a) * block, count);
    }
  }
}

/** The product of location i in draw p, in which its spare takes the place j of the location itself. */
function swapped(c: Products, i: i32, j: i32, p: i32, column: i32): f64 {
  const n = c.observed.length;
  const attributes = c.attributes;
  const weights = c.weights;
  const spare = unchecked(c.draws.ids[c.draws.largest * c.draws.block + p]);
  const weight = weights == null ? 1.0 : unchecked(weights[unchecked(c.offsets[i]) + j]);
  const u = lagOf(c, i, 0, p, column) + weight * (unchecked(attributes[spare]) - unchecked(attributes[i]));
  const v = lagOf(c, i, 1, p, column) + weight * (unchecked(attributes[n + spare]) - unchecked(attributes[n + i]));
  return u * v;
}

/** Corrects the draws that contain the location itself. */
function correct(c: Products, from: i32, to: i32): void {
  const block = c.draws.block;
  const begin = c.draws.begin;
  const entries = c.draws.entries;
  for (let i = from; i < to; i++) {
    const k = unchecked(c.offsets[i + 1]) - unchecked(c.offsets[i]);
    if (k == 0) continue;
    const column = columnOf(c, k);
    const low = unchecked(c.observed[i]) - unchecked(c.tolerance[i]);
    const high = unchecked(c.observed[i]) + unchecked(c.tolerance[i]);
    for (let q = unchecked(begin[i]); q < unchecked(begin[i + 1]); q++) {
      const entry = unchecked(entries[q]);
      const j = entry / block;
      if (j >= k) continue;
      const p = entry - j * block;
      const value = lagOf(c, i, 0, p, column) * lagOf(c, i, 1, p, column);
      amend(c, i, low, high, value, swapped(c, i, j, p, column));
    }
  }
}
