/**
 * Conditional permutation within strata: location i keeps its value, and each of its neighbors is drawn from the
 * locations of the neighbor's own stratum other than i. For statistics of the kind of form.ts.
 *
 * All locations share one table of draws. A draw orders some members of each stratum at random, one more than any
 * location has neighbors there, or all: the q-th of them is the q-th neighbor there of every location, and the last is
 * the spare. Where the location itself is among those it uses, the spare takes its place, as in draws.ts, and the draw
 * is one of the others. A draw of a stratum is keyed by (seed, permutation, stratum).
 *
 * With threads the locations are divided, and each is counted by one thread: results do not depend on their number.
 */
import { meet } from "./barrier";
import { countUntilDone, isDone, next } from "./crand-stop";
import { apart, blockOf, Draws, index, share, shuffle } from "./draws";
import { Formed, formOf, prepareForm } from "./form";
import { start, STREAM_STRATA } from "../shared/random";
import { Above, addTimes, Below, countSide } from "../shared/vector";

@final
export class Strata extends Formed {
  draws!: Draws;
  /** The stratum of each location. */
  stratum!: Int32Array;
  /** Where the members of each stratum begin in the pool of draws, and its columns among all. */
  memberBegin!: Int32Array;
  columnBegin!: Int32Array;
  /**
   * columns[(column * count + a) * block + p]: the attributes of the id in a column of the draws; where weights are
   * equal in each row, of it and those before it in its stratum together.
   */
  columns!: Float64Array;
  /** The column of each neighbor; -1 where what stands in that of a later neighbor includes it. */
  column!: Int32Array;
  /** By location, the end of the columns of its own stratum that it uses. */
  ownEnd!: Int32Array;
  /** Statistics of the draws of a location, by thread. */
  values!: Float64Array;
}

/**
 * Plans the work and allocates all of it.
 * @param tolerance how far forms that tie may differ, by location
 * @param stratum that of each location
 * @param members the locations, stratum by stratum
 * @param memberBegin where each stratum begins in them, and where the last ends
 */
export function createStrata(
  attributes: Float64Array,
  coefficients: Float64Array,
  offsets: Int32Array,
  neighbors: Int32Array,
  weights: Float64Array | null,
  permutations: i32,
  seed: f64,
  tolerance: Float64Array,
  threads: i32,
  stratum: Int32Array,
  members: Int32Array,
  memberBegin: Int32Array,
): Strata {
  const n = stratum.length;
  const c = new Strata();
  prepareForm(c, attributes, coefficients, offsets, neighbors, weights, tolerance, threads, false);
  c.stratum = stratum;
  c.memberBegin = memberBegin;
  layOut(c, neighbors);
  const d = new Draws();
  d.n = n;
  d.seed = seed;
  d.largest = unchecked(c.columnBegin[memberBegin.length - 1]);
  d.block = blockOf(d.largest, permutations, <i64>d.largest * c.count * 8);
  d.ids = new Int32Array(d.largest * d.block);
  d.begin = new Int32Array(n + 2);
  d.entries = new Int32Array(d.largest * d.block);
  d.pool = new Int32Array(n * threads);
  for (let t = 0, q = 0; t < threads; t++) for (let i = 0; i < n; i++) unchecked((d.pool[q++] = members[i]));
  d.swaps = new Int32Array(apart(d.largest) * threads);
  c.draws = d;
  c.columns = new Float64Array(d.largest * c.count * d.block);
  c.values = new Float64Array(apart(d.block) * threads);
  return c;
}

/** Gives each stratum its columns, and each neighbor one of them. */
function layOut(c: Strata, neighbors: Int32Array): void {
  const n = c.stratum.length;
  const strata = c.memberBegin.length - 1;
  const most = new Int32Array(strata);
  const seen = new Int32Array(strata);
  c.column = new Int32Array(neighbors.length);
  c.ownEnd = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const begin = unchecked(c.offsets[i]);
    const end = unchecked(c.offsets[i + 1]);
    for (let q = begin; q < end; q++) {
      const s = unchecked(c.stratum[unchecked(neighbors[q])]);
      const rank = unchecked(seen[s]);
      unchecked((c.column[q] = rank));
      unchecked((seen[s] = rank + 1));
      unchecked((most[s] = max(most[s], rank + 1)));
    }
    unchecked((c.ownEnd[i] = seen[unchecked(c.stratum[i])]));
    for (let q = begin; q < end; q++) unchecked((seen[unchecked(c.stratum[unchecked(neighbors[q])])] = 0));
  }
  c.columnBegin = new Int32Array(strata + 1);
  for (let s = 0; s < strata; s++) {
    const size = unchecked(c.memberBegin[s + 1]) - unchecked(c.memberBegin[s]);
    const drawn = unchecked(most[s]) == 0 ? 0 : min(size, unchecked(most[s]) + 1);
    unchecked((c.columnBegin[s + 1] = c.columnBegin[s] + drawn));
  }
  for (let i = 0; i < n; i++) {
    const begin = unchecked(c.offsets[i]);
    const end = unchecked(c.offsets[i + 1]);
    unchecked((c.ownEnd[i] += c.columnBegin[unchecked(c.stratum[i])]));
    for (let q = end - 1; q >= begin; q--) {
      const s = unchecked(c.stratum[unchecked(neighbors[q])]);
      const isIncluded = c.weights == null && unchecked(seen[s]) > 0;
      unchecked((seen[s] = 1));
      unchecked((c.column[q] = isIncluded ? -1 : c.column[q] + unchecked(c.columnBegin[s])));
    }
    for (let q = begin; q < end; q++) unchecked((seen[unchecked(c.stratum[unchecked(neighbors[q])])] = 0));
  }
}

