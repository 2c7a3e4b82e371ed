/**
 * Conditional permutation with a shared reference, for statistics that rise with the sum of the neighbors' values.
 *
 * The sum over the first k ids of a draw depends on the draw and k only, so for each k that occurs the R sums are
 * sorted once, and a location's count of draws at least as extreme is a binary search; few locations go through all of
 * them. Draws that contain the location itself are corrected one by one (see draws.ts); the distribution is exact for
 * every location.
 *
 * With threads the work inside a block is divided; every location and every cardinality is summed by one thread in the
 * order of the permutations, so results do not depend on the number of threads.
 */
import { meet } from "./barrier";
import { Crand, prepare } from "./crand";
import { createDraws, draw, Draws, index, largestOf, numberCardinalities, share, SUM_BYTES } from "./draws";
import { countBelow, countUpTo, sortRange } from "../shared/sort";
import { Above, Below, countSide } from "../shared/vector";

/** So many locations go through all sums in less time than these are sorted in. */
const FEW = 128;

@final
export class Sums extends Crand {
  draws!: Draws;
  values!: Float64Array;
  few: bool = false;
  /** Number of different cardinalities, and the row of sums of each. */
  rows: i32 = 0;
  row!: Int32Array;
  /** sums[row * block + p]; the same sorted. */
  sums!: Float64Array;
  sorted!: Float64Array;
}

/**
 * Plans the work and allocates all of it.
 * @param values of mean 0 and sd 1
 * @param tolerance how far sums that tie may differ, by location
 * @param drawn all draws, where they are there already
 */
export function createSums(
  values: Float64Array,
  offsets: Int32Array,
  neighbors: Int32Array,
  permutations: i32,
  seed: f64,
  tolerance: Float64Array,
  threads: i32,
  drawn: Draws | null,
): Sums {
  const n = values.length;
  const c = new Sums();
  prepare(c, offsets, tolerance, threads);
  c.values = values;
  c.few = n <= FEW;
  for (let i = 0; i < n; i++) {
    let sum = 0.0;
    for (let q = unchecked(offsets[i]); q < unchecked(offsets[i + 1]); q++) sum += unchecked(values[unchecked(neighbors[q])]);
    unchecked((c.observed[i] = sum));
  }
  const largest = largestOf(offsets);
  c.row = new Int32Array(largest + 1);
  c.rows = numberCardinalities(offsets, c.row);
  const bytes = <i64>c.rows * SUM_BYTES;
  c.draws = drawn == null ? createDraws(n, largest, permutations, seed, threads, bytes) : drawn;
  c.sums = new Float64Array(c.rows * c.draws.block);
  c.sorted = new Float64Array(c.few ? 0 : c.rows * c.draws.block);
  return c;
}

/** Permutations of a block. */
export function sumsBlock(c: Sums): i32 {
  return c.draws.block;
}

/** One thread's part of the block of permutations first .. first + size - 1. All threads call it for every block. */
export function runSums(c: Sums, first: i32, size: i32, thread: i32): void {
  const begin = share(size, thread, c.threads);
  const end = share(size, thread + 1, c.threads);
  if (!c.draws.whole) draw(c.draws, first, begin, end, thread);
  addUp(c, begin, end);
  meet(c.barrier, c.threads);
  // task 0 builds the index, the others sort one row each
  for (let task = thread; task <= c.rows; task += c.threads) {
    if (task == 0 && !c.draws.whole) index(c.draws, size);
    else if (task > 0) sortSums(c, task - 1, size);
  }
  meet(c.barrier, c.threads);
  count(c, size, share(c.values.length, thread, c.threads), share(c.values.length, thread + 1, c.threads));
  meet(c.barrier, c.threads);
}

/** The sums of draws begin .. end - 1 over their first k ids, for each k that occurs. */
function addUp(c: Sums, begin: i32, end: i32): void {
  const block = c.draws.block;
  const largest = c.draws.largest;
  const ids = c.draws.ids;
  const row = c.row;
  const sums = c.sums;
  const values = c.values;
  for (let p = begin; p < end; p++) {
    let sum = 0.0;
    for (let j = 0; j < largest; j++) {
      sum += unchecked(values[unchecked(ids[j * block + p])]);
      const place = unchecked(row[j + 1]);
      if (place >= 0) unchecked((sums[place * block + p] = sum));
    }
  }
}

/** Sorts the sums of one cardinality, where a search is worth it. */
function sortSums(c: Sums, row: i32, size: i32): void {
  if (c.few) return;
  const begin = row * c.draws.block;
  for (let q = begin; q < begin + size; q++) unchecked((c.sorted[q] = c.sums[q]));
  sortRange(c.sorted, begin, begin + size - 1);
}

/**
 * Counts the extreme draws of locations from .. to - 1. Sums within the tolerance of the observed are in both counts.
 */
function count(c: Sums, size: i32, from: i32, to: i32): void {
  const block = c.draws.block;
  const spares = c.draws.largest * block;
  const sorted = c.sorted;
  const sums = c.sums;
  const ids = c.draws.ids;
  const entries = c.draws.entries;
  const values = c.values;
  const begin = c.draws.begin;
  for (let i = from; i < to; i++) {
    const k = unchecked(c.offsets[i + 1]) - unchecked(c.offsets[i]);
    if (k == 0) continue;
    const row = unchecked(c.row[k]);
    const rowBegin = row * block;
    const low = unchecked(c.observed[i]) - unchecked(c.tolerance[i]);
    const high = unchecked(c.observed[i]) + unchecked(c.tolerance[i]);
    let under = 0;
    let upTo = 0;
    if (c.few) {
      under = countSide<Below>(sums, rowBegin, size, low);
      upTo = size - countSide<Above>(sums, rowBegin, size, high);
    } else {
      under = countBelow(sorted, rowBegin, size, low);
      // most locations tie with no draw, so the second search is rare
      const ties = under < size && unchecked(sorted[rowBegin + under]) <= high;
      upTo = ties ? countUpTo(sorted, rowBegin, size, high) : under;
    }
    let greater = size - under;
    let lesser = upTo;
    const own = unchecked(values[i]);
    // places ascend, so that the first k ids of the draws come first
    const end = unchecked(begin[i + 1]);
    let column = 0;
    for (let q = unchecked(begin[i]); q < end; q++) {
      const entry = unchecked(entries[q]);
      if (entry >= k * block) break;
      while (entry >= column + block) column += block;
      const p = entry - column;
      const sum = unchecked(sums[rowBegin + p]);
      const corrected = sum - own + unchecked(values[unchecked(ids[spares + p])]);
      greater += i32(corrected >= low) - i32(sum >= low);
      lesser += i32(corrected <= high) - i32(sum <= high);
    }
    unchecked((c.greater[i] += greater));
    unchecked((c.lesser[i] += lesser));
  }
}
