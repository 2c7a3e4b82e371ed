/**
 * Global permutation: values assigned to locations at random, several permutations a pass over the neighbors.
 */
import { advance, below, start, STREAM_GLOBAL } from "./random";
import { pairAt, setPair } from "./vector";

/** Permutations that one pass over the neighbors serves: one cache line of values a location. */
const LANES = 8;

/**
 * For permutations first .. first + 7 of the values z writes sum_i u_i sum_j w_ij z_j to cross[first ..], u being `fixed`, or
 * else the permuted values themselves; and, with margins, sum_i margin_i z_i^2 to squares[first ..]. Each permutation is a
 * Fisher-Yates shuffle numbered by the permutation. `shuffled` has n elements, `lanes` 8 n; `cross` and `squares` a multiple
 * of 8. Without weights each neighbor counts 1 / cardinality.
 */
export function permuteGlobal(
  z: Float64Array,
  fixed: Float64Array | null,
  margins: Float64Array | null,
  offsets: Int32Array,
  neighbors: Int32Array,
  weights: Float64Array | null,
  seed: f64,
  first: i32,
  shuffled: Float64Array,
  lanes: Float64Array,
  cross: Float64Array,
  squares: Float64Array,
): void {
  const n = z.length;
  for (let lane = 0; lane < LANES; lane++) shuffle(z, seed, first + lane, lane, shuffled, lanes);
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
        p = f64x2.add(p, pairAt(lanes, j));
        q = f64x2.add(q, pairAt(lanes, j + 2));
        r = f64x2.add(r, pairAt(lanes, j + 4));
        s = f64x2.add(s, pairAt(lanes, j + 6));
      }
    } else {
      for (let e = begin; e < end; e++) {
        const j = unchecked(neighbors[e]) * LANES;
        const w = f64x2.splat(unchecked(weights[e]));
        p = f64x2.add(p, f64x2.mul(w, pairAt(lanes, j)));
        q = f64x2.add(q, f64x2.mul(w, pairAt(lanes, j + 2)));
        r = f64x2.add(r, f64x2.mul(w, pairAt(lanes, j + 4)));
        s = f64x2.add(s, f64x2.mul(w, pairAt(lanes, j + 6)));
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
      a = f64x2.add(a, f64x2.mul(f64x2.mul(u, p), pairAt(lanes, at)));
      b = f64x2.add(b, f64x2.mul(f64x2.mul(u, q), pairAt(lanes, at + 2)));
      c = f64x2.add(c, f64x2.mul(f64x2.mul(u, r), pairAt(lanes, at + 4)));
      d = f64x2.add(d, f64x2.mul(f64x2.mul(u, s), pairAt(lanes, at + 6)));
    }
  }
  setPair(cross, first, a);
  setPair(cross, first + 2, b);
  setPair(cross, first + 4, c);
  setPair(cross, first + 6, d);
  if (margins != null) {
    for (let lane = 0; lane < LANES; lane += 2) {
      let sum = f64x2.splat(0);
      for (let i = 0; i < n; i++) {
        const value = pairAt(lanes, i * LANES + lane);
        sum = f64x2.add(sum, f64x2.mul(f64x2.splat(unchecked(margins[i])), f64x2.mul(value, value)));
      }
      setPair(squares, first + lane, sum);
    }
  }
}

/**
 * For permutations first .. first + 7 of the pairs (x, y) writes sum_i (sum_j w_ij x_j) (sum_j w_ij y_j) to cross[first ..].
 * Scratch as for permuteGlobal, with lanes for both.
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
      p = f64x2.add(p, f64x2.mul(weight, pairAt(lanesX, at)));
      q = f64x2.add(q, f64x2.mul(weight, pairAt(lanesX, at + 2)));
      r = f64x2.add(r, f64x2.mul(weight, pairAt(lanesX, at + 4)));
      s = f64x2.add(s, f64x2.mul(weight, pairAt(lanesX, at + 6)));
      t = f64x2.add(t, f64x2.mul(weight, pairAt(lanesY, at)));
      u = f64x2.add(u, f64x2.mul(weight, pairAt(lanesY, at + 2)));
      v = f64x2.add(v, f64x2.mul(weight, pairAt(lanesY, at + 4)));
      w = f64x2.add(w, f64x2.mul(weight, pairAt(lanesY, at + 6)));
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

/** Writes a permutation of z to a lane of `lanes`. */
function shuffle(z: Float64Array, seed: f64, permutation: i32, lane: i32, shuffled: Float64Array, lanes: Float64Array): void {
  shuffled.set(z);
  let state = start(seed, STREAM_GLOBAL, <u64>permutation);
  for (let i = z.length - 1; i >= 0; i--) {
    state = advance(state);
    const j = <i32>below(state, i + 1);
    const value = unchecked(shuffled[j]);
    unchecked((shuffled[j] = shuffled[i]));
    // position i is final, so it goes to its lane at once
    unchecked((lanes[i * LANES + lane] = value));
  }
}
