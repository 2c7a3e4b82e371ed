/**
 * Conditional permutation with a shared reference: for statistics that are monotone in the sum of the neighbors' values.
 *
 * Under conditional permutation location i keeps its value and its k neighbors are drawn from the other locations
 * (Anselin 1995, doi:10.1111/j.1538-4632.1995.tb00338.x). All locations share one table of R ordered draws of K + 1
 * distinct ids, K the largest cardinality. The sum over the first k ids of a draw depends on the draw and k only, so for
 * each k that occurs the R sums are sorted once, and a location's count of draws at least as extreme is a binary search.
 *
 * A draw whose first k ids contain the location itself is not a conditional draw of that location. Replacing the
 * location by the spare id K of the same draw makes it one: given that the draw contains i, the other k - 1 ids and the
 * spare are a uniform draw from the rest. Such draws, about R k / n of them, are found through an index of the table by
 * id and corrected one by one; the distribution is exact for every location.
 *
 * Permutations go in blocks, so that memory is bounded. With threads the work inside a block is divided; every location
 * and every cardinality is summed by one thread in the order of the permutations, so results do not depend on the number
 * of threads.
 */
import { meet } from "./barrier";
import { advance, below, start, STREAM_CONDITIONAL } from "./random";
import { countBelow, sortRange } from "./sort";

const NONE = -1;
const MAX_BLOCK = 32768;
const BLOCK_BYTES: i64 = 33554432;

/** Everything the threads share. Allocated by one instance, read and written by all, through the same memory. */
@final
export class Crand {
  n: i32 = 0;
  seed: f64 = 0;
  tolerance: f64 = 0;
  threads: i32 = 1;
  /** Permutations of a block; the last may be shorter. */
  block: i32 = 0;
  /** Largest cardinality. */
  largest: i32 = 0;
  /** Number of different cardinalities, and the row of sums of each: row[k] is -1 where no location has k neighbors. */
  rows: i32 = 0;
  row!: Int32Array;
  /** The values drawn, their locations' cardinalities as CSR offsets, and each location's observed sum. */
  values!: Float64Array;
  offsets!: Int32Array;
  observed!: Float64Array;
  /** The table of draws: ids[j * block + p] is id j of draw p. */
  ids!: Int32Array;
  /** sums[row * block + p]; the same sorted; and their moments, first and second, over all blocks so far. */
  sums!: Float64Array;
  sorted!: Float64Array;
  first!: Float64Array;
  second!: Float64Array;
  /** The index by id: entries[begin[i] .. begin[i + 1]) are the places j * block + p where id i was drawn. */
  begin!: Int32Array;
  entries!: Int32Array;
  /** Scratch of each thread: a permutation of the locations and the swaps to undo. */
  pool!: Int32Array;
  swaps!: Int32Array;
  barrier!: Int32Array;
  /** Results: draws with a sum at least, at most the observed; and what corrections add to the moments of a location. */
  greater!: Int32Array;
  lesser!: Int32Array;
  firstShift!: Float64Array;
  secondShift!: Float64Array;
}

/** Plans the work and allocates all of it. */
export function createCrand(
  values: Float64Array,
  offsets: Int32Array,
  observed: Float64Array,
  permutations: i32,
  seed: f64,
  tolerance: f64,
  threads: i32,
): Crand {
  const n = values.length;
  const c = new Crand();
  c.n = n;
  c.seed = seed;
  c.tolerance = tolerance;
  c.threads = threads;
  c.values = values;
  c.offsets = offsets;
  c.observed = observed;

  for (let i = 0; i < n; i++) c.largest = max(c.largest, unchecked(offsets[i + 1]) - unchecked(offsets[i]));
  c.row = new Int32Array(c.largest + 1);
  c.row.fill(NONE);
  for (let i = 0; i < n; i++) {
    const k = unchecked(offsets[i + 1]) - unchecked(offsets[i]);
    if (k > 0 && unchecked(c.row[k]) == NONE) unchecked((c.row[k] = c.rows++));
  }

  const bytes = <i64>(c.largest * 8 + c.rows * 16 + 4);
  c.block = <i32>min<i64>(min(permutations, MAX_BLOCK), max<i64>(1, BLOCK_BYTES / bytes));
  c.ids = new Int32Array((c.largest + 1) * c.block);
  c.sums = new Float64Array(c.rows * c.block);
  c.sorted = new Float64Array(c.rows * c.block);
  c.first = new Float64Array(c.rows);
  c.second = new Float64Array(c.rows);
  c.begin = new Int32Array(n + 2);
  c.entries = new Int32Array(c.largest * c.block);
  c.pool = new Int32Array(n * threads);
  for (let t = 0, q = 0; t < threads; t++) for (let i = 0; i < n; i++) unchecked((c.pool[q++] = i));
  c.swaps = new Int32Array((c.largest + 1) * threads);
  c.barrier = new Int32Array(2);
  c.greater = new Int32Array(n);
  c.lesser = new Int32Array(n);
  c.firstShift = new Float64Array(n);
  c.secondShift = new Float64Array(n);
  return c;
}

