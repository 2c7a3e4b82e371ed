/**
 * Conditional permutation with draws of its own for every location, as R's spdep does it; for statistics of the kind
 * of form.ts. The draws of a location are keyed by (seed, location), so locations are divided among threads at will.
 */
import { meet } from "./barrier";
import { countUntilDone, isDone, valuesOf } from "./crand-stop";
import { apart, largestOf, share } from "./draws";
import { Formed, formOf, prepareForm } from "./form";
import { advance, below, mix, start, STREAM_INDEPENDENT } from "../shared/random";

/**
 * Up to this cardinality a draw with an id that comes twice is made again, where that is rare enough: for k^2 <= 2 n.
 */
const FEW = 32;

/** Ids are drawn and compared four at a time. */
const LANES = 4;

/** Draws of few ids that are made before they are looked at. */
const BATCH = 64;

/** Room of a thread for the state of its random numbers: eight words of it, in a line of a cache of their own. */
const STATE = 16;

@final
export class Independent extends Formed {
  seed: f64 = 0;
  permutations: i32 = 0;
  largest: i32 = 0;
  /** Room of a thread for the ids of its draws. */
  room: i32 = 0;
  /**
   * Scratch of each thread: ids that were drawn, the state of its random numbers, and a permutation of the locations.
   */
  ids!: Int32Array;
  states!: StaticArray<u64>;
  pool!: Int32Array;
}

/** @param tolerance how far forms that tie may differ, by location */
export function createIndependent(
  attributes: Float64Array,
  coefficients: Float64Array,
  offsets: Int32Array,
  neighbors: Int32Array,
  weights: Float64Array | null,
  permutations: i32,
  seed: f64,
  tolerance: Float64Array,
  threads: i32,
  product: bool,
): Independent {
  const n = offsets.length - 1;
  const c = new Independent();
  prepareForm(c, attributes, coefficients, offsets, neighbors, weights, tolerance, threads, product);
  c.seed = seed;
  c.permutations = permutations;
  c.largest = largestOf(offsets);
  c.room = apart(max(c.largest, BATCH * FEW));
  c.ids = new Int32Array(c.room * threads);
  c.states = new StaticArray<u64>(STATE * threads);
  c.pool = new Int32Array(n * threads);
  for (let t = 0, q = 0; t < threads; t++) for (let i = 0; i < n; i++) unchecked((c.pool[q++] = i));
  return c;
}

/** One thread's part of locations first .. first + size - 1, all their permutations. */
export function runIndependent(c: Independent, first: i32, size: i32, thread: i32): void {
  const from = first + share(size, thread, c.threads);
  const to = first + share(size, thread + 1, c.threads);
  for (let i = from; i < to; i++) {
    const k = unchecked(c.offsets[i + 1]) - unchecked(c.offsets[i]);
    if (k > 0) location(c, i, k, thread);
  }
  meet(c.barrier, c.threads);
}

function location(c: Independent, i: i32, k: i32, thread: i32): void {
  const n = c.observed.length;
  const low = unchecked(c.observed[i]) - unchecked(c.tolerance[i]);
  const high = unchecked(c.observed[i]) + unchecked(c.tolerance[i]);
  // drawing again is rare where k^2 <= 2 n
  const few = k <= FEW && k * k <= 2 * n;
  const width = few ? roundedUp(k) : k;
  const step = few ? BATCH : 1;
  const base = thread * c.room;
  const permutations = c.permutations;
  const stop = c.stop;
  if (stop != null && isDone(stop, i)) return;
  // the usual case, with what the compiler would read anew for every draw
  const plain = c.count == 1 && c.weights == null;
  const factor = unchecked(c.coefficients[i * c.count]);
  const values = c.attributes.dataStart;
  const ids = c.ids.dataStart;
  let under = 0;
  let over = 0;
  let state = start(c.seed, STREAM_INDEPENDENT, <u64>i);
  if (few) seed(c, state, thread);
  for (let first = 0; first < permutations; first += step) {
    const count = min(step, permutations - first);
    if (few) drawFew(c, k, i, count, thread);
    else state = drawMany(c, base, k, i, n, state, thread);
    for (let draw = 0; draw < count; draw++) {
      const at = base + draw * width;
      const value = plain ? factor * sumOf(values, ids + (<usize>at << 2), k) : valueOf(c, i, k, at);
      if (stop != null) unchecked((stop.values[valuesOf(thread) + draw] = value));
      under += i32(value < low);
      over += i32(value > high);
    }
    if (stop == null) continue;
    countUntilDone(c, stop, i, first, stop.values, valuesOf(thread), count);
    if (isDone(stop, i)) return;
  }
  if (stop != null) return;
  unchecked((c.greater[i] = permutations - under));
  unchecked((c.lesser[i] = permutations - over));
}

