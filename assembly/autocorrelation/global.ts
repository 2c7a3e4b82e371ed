/**
 * Global permutation: values assigned to locations at random, several permutations a pass over the neighbors.
 */
import { advance, belowHigh, mix, start, STREAM_GLOBAL } from "../shared/random";
import { pairAt, pairFrom, setPair } from "../shared/vector";

/** Permutations that one pass over the neighbors serves: one cache line of values a location. */
const LANES = 8;

/**
 * For permutations first .. first + 7 of the values z writes sum_i u_i sum_j w_ij z_j to cross[first ..], u being
 * `fixed`, or else the permuted values themselves; and, with factors, sum_i factor_i z_i^2 or, not squared, sum_i
 * factor_i z_i to rows[first ..]. Each permutation is a Fisher-Yates shuffle numbered by the permutation. `shuffled`
 * has n elements, `lanes` 8 n; `cross` and `rows` a multiple of 8. Without weights each neighbor counts 1 /
 * cardinality.
 */
export function permuteGlobal(
  z: Float64Array,
  fixed: Float64Array | null,
  factors: Float64Array | null,
  squared: bool,
  offsets: Int32Array,
  neighbors: Int32Array,
  weights: Float64Array | null,
  seed: f64,
  first: i32,
  shuffled: Float64Array,
  lanes: Float64Array,
  cross: Float64Array,
  rows: Float64Array,
): void {
  const n = z.length;
  for (let lane = 0; lane < LANES; lane++) shuffle(z, seed, first + lane, lane, shuffled, lanes);
  const begins = lanes.dataStart;
  const size = lanes.length;
  let a = f64x2.splat(0);
  let b = a;
  let c = a;
  let d = a;
  for (let i = 0; i < n; i++) {
    const begin = unchecked(offsets[i]);
    const end = unchecked(offsets[i + 1]);
    let p = f64x2.splat(0);
    let q = p;
    let r = p;
    let s = p;
    if (weights == null) {
      for (let e = begin; e < end; e++) {
        const j = unchecked(neighbors[e]) * LANES;
        p = f64x2.add(p, pairFrom(begins, size, j));
        q = f64x2.add(q, pairFrom(begins, size, j + 2));
        r = f64x2.add(r, pairFrom(begins, size, j + 4));
        s = f64x2.add(s, pairFrom(begins, size, j + 6));
      }
    } else {
      for (let e = begin; e < end; e++) {
        const j = unchecked(neighbors[e]) * LANES;
        const w = f64x2.splat(unchecked(weights[e]));
        p = f64x2.add(p, f64x2.mul(w, pairFrom(begins, size, j)));
        q = f64x2.add(q, f64x2.mul(w, pairFrom(begins, size, j + 2)));
        r = f64x2.add(r, f64x2.mul(w, pairFrom(begins, size, j + 4)));
        s = f64x2.add(s, f64x2.mul(w, pairFrom(begins, size, j + 6)));
      }
    }
    let scale = weights == null && end > begin ? 1.0 / <f64>(end - begin) : 1.0;
    if (fixed != null) {
      const u = f64x2.splat(scale * unchecked(fixed[i]));
      a = f64x2.add(a, f64x2.mul(u, p));
      b = f64x2.add(b, f64x2.mul(u, q));
      c = f64x2.add(c, f64x2.mul(u, r));
      d = f64x2.add(d, f64x2.mul(u, s));
    } else {
      const u = f64x2.splat(scale);
      const at = i * LANES;
      a = f64x2.add(a, f64x2.mul(f64x2.mul(u, p), pairFrom(begins, size, at)));
      b = f64x2.add(b, f64x2.mul(f64x2.mul(u, q), pairFrom(begins, size, at + 2)));
      c = f64x2.add(c, f64x2.mul(f64x2.mul(u, r), pairFrom(begins, size, at + 4)));
      d = f64x2.add(d, f64x2.mul(f64x2.mul(u, s), pairFrom(begins, size, at + 6)));
    }
  }
  setPair(cross, first, a);
  setPair(cross, first + 2, b);
  setPair(cross, first + 4, c);
  setPair(cross, first + 6, d);
  if (factors != null) {
    for (let lane = 0; lane < LANES; lane += 2) {
      let sum = f64x2.splat(0);
      for (let i = 0; i < n; i++) {
        const value = pairAt(lanes, i * LANES + lane);
        const dealt = squared ? f64x2.mul(value, value) : value;
        sum = f64x2.add(sum, f64x2.mul(f64x2.splat(unchecked(factors[i])), dealt));
      }
      setPair(rows, first + lane, sum);
    }
  }
}

