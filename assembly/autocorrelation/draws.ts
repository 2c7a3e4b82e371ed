/**
 * The table of draws that all locations share under conditional permutation, in blocks of permutations so that memory
 * is bounded. A draw is an ordered set of K + 1 distinct ids, K the largest cardinality: its first k ids are k
 * neighbors drawn at random, whatever k, and id K is its spare.
 *
 * A draw whose first k ids contain the location itself is not a conditional draw of that location. Replacing the
 * location by the spare makes it one: given that the draw contains i, the other k - 1 ids and the spare are a uniform
 * draw from the rest. Such draws, about R k / n of them, are found through an index of the table by id.
 */
import { advance, below, start, STREAM_CONDITIONAL } from "../shared/random";

const MAX_BLOCK = 32768;
const BLOCK_BYTES: i64 = 33554432;

/** What sums take for each permutation and number of ids: they, and the same sorted. */
export const SUM_BYTES: i64 = 16;

/** Allocated by one instance, read and written by all threads through the same memory. */
@final
export class Draws {
  n: i32 = 0;
  seed: f64 = 0;
  /** Permutations of a block; the last may be shorter. */
  block: i32 = 0;
  /** All permutations are drawn and indexed. */
  whole: bool = false;
  /** Largest cardinality. */
  largest: i32 = 0;
  /** ids[j * block + p] is id j of draw p. */
  ids!: Int32Array;
  /**
   * The index by id: entries[begin[i] .. begin[i + 1]) are the places j * block + p, j < largest, where id i was drawn.
   */
  begin!: Int32Array;
  entries!: Int32Array;
  /** Scratch of each thread: a permutation of the locations and the swaps to undo. */
  pool!: Int32Array;
  swaps!: Int32Array;
}

/** Permutations of a block of which the caller keeps so many bytes each. */
export function blockOf(largest: i32, permutations: i32, bytes: i64): i32 {
  const each = bytes + <i64>(largest * 8 + 4);
  return <i32>min<i64>(min(permutations, MAX_BLOCK), max<i64>(1, BLOCK_BYTES / each));
}

/**
 * A table, which is still to be drawn, a block at a time.
 * @param bytes that the caller keeps for each permutation of a block
 */
export function createDraws(n: i32, largest: i32, permutations: i32, seed: f64, threads: i32, bytes: i64): Draws {
  const d = new Draws();
  d.n = n;
  d.seed = seed;
  d.largest = largest;
  d.block = blockOf(largest, permutations, bytes);
  d.ids = new Int32Array((largest + 1) * d.block);
  d.begin = new Int32Array(n + 2);
  d.entries = new Int32Array(largest * d.block);
  d.pool = new Int32Array(n * threads);
  for (let t = 0, q = 0; t < threads; t++) for (let i = 0; i < n; i++) unchecked((d.pool[q++] = i));
  d.swaps = new Int32Array(apart(largest + 1) * threads);
  return d;
}

/** Whether one block holds all permutations, for sums of any number of the first ids. */
export function isOneBlock(largest: i32, permutations: i32): bool {
  return blockOf(largest, permutations, <i64>largest * SUM_BYTES) == permutations;
}

/** A table of one block, drawn and indexed, for any job of as many locations. */
export function drawAll(n: i32, largest: i32, permutations: i32, seed: f64): Draws {
  const d = createDraws(n, largest, permutations, seed, 1, <i64>largest * SUM_BYTES);
  draw(d, 0, 0, permutations, 0);
  index(d, permutations);
  d.whole = true;
  return d;
}

/** Draws p in begin .. end - 1 of the block that starts with permutation `first`. */
export function draw(d: Draws, first: i32, begin: i32, end: i32, thread: i32): void {
  const n = d.n;
  const count = d.largest + 1;
  const block = d.block;
  const base = thread * n;
  const trail = thread * apart(count);
  const pool = d.pool;
  const swaps = d.swaps;
  const ids = d.ids;
  for (let p = begin; p < end; p++) {
    shuffle(start(d.seed, STREAM_CONDITIONAL, <u64>(first + p)), pool, base, n, swaps, trail, count, ids, p, block);
  }
}

/**
 * Writes `count` of the `size` ids of the pool from `base` on, in random order, to every `step`-th place from `at` on:
 * by the first steps of a Fisher-Yates shuffle, which is undone, so that a draw does not depend on the draws before it.
 */
// @ts-ignore: decorator
@inline
export function shuffle(
  state: u64,
  pool: Int32Array,
  base: i32,
  size: i32,
  swaps: Int32Array,
  trail: i32,
  count: i32,
  ids: Int32Array,
  at: i32,
  step: i32,
): void {
  for (let j = 0; j < count; j++) {
    state = advance(state);
    const r = base + j + <i32>below(state, size - j);
    const id = unchecked(pool[r]);
    unchecked((pool[r] = pool[base + j]));
    unchecked((pool[base + j] = id));
    unchecked((swaps[trail + j] = r));
    unchecked((ids[at + j * step] = id));
  }
  for (let j = count - 1; j >= 0; j--) {
    const r = unchecked(swaps[trail + j]);
    const id = unchecked(pool[base + j]);
    unchecked((pool[base + j] = pool[r]));
    unchecked((pool[r] = id));
  }
}

/** Builds the index of the table by id: a counting sort of its places. */
export function index(d: Draws, size: i32): void {
  const ids = d.ids;
  const begin = d.begin;
  const entries = d.entries;
  begin.fill(0);
  for (let j = 0; j < d.largest; j++) {
    for (let q = j * d.block; q < j * d.block + size; q++) {
      const id = unchecked(ids[q]) + 2;
      if (id <= d.n) unchecked((begin[id] = begin[id] + 1));
    }
  }
  for (let i = 0; i < d.n; i++) unchecked((begin[i + 1] += begin[i]));
  for (let j = 0; j < d.largest; j++) {
    for (let q = j * d.block; q < j * d.block + size; q++) {
      const id = unchecked(ids[q]) + 1;
      const place = unchecked(begin[id]);
      unchecked((entries[place] = q));
      unchecked((begin[id] = place + 1));
    }
  }
}

/** Room for `size` elements of a thread's scratch, so that no two threads write to the same line of a cache. */
// @ts-ignore: decorator
@inline
export function apart(size: i32): i32 {
  return ((size + 31) >> 4) << 4;
}

/** Where the share of a thread begins when `total` is divided. */
export function share(total: i32, thread: i32, threads: i32): i32 {
  return <i32>((<i64>total * thread) / threads);
}

/** The largest cardinality. */
export function largestOf(offsets: Int32Array): i32 {
  let largest = 0;
  for (let i = 0; i < offsets.length - 1; i++) largest = max(largest, unchecked(offsets[i + 1]) - unchecked(offsets[i]));
  return largest;
}

/** Numbers the cardinalities that occur: row[k], -1 where no location has k neighbors. Returns how many there are. */
export function numberCardinalities(offsets: Int32Array, row: Int32Array): i32 {
  row.fill(-1);
  let rows = 0;
  for (let i = 0; i < offsets.length - 1; i++) {
    const k = unchecked(offsets[i + 1]) - unchecked(offsets[i]);
    if (k > 0 && unchecked(row[k]) < 0) unchecked((row[k] = rows++));
  }
  return rows;
}