// @ts-ignore: decorator
@inline
function roundedUp(k: i32): i32 {
  return (k + LANES - 1) & -LANES;
}

/** The statistic of location i where its neighbors are the k ids from `base` on. */
// @ts-ignore: decorator
@inline
function valueOf(c: Independent, i: i32, k: i32, base: i32): f64 {
  const n = c.observed.length;
  const ids = c.ids;
  const count = c.count;
  const coefficients = c.coefficients;
  const attributes = c.attributes;
  const weights = c.weights;
  const row = unchecked(c.offsets[i]);
  if (c.product) {
    let u = unchecked(coefficients[2 * i]);
    let v = unchecked(coefficients[2 * i + 1]);
    for (let j = 0; j < k; j++) {
      const id = unchecked(ids[base + j]);
      const weight = weights == null ? 1.0 : unchecked(weights[row + j]);
      u += weight * unchecked(attributes[id]);
      v += weight * unchecked(attributes[n + id]);
    }
    return u * v;
  }
  let value = 0.0;
  for (let j = 0; j < k; j++) {
    const form = formOf(attributes, coefficients, count, n, i, unchecked(ids[base + j]));
    value += weights == null ? form : unchecked(weights[row + j]) * form;
  }
  return value;
}

/** Begins the random numbers of drawFew: 4 lanes of 128 bits. */
function seed(c: Independent, state: u64, thread: i32): void {
  for (let word = 0; word < 8; word++) {
    state = advance(state);
    unchecked((c.states[thread * STATE + word] = mix(state)));
  }
}

/**
 * `count` draws of k distinct ids other than i, from xoshiro128++ in four lanes: Blackman and Vigna (2021),
 * doi:10.1145/3460772. A draw in which an id comes twice, or a number falls where its bound's bias would show (Lemire
 * 2019, doi:10.1145/3230636), is made again.
 */
