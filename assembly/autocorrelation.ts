/**
 * Spatial autocorrelation, global and local: standardised values, spatial lags, sums of the weights, permutations.
 * Weights come in CSR form: the neighbors of i are neighbors[offsets[i] .. offsets[i + 1]); without `weights` each row
 * is standardised, every neighbor counting 1 / cardinality.
 */
export { permuteGlobal } from "./shared/global";
export { greaterOf, lesserOf, moments, observedOf } from "./shared/crand";
export { createSums, runSums, sumsBlock } from "./shared/crand-sums";
export { createForms, formsBlock, runForms } from "./shared/crand-forms";
export { createIndependent, runIndependent } from "./shared/crand-independent";
export { chiSquaredUpper } from "./shared/gamma";
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

/** Writes the weighted sum of (z_i - z_j)^2 and of z_j over the neighbors j of each i; islands get 0. */
export function squaredDifferences(
  z: Float64Array,
  offsets: Int32Array,
  neighbors: Int32Array,
  weights: Float64Array | null,
  differences: Float64Array,
  lags: Float64Array,
): void {
  for (let i = 0; i < z.length; i++) {
    const begin = unchecked(offsets[i]);
    const end = unchecked(offsets[i + 1]);
    const own = unchecked(z[i]);
    let squares = 0.0;
    let lag = 0.0;
    for (let q = begin; q < end; q++) {
      const weight = weightAt(weights, q, end - begin);
      const other = unchecked(z[unchecked(neighbors[q])]);
      squares += weight * (own - other) * (own - other);
      lag += weight * other;
    }
    unchecked((differences[i] = squares));
    unchecked((lags[i] = lag));
  }
}

// @ts-ignore: decorator
@inline
function weightAt(weights: Float64Array | null, q: i32, cardinality: i32): f64 {
  return weights == null ? 1.0 / <f64>cardinality : unchecked(weights[q]);
}

/**
 * Writes S0 = sum w, S1 = sum (w_ij + w_ji)^2 / 2 and S2 = sum_i (sum_j w_ij + sum_j w_ji)^2 to sums[0 .. 2], and
 * sum_j w_ij and sum_j w_ji together to margins[i]. Cliff and Ord (1981), Spatial Processes. One transposition, so linear in
 * the neighbors.
 */
export function weightSums(
  offsets: Int32Array,
  neighbors: Int32Array,
  weights: Float64Array | null,
  sums: Float64Array,
  margins: Float64Array,
): void {
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
    unchecked((margins[i] = out + into));
    s0 += out;
    s2 += (out + into) * (out + into);
  }
  unchecked((sums[0] = s0));
  unchecked((sums[1] = s1));
  unchecked((sums[2] = s2));
}