/** Permutations of a block. */
export function strataBlock(c: Strata): i32 {
  return c.draws.block;
}

/** One thread's part of the block of permutations first .. first + size - 1. All threads call it for every block. */
export function runStrata(c: Strata, first: i32, size: i32, thread: i32): void {
  const begin = share(size, thread, c.threads);
  const end = share(size, thread + 1, c.threads);
  drawWithin(c, first, begin, end, thread);
  fillColumns(c, begin, end);
  meet(c.barrier, c.threads);
  if (thread == 0) index(c.draws, size);
  meet(c.barrier, c.threads);
  const n = c.observed.length;
  const to = share(n, thread + 1, c.threads);
  for (let i = share(n, thread, c.threads); i < to; i++) count(c, i, first, size, thread);
  meet(c.barrier, c.threads);
}

/** Draws p in begin .. end - 1 of the block that starts with permutation `first`, each stratum on its own. */
function drawWithin(c: Strata, first: i32, begin: i32, end: i32, thread: i32): void {
  const d = c.draws;
  const block = d.block;
  const base = thread * d.n;
  const trail = thread * apart(d.largest);
  const strata = c.memberBegin.length - 1;
  for (let s = 0; s < strata; s++) {
    const column = unchecked(c.columnBegin[s]);
    const drawn = unchecked(c.columnBegin[s + 1]) - column;
    if (drawn == 0) continue;
    const from = unchecked(c.memberBegin[s]);
    const size = unchecked(c.memberBegin[s + 1]) - from;
    for (let p = begin; p < end; p++) {
      const state = start(d.seed, STREAM_STRATA, <u64>(first + p) * <u64>strata + <u64>s);
      shuffle(state, d.pool, base + from, size, d.swaps, trail, drawn, d.ids, column * block + p, block);
    }
  }
}

function fillColumns(c: Strata, begin: i32, end: i32): void {
  const n = c.observed.length;
  const count = c.count;
  const block = c.draws.block;
  const ids = c.draws.ids;
  const attributes = c.attributes;
  const columns = c.columns;
  for (let s = 0; s < c.memberBegin.length - 1; s++) {
    const from = unchecked(c.columnBegin[s]);
    for (let j = from; j < unchecked(c.columnBegin[s + 1]); j++) {
      const isAdded = c.weights == null && j > from;
      for (let a = 0; a < count; a++) {
        const column = (j * count + a) * block;
        for (let p = begin; p < end; p++) {
          const before = isAdded ? unchecked(columns[column - count * block + p]) : 0.0;
          unchecked((columns[column + p] = before + unchecked(attributes[a * n + unchecked(ids[j * block + p])])));
        }
      }
    }
  }
}

/** Counts the extreme draws of a block at location i; until it is done, where it may end early. */
function count(c: Strata, i: i32, first: i32, size: i32, thread: i32): void {
  const stop = c.stop;
  if (unchecked(c.offsets[i]) == unchecked(c.offsets[i + 1])) return;
  const values = c.values;
  const begin = thread * apart(c.draws.block);
  if (stop == null) {
    fillValues(c, i, 0, size, begin);
    const low = unchecked(c.observed[i]) - unchecked(c.tolerance[i]);
    const high = unchecked(c.observed[i]) + unchecked(c.tolerance[i]);
    unchecked((c.greater[i] += size - countSide<Below>(values, begin, size, low)));
    unchecked((c.lesser[i] += size - countSide<Above>(values, begin, size, high)));
    return;
  }
  for (let from = 0, length = 0; from < size && !isDone(stop, i); from += length) {
    length = min(size - from, next(from));
    fillValues(c, i, from, length, begin);
    countUntilDone(c, stop, i, first + from, values, begin, length);
  }
}

/** Writes the statistics of location i in draws from .. from + length - 1 of the block to `values`, from `begin` on. */
function fillValues(c: Strata, i: i32, from: i32, length: i32, begin: i32): void {
  const n = c.observed.length;
  const block = c.draws.block;
  const values = c.values;
  const row = unchecked(c.offsets[i]);
  const end = unchecked(c.offsets[i + 1]);
  values.fill(0.0, begin, begin + length);
  for (let q = row; q < end; q++) {
    const column = unchecked(c.column[q]);
    if (column < 0) continue;
    const weight = c.weights == null ? 1.0 : unchecked(c.weights![q]);
    for (let a = 0; a < c.count; a++) {
      const factor = weight * unchecked(c.coefficients[i * c.count + a]);
      addTimes(values, begin, factor, c.columns, (column * c.count + a) * block + from, length);
    }
  }
  const ids = c.draws.ids;
  const entries = c.draws.entries;
  const spares = (unchecked(c.columnBegin[unchecked(c.stratum[i]) + 1]) - 1) * block;
  const own = formOf(c.attributes, c.coefficients, c.count, n, i, i);
  // places ascend, and so do the columns of the neighbors in the own stratum
  for (let e = unchecked(c.draws.begin[i]), q = row; e < unchecked(c.draws.begin[i + 1]); e++) {
    const entry = unchecked(entries[e]);
    const column = entry / block;
    if (column >= unchecked(c.ownEnd[i])) break;
    const at = entry - column * block - from;
    if (at < 0 || at >= length) continue;
    let weight = 1.0;
    if (c.weights != null) {
      while (unchecked(c.column[q]) != column) q++;
      weight = unchecked(c.weights![q]);
    }
    const spare = unchecked(ids[spares + from + at]);
    const swapped = formOf(c.attributes, c.coefficients, c.count, n, i, spare) - own;
    unchecked((values[begin + at] += weight * swapped));
  }
}
