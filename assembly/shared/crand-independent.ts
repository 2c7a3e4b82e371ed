/**
 * Conditional permutation with draws of its own for every location, as R's spdep does it; for statistics of the kind
 * of form.ts. The draws of a location are keyed by (seed, location), so locations are divided among threads at will.
 */
import { meet } from "./barrier";
import { largestOf, share } from "./draws";
import { Formed, formOf, prepareForm } from "./form";
import { advance, below, belowHigh, mix, start, STREAM_INDEPENDENT } from "./random";

/** Up to this cardinality, an id that was drawn before is found by looking through the draw. */
const FEW = 32;

/** Ids after a draw that are read when it is compared. */
const PADDING = 8;

@final
export class Independent extends Formed {
  seed: f64 = 0;
  permutations: i32 = 0;
  largest: i32 = 0;
  /** Room of a thread for the ids of a draw. */
  room: i32 = 0;
  /** Scratch of each thread: the ids of a draw, and a permutation of the locations. */
  ids!: Int32Array;
  pool!: Int32Array;
}

/** @param tolerance how far forms that tie may differ, for a weight of 1 */
export function createIndependent(
  attributes: Float64Array,
  coefficients: Float64Array,
  offsets: Int32Array,
  neighbors: Int32Array,
  weights: Float64Array | null,
  permutations: i32,
  seed: f64,
  tolerance: f64,
  threads: i32,
  product: bool,
): Independent {
  const n = offsets.length - 1;
  const c = new Independent();
  prepareForm(c, attributes, coefficients, offsets, neighbors, weights, tolerance, threads, product);
  c.seed = seed;
  c.permutations = permutations;
  c.largest = largestOf(offsets);
  c.room = c.largest + PADDING;
  c.ids = new Int32Array(c.room * threads);
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
  const base = thread * c.room;
  const ids = c.ids;
  const low = unchecked(c.observed[i]) - unchecked(c.tolerance[i]);
  const high = unchecked(c.observed[i]) + unchecked(c.tolerance[i]);
  const few = k <= FEW && k * 4 < n;
  // one attribute is the usual case, and its coefficient then a factor of the whole
  const count = c.count;
  const coefficients = c.coefficients;
  const attributes = c.attributes;
  const weights = c.weights;
  const row = unchecked(c.offsets[i]);
  // pointers, because the compiler reads that of an array anew after every store
  const drawn = ids.dataStart + (<usize>base << 2);
  const values = attributes.dataStart;
  const permutations = c.permutations;
  let under = 0;
  let over = 0;
  let sums = 0.0;
  let squares = 0.0;
  let state = start(c.seed, STREAM_INDEPENDENT, <u64>i);
  // what is compared beyond the draw equals nothing
  for (let q = 0; q < PADDING; q++) unchecked((ids[base + k + q] = -1 - q));
  for (let p = 0; p < permutations; p++) {
    if (few) state = drawFew(ids, base, drawn, k, i, n, state);
    else state = drawMany(c, base, k, i, n, state, thread);
    let value = 0.0;
    if (count == 1) {
      if (weights == null) value = sumOf(values, drawn, k);
      else {
        for (let j = 0; j < k; j++) value += unchecked(weights[row + j]) * unchecked(attributes[unchecked(ids[base + j])]);
      }
      value *= unchecked(coefficients[i]);
    } else if (c.product) {
      let u = unchecked(coefficients[2 * i]);
      let v = unchecked(coefficients[2 * i + 1]);
      for (let j = 0; j < k; j++) {
        const id = unchecked(ids[base + j]);
        const weight = weights == null ? 1.0 : unchecked(weights[row + j]);
        u += weight * unchecked(attributes[id]);
        v += weight * unchecked(attributes[n + id]);
      }
      value = u * v;
    } else {
      for (let j = 0; j < k; j++) {
        const form = formOf(attributes, coefficients, count, n, i, unchecked(ids[base + j]));
        value += weights == null ? form : unchecked(weights[row + j]) * form;
      }
    }
    under += i32(value < low);
    over += i32(value > high);
    sums += value;
    squares += value * value;
  }
  unchecked((c.greater[i] = permutations - under));
  unchecked((c.lesser[i] = permutations - over));
  unchecked((c.first[i] = sums));
  unchecked((c.second[i] = squares));
}

/**
 * k distinct ids other than i, and the state for the next draw. All ids are drawn before any is compared, so that they do not
 * wait for one another, two from each number of 64 bits. Where a bound's bias may show, or two ids are the same, both rare, the
 * draw is looked at again, or made again.
 */
// @ts-ignore: decorator
@inline
function drawFew(ids: Int32Array, base: i32, drawn: usize, k: i32, i: i32, n: i32, state: u64): u64 {
  assert(base + k + PADDING <= ids.length, "ids out of range");
  const bound = <u64>(n - 1);
  let repeated = true;
  while (repeated) {
    const before = state;
    let biased = 0;
    for (let at = drawn; at < drawn + (<usize>k << 2); at += 8) {
      state = advance(state);
      const bits = mix(state);
      const one = (bits >> 32) * bound;
      const two = (bits & 0xffffffff) * bound;
      biased |= i32(<u32>one < <u32>bound) | i32(<u32>two < <u32>bound);
      const first = <i32>(one >> 32);
      const second = <i32>(two >> 32);
      // ids from i on stand for the next; the second of the last pair may be one too many
      store<i32>(at, first + i32(first >= i));
      store<i32>(at + 4, second + i32(second >= i));
    }
    if (biased) drawExactly(ids, base, k, i, n, before);
    if (k & 1) store<i32>(drawn + (<usize>k << 2), -1);
    repeated = !distinct(drawn, k);
  }
  return state;
}

/** The sum of the values with the k ids. */
// @ts-ignore: decorator
@inline
function sumOf(values: usize, drawn: usize, k: i32): f64 {
  let sum = 0.0;
  for (let at = drawn; at < drawn + (<usize>k << 2); at += 4) sum += load<f64>(values + (<usize>load<i32>(at) << 3));
  return sum;
}

/** The same ids, those that a bound's bias would favor drawn anew. */
function drawExactly(ids: Int32Array, base: i32, k: i32, i: i32, n: i32, state: u64): void {
  for (let j = 0; j < k; j++) {
    if ((j & 1) == 0) state = advance(state);
    const bits = mix(state);
    const id = <i32>belowHigh(j & 1 ? bits << 32 : bits, n - 1);
    unchecked((ids[base + j] = id + i32(id >= i)));
  }
}

/** Whether the k ids, with PADDING different ones after them, are all different: those at each distance compared at once. */
// @ts-ignore: decorator
@inline
function distinct(drawn: usize, k: i32): bool {
  let same = i32x4.splat(0);
  for (let distance = 1; distance < k; distance++) {
    const end = drawn + (<usize>(k - distance) << 2);
    for (let at = drawn; at < end; at += 16) {
      same = v128.or(same, i32x4.eq(v128.load(at), v128.load(at + (<usize>distance << 2))));
    }
  }
  return !v128.any_true(same);
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
