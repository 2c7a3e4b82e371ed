/**
 * Moran's I, global and local: standardised values, spatial lags, sums of the weights, permutations.
 * Weights come in CSR form: the neighbors of i are neighbors[offsets[i] .. offsets[i + 1]); without `weights` each row
 * is standardised, every neighbor counting 1 / cardinality.
 */
import { advance, below, start, STREAM_GLOBAL } from "./shared/random";
export { blockSize, createCrand, greaterOf, lesserOf, moments, runBlock } from "./shared/crand";
export { normalUpper } from "./shared/normal";
export * from "./shared/host";

/** Writes (y - mean) / sd with the population sd, and the two to meanAndSd. The values must not all be equal. */
export function standardise(y: Float64Array, z: Float64Array, meanAndSd: Float64Array): void {
  const n = y.length;
  let sum = 0.0;
  for (let i = 0; i < n; i++) sum += unchecked(y[i]);
  const mean = sum / <f64>n;
  let squares = 0.0;
  for (let i = 0; i < n; i++) {
    const deviation = unchecked(y[i]) - mean;
    unchecked((z[i] = deviation));
    squares += deviation * deviation;
  }
  const sd = Math.sqrt(squares / <f64>n);
  for (let i = 0; i < n; i++) unchecked((z[i] = z[i] / sd));
  unchecked((meanAndSd[0] = mean));
  unchecked((meanAndSd[1] = sd));
}

/** Writes the sum of the neighbors' values, weighted where weights are given; islands get 0. */
export function neighborSums(
  values: Float64Array,
  offsets: Int32Array,
  neighbors: Int32Array,
  weights: Float64Array | null,
  sums: Float64Array,
): void {
  const n = values.length;
  for (let i = 0; i < n; i++) {
    const end = unchecked(offsets[i + 1]);
    let sum = 0.0;
    if (weights == null) {
      for (let q = unchecked(offsets[i]); q < end; q++) sum += unchecked(values[unchecked(neighbors[q])]);
    } else {
      for (let q = unchecked(offsets[i]); q < end; q++) {
        sum += unchecked(weights[q]) * unchecked(values[unchecked(neighbors[q])]);
      }
    }
    unchecked((sums[i] = sum));
  }
}

// @ts-ignore: decorator
@inline
function weightAt(weights: Float64Array | null, q: i32, cardinality: i32): f64 {
  return weights == null ? 1.0 / <f64>cardinality : unchecked(weights[q]);
}

/**
 * Writes S0 = sum w, S1 = sum (w_ij + w_ji)^2 / 2 and S2 = sum_i (sum_j w_ij + sum_j w_ji)^2 to sums[0 .. 2].
 * Cliff and Ord (1981), Spatial Processes. One transposition, so linear in the neighbors.
 */
export function weightSums(offsets: Int32Array, neighbors: Int32Array, weights: Float64Array | null, sums: Float64Array): void {
  const n = offsets.length - 1;
  const pairs = neighbors.length;
  // the transpose: of whom is i a neighbor, and with what weight
  const begin = new StaticArray<i32>(n + 2);
  const sources = new StaticArray<i32>(pairs);
  const incoming = new StaticArray<f64>(pairs);
  for (let q = 0; q < pairs; q++) {
    const j = unchecked(neighbors[q]) + 2;
    if (j <= n) unchecked((begin[j] += 1));
  }
  for (let i = 0; i < n; i++) unchecked((begin[i + 1] += begin[i]));
  for (let i = 0; i < n; i++) {
    const end = unchecked(offsets[i + 1]);
    const k = end - unchecked(offsets[i]);
    for (let q = unchecked(offsets[i]); q < end; q++) {
      const j = unchecked(neighbors[q]) + 1;
      const place = unchecked(begin[j]);
      unchecked((sources[place] = i));
      unchecked((incoming[place] = weightAt(weights, q, k)));
      unchecked((begin[j] = place + 1));
    }
  }
  // row i laid out densely, so that w_ij meets w_ji
  const row = new StaticArray<f64>(n);
  let s0 = 0.0;
  let s1 = 0.0;
  let s2 = 0.0;
  for (let i = 0; i < n; i++) {
    const end = unchecked(offsets[i + 1]);
    const k = end - unchecked(offsets[i]);
    let out = 0.0;
    for (let q = unchecked(offsets[i]); q < end; q++) {
      const weight = weightAt(weights, q, k);
      unchecked((row[unchecked(neighbors[q])] = weight));
      out += weight;
      s1 += weight * weight;
    }
    let into = 0.0;
    for (let q = unchecked(begin[i]); q < unchecked(begin[i + 1]); q++) {
      const weight = unchecked(incoming[q]);
      into += weight;
      s1 += weight * unchecked(row[unchecked(sources[q])]);
    }
    for (let q = unchecked(offsets[i]); q < end; q++) unchecked((row[unchecked(neighbors[q])] = 0.0));
    s0 += out;
    s2 += (out + into) * (out + into);
  }
  unchecked((sums[0] = s0));
  unchecked((sums[1] = s1));
  unchecked((sums[2] = s2));
}

