/**
 * Sums over weights that the moments of global statistics are made of. Without weights each neighbor counts 1 /
 * cardinality.
 */
import { weightAt } from "../shared/weight-at";

/** The transpose: of whom is i a neighbor, sources[begin[i] .. begin[i + 1]), and with what weight. */
@final
class Transpose {
  constructor(
    public begin: StaticArray<i32>,
    public sources: StaticArray<i32>,
    public incoming: StaticArray<f64>,
  ) {}
}

function transpose(offsets: Int32Array, neighbors: Int32Array, weights: Float64Array | null): Transpose {
  const n = offsets.length - 1;
  const pairs = neighbors.length;
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
  return new Transpose(begin, sources, incoming);
}

/**
 * Writes S0 = sum w, S1 = sum (w_ij + w_ji)^2 / 2 and S2 = sum_i (sum_j w_ij + sum_j w_ji)^2 to sums[0 .. 2], and
 * sum_j w_ij and sum_j w_ji together to margins[i]. Cliff and Ord (1981), Spatial Processes. One transposition, so
 * linear in the neighbors.
 */
export function weightSums(
  offsets: Int32Array,
  neighbors: Int32Array,
  weights: Float64Array | null,
  sums: Float64Array,
  margins: Float64Array,
): void {
  const n = offsets.length - 1;
  const t = transpose(offsets, neighbors, weights);
  const begin = t.begin;
  const sources = t.sources;
  const incoming = t.incoming;
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
    unchecked((margins[i] = out + into));
    s0 += out;
    s2 += (out + into) * (out + into);
  }
  unchecked((sums[0] = s0));
  unchecked((sums[1] = s1));
  unchecked((sums[2] = s2));
}

/**
 * Of P = W'W, whose element p_ij weighs the product of two values in the sum of all products of lags, writes p_jj to
 * own[j], the sum of the rest of row j to rest[j], and returns the sum of the squares of all that is off the diagonal.
 * Rows of P are formed one at a time: time is linear in the sum of squared cardinalities.
 */
export function lagProducts(
  offsets: Int32Array,
  neighbors: Int32Array,
  weights: Float64Array | null,
  own: Float64Array,
  rest: Float64Array,
): f64 {
  const n = offsets.length - 1;
  const t = transpose(offsets, neighbors, weights);
  const row = new StaticArray<f64>(n);
  let squares = 0.0;
  for (let j = 0; j < n; j++) {
    const begin = unchecked(t.begin[j]);
    const end = unchecked(t.begin[j + 1]);
    for (let s = begin; s < end; s++) {
      const i = unchecked(t.sources[s]);
      const weight = unchecked(t.incoming[s]);
      const last = unchecked(offsets[i + 1]);
      const k = last - unchecked(offsets[i]);
      for (let q = last - k; q < last; q++) unchecked((row[unchecked(neighbors[q])] += weight * weightAt(weights, q, k)));
    }
    unchecked((own[j] = row[j]));
    unchecked((row[j] = 0.0));
    let sum = 0.0;
    // what was filled is read once and emptied
    for (let s = begin; s < end; s++) {
      const i = unchecked(t.sources[s]);
      for (let q = unchecked(offsets[i]); q < unchecked(offsets[i + 1]); q++) {
        const other = unchecked(neighbors[q]);
        const product = unchecked(row[other]);
        unchecked((row[other] = 0.0));
        sum += product;
        squares += product * product;
      }
    }
    unchecked((rest[j] = sum));
  }
  return squares;
}