/** One thread's part of the block of permutations first .. first + size - 1. All threads call it for every block. */
export function runBlock(c: Crand, first: i32, size: i32, thread: i32): void {
  draw(c, first, share(size, thread, c.threads), share(size, thread + 1, c.threads), thread);
  meet(c.barrier, c.threads);
  // task 0 builds the index, the others sort one row each
  for (let task = thread; task <= c.rows; task += c.threads) {
    if (task == 0) index(c, size);
    else sortSums(c, task - 1, size);
  }
  meet(c.barrier, c.threads);
  count(c, size, share(c.n, thread, c.threads), share(c.n, thread + 1, c.threads));
  meet(c.barrier, c.threads);
}

/** Where the share of a thread begins when `total` is divided. */
function share(total: i32, thread: i32, threads: i32): i32 {
  return <i32>((<i64>total * thread) / threads);
}

/** Draws p in begin .. end - 1 by the first steps of a Fisher-Yates shuffle, and sums their values. */
function draw(c: Crand, first: i32, begin: i32, end: i32, thread: i32): void {
  const n = c.n;
  const largest = c.largest;
  const block = c.block;
  const base = thread * n;
  const trail = thread * (largest + 1);
  const pool = c.pool;
  const swaps = c.swaps;
  const ids = c.ids;
  const row = c.row;
  const sums = c.sums;
  const values = c.values;
  for (let p = begin; p < end; p++) {
    let state = start(c.seed, STREAM_CONDITIONAL, <u64>(first + p));
    let sum = 0.0;
    for (let j = 0; j <= largest; j++) {
      state = advance(state);
      const r = base + j + <i32>below(state, n - j);
      const id = unchecked(pool[r]);
      unchecked((pool[r] = pool[base + j]));
      unchecked((pool[base + j] = id));
      unchecked((swaps[trail + j] = r));
      unchecked((ids[j * block + p] = id));
      if (j == largest) break;
      sum += unchecked(values[id]);
      const place = unchecked(row[j + 1]);
      if (place != NONE) unchecked((sums[place * block + p] = sum));
    }
    // undone, so that a draw depends on its number only and not on the draws before it
    for (let j = largest; j >= 0; j--) {
      const r = unchecked(swaps[trail + j]);
      const id = unchecked(pool[base + j]);
      unchecked((pool[base + j] = pool[r]));
      unchecked((pool[r] = id));
    }
  }
}

/** Sorts the sums of one cardinality and adds up their moments. */
function sortSums(c: Crand, row: i32, size: i32): void {
  const begin = row * c.block;
  const sums = c.sums;
  const sorted = c.sorted;
  let first = 0.0;
  let second = 0.0;
  for (let q = begin; q < begin + size; q++) {
    const sum = unchecked(sums[q]);
    unchecked((sorted[q] = sum));
    first += sum;
    second += sum * sum;
  }
  unchecked((c.first[row] += first));
  unchecked((c.second[row] += second));
  sortRange(sorted, begin, begin + size - 1);
}

