/**
 * Conditional permutation with draws of its own for every location, as R's spdep does it; for statistics of the kind
 * of form.ts. A draw is keyed by (seed, location, permutation), so locations are divided among threads at will.
 */
import { meet } from "./barrier";
import { largestOf, share } from "./draws";
import { Formed, formOf, prepareForm } from "./form";
import { advance, below, start, STREAM_INDEPENDENT } from "./random";

/** Up to this cardinality, an id that was drawn before is found by looking through the draw. */
const FEW = 32;

@final
export class Independent extends Formed {
  seed: f64 = 0;
  permutations: i32 = 0;
  largest: i32 = 0;
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
): Independent {
  const n = offsets.length - 1;
  const c = new Independent();
  prepareForm(c, attributes, coefficients, offsets, neighbors, weights, tolerance, threads);
  c.seed = seed;
  c.permutations = permutations;
  c.largest = largestOf(offsets);
  c.ids = new Int32Array(c.largest * threads);
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
  const base = thread * c.largest;
  const ids = c.ids;
  const low = unchecked(c.observed[i]) - unchecked(c.tolerance[i]);
  const high = unchecked(c.observed[i]) + unchecked(c.tolerance[i]);
  const few = k <= FEW && k * 4 < n;
  // one attribute is the usual case, and its coefficient then a factor of the whole
  const single = c.count == 1;
  const coefficient = unchecked(c.coefficients[i * c.count]);
  const attributes = c.attributes;
  const weights = c.weights;
  const row = unchecked(c.offsets[i]);
  let under = 0;
  let over = 0;
  let sums = 0.0;
  let squares = 0.0;
  for (let p = 0; p < c.permutations; p++) {
    const state = start(c.seed, STREAM_INDEPENDENT, (<u64>i << 32) | <u64>p);
    if (few) drawFew(ids, base, k, i, n, state);
    else drawMany(c, base, k, i, n, state, thread);
    let value = 0.0;
    for (let j = 0; j < k; j++) {
      const id = unchecked(ids[base + j]);
      const x = single ? unchecked(attributes[id]) : formOf(attributes, c.coefficients, c.count, n, i, id);
      value += weights == null ? x : unchecked(weights[row + j]) * x;
    }
    if (single) value *= coefficient;
    under += i32(value < low);
    over += i32(value > high);
    sums += value;
    squares += value * value;
  }
  unchecked((c.greater[i] = c.permutations - under));
  unchecked((c.lesser[i] = c.permutations - over));
  unchecked((c.first[i] = sums));
  unchecked((c.second[i] = squares));
}

/**
 * k distinct ids other than i. All are drawn before they are compared, so that the draws do not wait for one another; where
 * two are the same, which is rare, the whole draw is made again.
 */
// @ts-ignore: decorator
@inline
function drawFew(ids: Int32Array, base: i32, k: i32, i: i32, n: i32, state: u64): void {
  for (let repeated = true; repeated; ) {
    for (let j = 0; j < k; j++) {
      state = advance(state);
      const id = <i32>below(state, n - 1);
      // ids from i on stand for the next
      unchecked((ids[base + j] = id + i32(id >= i)));
    }
    repeated = false;
    for (let j = 1; j < k; j++) {
      const id = unchecked(ids[base + j]);
      for (let q = 0; q < j; q++) repeated = repeated | (unchecked(ids[base + q]) == id);
    }
  }
}

/** The same by the first steps of a Fisher-Yates shuffle of a pool, which is undone after. */
function drawMany(c: Independent, base: i32, k: i32, i: i32, n: i32, state: u64, thread: i32): void {
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
}

// @ts-ignore: decorator
@inline
function swap(pool: Int32Array, a: i32, b: i32): void {
  const id = unchecked(pool[a]);
  unchecked((pool[a] = pool[b]));
  unchecked((pool[b] = id));
}