/** Permutations that one pass over the neighbors serves: one cache line of values a location. */
const LANES = 8;

/** Reads lanes `lane` and `lane + 1` of location i. v128 loads are not checked by the compiler, so this checks. */
// @ts-ignore: decorator
@inline
function pair(lanes: Float64Array, i: i32, lane: i32): v128 {
  assert(i * LANES + lane + 1 < lanes.length, "lane out of range");
  return v128.load(lanes.dataStart + (<usize>(i * LANES + lane) << 3));
}

// @ts-ignore: decorator
@inline
function setPair(values: Float64Array, i: i32, v: v128): void {
  unchecked((values[i] = f64x2.extract_lane(v, 0)));
  unchecked((values[i + 1] = f64x2.extract_lane(v, 1)));
}

/**
 * Writes sum_i z_i lag_i of permutations first .. first + 7 to cross[first ..]. Each permutation is a Fisher-Yates
 * shuffle of z numbered by the permutation. `shuffled` has n elements, `lanes` 8 n; `cross` a multiple of 8.
 */
export function permuteGlobal(
  z: Float64Array,
  offsets: Int32Array,
  neighbors: Int32Array,
  weights: Float64Array | null,
  seed: f64,
  first: i32,
  shuffled: Float64Array,
  lanes: Float64Array,
  cross: Float64Array,
): void {
  const n = z.length;
  for (let lane = 0; lane < LANES; lane++) {
    shuffled.set(z);
    let state = start(seed, STREAM_GLOBAL, <u64>(first + lane));
    for (let i = n - 1; i >= 0; i--) {
      state = advance(state);
      const j = <i32>below(state, i + 1);
      const value = unchecked(shuffled[j]);
      unchecked((shuffled[j] = shuffled[i]));
      // position i is final, so it goes to its lane at once
      unchecked((lanes[i * LANES + lane] = value));
    }
  }
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
    for (let e = begin; e < end; e++) {
      const j = unchecked(neighbors[e]);
      const w = f64x2.splat(weights == null ? 1.0 : unchecked(weights[e]));
      p = f64x2.add(p, f64x2.mul(w, pair(lanes, j, 0)));
      q = f64x2.add(q, f64x2.mul(w, pair(lanes, j, 2)));
      r = f64x2.add(r, f64x2.mul(w, pair(lanes, j, 4)));
      s = f64x2.add(s, f64x2.mul(w, pair(lanes, j, 6)));
    }
    const scale = f64x2.splat(weights == null && end > begin ? 1.0 / <f64>(end - begin) : 1.0);
    a = f64x2.add(a, f64x2.mul(f64x2.mul(scale, p), pair(lanes, i, 0)));
    b = f64x2.add(b, f64x2.mul(f64x2.mul(scale, q), pair(lanes, i, 2)));
    c = f64x2.add(c, f64x2.mul(f64x2.mul(scale, r), pair(lanes, i, 4)));
    d = f64x2.add(d, f64x2.mul(f64x2.mul(scale, s), pair(lanes, i, 6)));
  }
  setPair(cross, first, a);
  setPair(cross, first + 2, b);
  setPair(cross, first + 4, c);
  setPair(cross, first + 6, d);
}