/**
 * For permutations first .. first + 7 of the pairs (x, y) writes sum_i (sum_j w_ij x_j) (sum_j w_ij y_j) to cross[first
 * ..]. Scratch as for permuteGlobal, with lanes for both.
 */
export function permuteLags(
  x: Float64Array,
  y: Float64Array,
  offsets: Int32Array,
  neighbors: Int32Array,
  weights: Float64Array | null,
  seed: f64,
  first: i32,
  shuffled: Float64Array,
  lanesX: Float64Array,
  lanesY: Float64Array,
  cross: Float64Array,
): void {
  // the same permutation of both, since its number is the same
  for (let lane = 0; lane < LANES; lane++) {
    shuffle(x, seed, first + lane, lane, shuffled, lanesX);
    shuffle(y, seed, first + lane, lane, shuffled, lanesY);
  }
  const beginX = lanesX.dataStart;
  const beginY = lanesY.dataStart;
  const size = min(lanesX.length, lanesY.length);
  const zero = f64x2.splat(0);
  let a = zero;
  let b = zero;
  let c = zero;
  let d = zero;
  for (let i = 0; i < x.length; i++) {
    const begin = unchecked(offsets[i]);
    const end = unchecked(offsets[i + 1]);
    let p = zero;
    let q = zero;
    let r = zero;
    let s = zero;
    let t = zero;
    let u = zero;
    let v = zero;
    let w = zero;
    for (let e = begin; e < end; e++) {
      const weight = f64x2.splat(weights == null ? 1.0 / <f64>(end - begin) : unchecked(weights[e]));
      const at = unchecked(neighbors[e]) * LANES;
      p = f64x2.add(p, f64x2.mul(weight, pairFrom(beginX, size, at)));
      q = f64x2.add(q, f64x2.mul(weight, pairFrom(beginX, size, at + 2)));
      r = f64x2.add(r, f64x2.mul(weight, pairFrom(beginX, size, at + 4)));
      s = f64x2.add(s, f64x2.mul(weight, pairFrom(beginX, size, at + 6)));
      t = f64x2.add(t, f64x2.mul(weight, pairFrom(beginY, size, at)));
      u = f64x2.add(u, f64x2.mul(weight, pairFrom(beginY, size, at + 2)));
      v = f64x2.add(v, f64x2.mul(weight, pairFrom(beginY, size, at + 4)));
      w = f64x2.add(w, f64x2.mul(weight, pairFrom(beginY, size, at + 6)));
    }
    a = f64x2.add(a, f64x2.mul(p, t));
    b = f64x2.add(b, f64x2.mul(q, u));
    c = f64x2.add(c, f64x2.mul(r, v));
    d = f64x2.add(d, f64x2.mul(s, w));
  }
  setPair(cross, first, a);
  setPair(cross, first + 2, b);
  setPair(cross, first + 4, c);
  setPair(cross, first + 6, d);
}

/**
 * Writes a permutation of z to a lane of `lanes`: a Fisher-Yates shuffle, two steps to a random number of 64 bits. By
 * pointers, because the compiler reads that of an array anew after every store.
 */
function shuffle(z: Float64Array, seed: f64, permutation: i32, lane: i32, shuffled: Float64Array, lanes: Float64Array): void {
  const n = z.length;
  assert(shuffled.length == n && lanes.length == n * LANES, "scratch of another size");
  shuffled.set(z);
  const from = shuffled.dataStart;
  const to = lanes.dataStart + (<usize>lane << 3);
  let state = start(seed, STREAM_GLOBAL, <u64>permutation);
  let i = n - 1;
  for (; i > 0; i -= 2) {
    state = advance(state);
    const bits = mix(state);
    step(from, to, i, belowHigh(bits, i + 1));
    step(from, to, i - 1, belowHigh(bits << 32, i));
  }
  if (i == 0) step(from, to, 0, 0);
}

/** Position i gets the value at j, whose place that of i takes. It is final, so it goes to its lane at once. */
// @ts-ignore: decorator
@inline
function step(from: usize, to: usize, i: i32, j: u32): void {
  const place = from + (<usize>j << 3);
  const value = load<f64>(place);
  store<f64>(place, load<f64>(from + (<usize>i << 3)));
  store<f64>(to + (<usize>i << 3) * LANES, value);
}