/** Sorts the places of the table by the id drawn there, by counting. The spare ids are not indexed. */
function index(c: Crand, size: i32): void {
  const ids = c.ids;
  const begin = c.begin;
  const entries = c.entries;
  begin.fill(0);
  for (let j = 0; j < c.largest; j++) {
    for (let q = j * c.block; q < j * c.block + size; q++) {
      const id = unchecked(ids[q]) + 2;
      if (id <= c.n) unchecked((begin[id] = begin[id] + 1));
    }
  }
  for (let i = 0; i < c.n; i++) unchecked((begin[i + 1] += begin[i]));
  for (let j = 0; j < c.largest; j++) {
    for (let q = j * c.block; q < j * c.block + size; q++) {
      const id = unchecked(ids[q]) + 1;
      const place = unchecked(begin[id]);
      unchecked((entries[place] = q));
      unchecked((begin[id] = place + 1));
    }
  }
}

/** Counts the extreme draws of locations from .. to - 1. Sums within the tolerance of the observed are in both counts. */
function count(c: Crand, size: i32, from: i32, to: i32): void {
  const block = c.block;
  const sorted = c.sorted;
  const sums = c.sums;
  const ids = c.ids;
  const entries = c.entries;
  const values = c.values;
  const begin = c.begin;
  for (let i = from; i < to; i++) {
    const k = unchecked(c.offsets[i + 1]) - unchecked(c.offsets[i]);
    if (k == 0) continue;
    const rowBegin = unchecked(c.row[k]) * block;
    const low = unchecked(c.observed[i]) - c.tolerance;
    const high = unchecked(c.observed[i]) + c.tolerance;
    const under = countBelow(sorted, rowBegin, size, low);
    let greater = size - under;
    // most locations tie with no draw, so the second search is rare
    let lesser = under;
    if (under < size && unchecked(sorted[rowBegin + under]) <= high) {
      lesser = size - countAbove(sorted, rowBegin, size, high);
    }
    let first = 0.0;
    let second = 0.0;
    const end = unchecked(begin[i + 1]);
    for (let q = unchecked(begin[i]); q < end; q++) {
      const entry = unchecked(entries[q]);
      const j = entry / block;
      if (j >= k) continue;
      const p = entry - j * block;
      const sum = unchecked(sums[rowBegin + p]);
      const spare = unchecked(values[unchecked(ids[c.largest * block + p])]);
      const corrected = sum - unchecked(values[i]) + spare;
      greater += i32(corrected >= low) - i32(sum >= low);
      lesser += i32(corrected <= high) - i32(sum <= high);
      first += corrected - sum;
      second += corrected * corrected - sum * sum;
    }
    unchecked((c.greater[i] += greater));
    unchecked((c.lesser[i] += lesser));
    unchecked((c.firstShift[i] += first));
    unchecked((c.secondShift[i] += second));
  }
}

/** Number of elements of the ascending run that are above `value`. */
function countAbove(values: Float64Array, first: i32, length: i32, value: f64): i32 {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (unchecked(values[first + middle]) > value) high = middle;
    else low = middle + 1;
  }
  return length - low;
}

/** Permutations of a block. */
export function blockSize(c: Crand): i32 {
  return c.block;
}

/** Draws whose sum is at least that observed, by location. */
export function greaterOf(c: Crand): Int32Array {
  return c.greater;
}

/** Draws whose sum is at most that observed, by location. */
export function lesserOf(c: Crand): Int32Array {
  return c.lesser;
}

/** Variances below this share of the mean square are rounding error: every draw had the same sum. */
const SAME_SUM = 1e-12;

/** Writes mean and sd (population) over the permutations of each location's sum; islands keep 0. */
export function moments(c: Crand, permutations: i32, mean: Float64Array, sd: Float64Array): void {
  for (let i = 0; i < c.n; i++) {
    const k = unchecked(c.offsets[i + 1]) - unchecked(c.offsets[i]);
    if (k == 0) continue;
    const row = unchecked(c.row[k]);
    const m = (unchecked(c.first[row]) + unchecked(c.firstShift[i])) / <f64>permutations;
    const square = (unchecked(c.second[row]) + unchecked(c.secondShift[i])) / <f64>permutations;
    unchecked((mean[i] = m));
    const variance = square - m * m;
    unchecked((sd[i] = variance > SAME_SUM * square ? Math.sqrt(variance) : 0.0));
  }
}