function drawFew(c: Independent, k: i32, i: i32, count: i32, thread: i32): void {
  assert(count * roundedUp(k) <= c.room, "ids out of range");
  const states = changetype<usize>(c.states) + <usize>(thread * STATE * 8);
  const width = <usize>roundedUp(k) << 2;
  const bound = c.observed.length - 1;
  const bounds = i32x4.splat(bound);
  const biased = i32x4.splat((0 - bound) % <u32>bound);
  const before = i32x4.splat(i - 1);
  // the lanes of the last four that are too many
  const surplus = i32x4.ge_s(i32x4(0, 1, 2, 3), i32x4.splat(((k - 1) % LANES) + 1));
  let s0 = v128.load(states);
  let s1 = v128.load(states, 16);
  let s2 = v128.load(states, 32);
  let s3 = v128.load(states, 48);
  let drawn = c.ids.dataStart + (<usize>(thread * c.room) << 2);
  for (let draw = 0; draw < count; ) {
    const last = drawn + width - 16;
    let same = i32x4.splat(0);
    let lowest = i32x4.splat(-1);
    for (let at = drawn; at <= last; at += 16) {
      const number = i32x4.add(rotated(i32x4.add(s0, s3), 7), s0);
      const shifted = i32x4.shl(s1, 9);
      s2 = v128.xor(s2, s0);
      s3 = v128.xor(s3, s1);
      s1 = v128.xor(s1, s2);
      s0 = v128.xor(s0, s3);
      s2 = v128.xor(s2, shifted);
      s3 = rotated(s3, 11);
      // the upper half of number times bound is the id
      const low = i64x2.extmul_low_i32x4_u(number, bounds);
      const high = i64x2.extmul_high_i32x4_u(number, bounds);
      lowest = i32x4.min_u(lowest, v128.shuffle<i32>(low, high, 0, 2, 4, 6));
      let ids = v128.shuffle<i32>(low, high, 1, 3, 5, 7);
      // ids from i on stand for the next
      ids = i32x4.sub(ids, i32x4.gt_s(ids, before));
      if (at == last) ids = v128.bitselect(i32x4(-1, -2, -3, -4), ids, surplus);
      same = v128.or(same, i32x4.eq(ids, v128.shuffle<i32>(ids, ids, 1, 2, 3, 0)));
      same = v128.or(same, i32x4.eq(ids, v128.shuffle<i32>(ids, ids, 2, 3, 0, 1)));
      for (let other = drawn; other < at; other += 16) {
        const others = v128.load(other);
        same = v128.or(same, i32x4.eq(ids, others));
        same = v128.or(same, i32x4.eq(ids, v128.shuffle<i32>(others, others, 1, 2, 3, 0)));
        same = v128.or(same, i32x4.eq(ids, v128.shuffle<i32>(others, others, 2, 3, 0, 1)));
        same = v128.or(same, i32x4.eq(ids, v128.shuffle<i32>(others, others, 3, 0, 1, 2)));
      }
      v128.store(at, ids);
    }
    if (v128.any_true(v128.or(same, i32x4.lt_u(lowest, biased)))) continue;
    draw++;
    drawn += width;
  }
  v128.store(states, s0);
  v128.store(states, s1, 16);
  v128.store(states, s2, 32);
  v128.store(states, s3, 48);
}

// @ts-ignore: decorator
@inline
function rotated(v: v128, bits: i32): v128 {
  return v128.or(i32x4.shl(v, bits), i32x4.shr_u(v, 32 - bits));
}

/** The sum of the values with the k ids. */
// @ts-ignore: decorator
@inline
function sumOf(values: usize, drawn: usize, k: i32): f64 {
  let sum = 0.0;
  let at = drawn;
  for (const end = drawn + (<usize>(k & -LANES) << 2); at < end; at += 16) {
    sum += valueAt(values, at) + valueAt(values, at + 4) + (valueAt(values, at + 8) + valueAt(values, at + 12));
  }
  for (const end = drawn + (<usize>k << 2); at < end; at += 4) sum += valueAt(values, at);
  return sum;
}

// @ts-ignore: decorator
@inline
function valueAt(values: usize, id: usize): f64 {
  return load<f64>(values + (<usize>load<i32>(id) << 3));
}

/** The same by the first steps of a Fisher-Yates shuffle of a pool, which is undone after. */
function drawMany(c: Independent, base: i32, k: i32, i: i32, n: i32, state: u64, thread: i32): u64 {
  const pool = c.pool;
  const ids = c.ids;
  const first = thread * n;
  // i goes to the end, where no step reaches it
  swap(pool, first + i, first + n - 1);
  for (let j = 0; j < k; j++) {
    state = advance(state);
    const r = j + <i32>below(state, n - 1 - j);
    unchecked((ids[base + j] = r));
    swap(pool, first + j, first + r);
  }
  for (let j = k - 1; j >= 0; j--) {
    const r = unchecked(ids[base + j]);
    unchecked((ids[base + j] = pool[first + j]));
    swap(pool, first + j, first + r);
  }
  swap(pool, first + i, first + n - 1);
  return state;
}

// @ts-ignore: decorator
@inline
function swap(pool: Int32Array, a: i32, b: i32): void {
  const id = unchecked(pool[a]);
  unchecked((pool[a] = pool[b]));
  unchecked((pool[b] = id));
}
