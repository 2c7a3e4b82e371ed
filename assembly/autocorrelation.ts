/**
 * Spatial autocorrelation, global and local: standardised values, spatial lags, sums of the weights, permutations.
 * Weights come in CSR form: the neighbors of i are neighbors[offsets[i] .. offsets[i + 1]); without `weights` each row
 * is standardised, every neighbor counting 1 / cardinality.
 */
export { permuteGlobal, permuteLags } from "./autocorrelation/global";
export { greaterOf, lesserOf, observedOf } from "./autocorrelation/crand";
export { endAfter, greaterAtOf, lesserAtOf } from "./autocorrelation/crand-stop";
export { createSums, runSums, sumsBlock } from "./autocorrelation/crand-sums";
export { drawAll, isOneBlock } from "./autocorrelation/draws";
export { createForms, formsBlock, runForms } from "./autocorrelation/crand-forms";
export { createProducts, productsBlock, runProducts } from "./autocorrelation/crand-products";
export { createIndependent, runIndependent } from "./autocorrelation/crand-independent";
export { createStrata, runStrata, strataBlock } from "./autocorrelation/crand-strata";
export { chiSquaredUpper } from "./shared/gamma";
export { normalUpper } from "./autocorrelation/normal";
export { momentsOfDifferences, quadrupleMean, variancesOfOthers } from "./autocorrelation/spread";
export { lagProducts, weightSums } from "./autocorrelation/weight-sums";
export * from "./shared/host";
import { weightAt } from "./shared/weight-at";

/**
 * Writes (y - mean) / sd with the population sd; and to `scale` the mean, the sd, the largest |y| and the largest |z|.
 * The values must not all be equal. The mean has two parts, one near it and what is left of it: a single number would
 * leave its rounding, which is relative to the mean, in deviations of any size.
 */
export function standardise(y: Float64Array, z: Float64Array, scale: Float64Array): void {
  const n = y.length;
  let sum = 0.0;
  let largest = 0.0;
  for (let i = 0; i < n; i++) {
    sum += unchecked(y[i]);
    largest = max(largest, Math.abs(unchecked(y[i])));
  }
  const near = sum / <f64>n;
  // the deviations are added up with what each addition loses: Knuth's exact sum of two
  let rest = 0.0;
  let lost = 0.0;
  for (let i = 0; i < n; i++) {
    const deviation = unchecked(y[i]) - near;
    const next = rest + deviation;
    const added = next - rest;
    lost += rest - (next - added) + (deviation - added);
    rest = next;
  }
  const left = (rest + lost) / <f64>n;
  let squares = 0.0;
  for (let i = 0; i < n; i++) {
    const deviation = unchecked(y[i]) - near - left;
    unchecked((z[i] = deviation));
    squares += deviation * deviation;
  }
  const sd = Math.sqrt(squares / <f64>n);
  let farthest = 0.0;
  for (let i = 0; i < n; i++) {
    const standard = unchecked(z[i]) / sd;
    unchecked((z[i] = standard));
    farthest = max(farthest, Math.abs(standard));
  }
  unchecked((scale[0] = near + left));
  unchecked((scale[1] = sd));
  unchecked((scale[2] = largest));
  unchecked((scale[3] = farthest));
}

/** Raises values of at least 0 to a power, in their place. */
export function raise(values: Float64Array, power: f64): void {
  for (let i = 0; i < values.length; i++) unchecked((values[i] = Math.pow(values[i], power)));
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
