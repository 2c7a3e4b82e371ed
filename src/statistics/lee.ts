import { withSelf } from "../weights/self.js";
import type { Weights } from "../weights/weights.js";
import { checkValues } from "./check-values.js";
import { copyWeights } from "../kernels/weights.js";
import type { Inference } from "./inference.js";
import { rowSums } from "./row-sums.js";
import { withLags } from "./lag.js";
import { inferGlobal, scored, type GlobalInferenceResult } from "./cross-products.js";
import { inLocality, noNeighbors, normalP, onThreads, roomFor } from "./permute-global.js";
import { rowShares, sumOfSquares, varianceOfRest, weightParts } from "./quadratic-moments.js";
import { ofSum } from "./rounding.js";
import { standardised } from "./standardise.js";

export interface Lee extends GlobalInferenceResult {
  /** Lee's L. */
  l: number;
  /** Correlation of the two variables at the same place. */
  pearson: number;
  /** Expectation of L if the pairs of values were assigned to locations at random; its variance, z and two-sided p. */
  expected: number;
  varianceRandom: number;
  zRandom: number;
  pRandom: number;
}

/**
 * Lee's L, the correlation of two variables after smoothing both by their lags: with standardised x and y
 * L = sum_i (sum_j w_ij x_j) (sum_j w_ij y_j) / sum_i (sum_j w_ij)^2. Lee (2001), doi:10.1007/s101090100064; moments
 * under randomisation: Lee (2004), doi:10.1068/a34143. Pairs of values are permuted together, so that their correlation
 * stays.
 * @param x f64 of shape (n,), finite, not constant, n >= 3
 * @param y the same
 * @param weights of n locations, of which the diagonal counts; islands count in n and add nothing to the sums
 * @param options.permutations default 999
 * @throws TOO_FEW_ROWS, CONSTANT_VALUES, INVALID_WEIGHTS, INVALID_PARAMETER
 * @example lee(income, education, transform(withDiagonal(queen(polygons)), "R")).l
 */
export function lee(x: Float64Array, y: Float64Array, weights: Weights, options: Inference = {}): Lee {
  const { permutations = 999, seed = 12345 } = options;
  checkValues(x, weights, "x");
  checkValues(y, weights, "y");
  const n = x.length;
  const [standardX, standardY] = [standardised(x), standardised(y)];
  const ordered = inLocality(withSelf(weights), [standardX.z, standardY.z], options);
  const [zx, zy] = ordered.values as [Float64Array, Float64Array];
  const whole = ordered.weights;
  const rows = rowSums(whole).sum;
  const scale = rows.reduce((total, sum) => total + sum * sum, 0);
  if (scale === 0) throw noNeighbors();
  const [lagX, lagY] = withLags(whole, (lagOf) => [lagOf(zx), lagOf(zy)]);
  const l = lagX.reduce((total, lag, i) => total + lag * lagY[i]!, 0) / scale;
  const products = zx.map((value, i) => value * zy[i]!);
  const product = products.reduce((sum, value) => sum + value, 0);
  return onThreads(options, (kernel, permute) => {
    const w = copyWeights(kernel, whole);
    const [px, py] = [kernel.float64(zx), kernel.float64(zy)];
    const [own, rest] = [kernel.float64(n), kernel.float64(n)];
    const squares = kernel.call.lagProducts(w.offsets, w.neighbors, w.weight, own, rest);
    const matrix = { own: kernel.readFloat64(own), rest: kernel.readFloat64(rest), squares };
    const cross = kernel.float64(roomFor(permutations));
    permute("permuteLags", n, 2, (first, shuffled, lanesX, lanesY) => [
      px,
      py,
      w.offsets,
      w.neighbors,
      w.weight,
      seed,
      first,
      shuffled,
      lanesX,
      lanesY,
      cross,
    ]);
    const simulated = kernel.readFloat64(cross).subarray(0, permutations);
    const { mean, variance } = momentsOf(matrix, zx, zy, product, products);
    const expected = mean / scale;
    const varianceRandom = variance / scale ** 2;
    const { z, p: pRandom } = scored(l, expected, varianceRandom, normalP(kernel));
    return {
      l,
      pearson: product / n,
      expected,
      varianceRandom,
      zRandom: z,
      pRandom,
      ...inferGlobal(
        l,
        simulated.map((value) => value / scale),
        options.alternative,
        roundingOf(whole, rows, Math.max(standardX.error, standardY.error)) / scale,
      ),
    };
  });
}

/**
 * Mean and variance of sum_ij p_ij x_i y_j over all permutations of the pairs, P = W'W: its diagonal and, as of all
 * quadratic forms, twice the part of the rows weigh the products x_i y_i, which do not vary together with the form of
 * the rest.
 */
function momentsOf(
  { own, rest, squares }: { own: Float64Array; rest: Float64Array; squares: number },
  x: Float64Array,
  y: Float64Array,
  product: number,
  products: Float64Array,
): { mean: number; variance: number } {
  const n = x.length;
  const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
  const mean = (product / n) * (total(own) - total(rest) / (n - 1));
  const shares = rowShares(rest);
  const dealt = own.map((value, i) => value - 2 * shares[i]!);
  const ofRows = (sumOfSquares(dealt) * sumOfSquares(products)) / (n - 1);
  return { mean, variance: ofRows + varianceOfRest(weightParts(rest, squares).rest, x, y) };
}

/**
 * How far apart rounding may put the sums of products of lags of two permutations that tie. The sum of the products'
 * absolute values is at most n times the square of the norm of the weights, which their largest row and column sum
 * bound.
 */
function roundingOf({ n, offsets, neighbors, weights }: Weights, rows: Float64Array, error: number): number {
  const columns = new Float64Array(n);
  let most = 0;
  for (let i = 0; i < n; i++) {
    const k = offsets[i + 1]! - offsets[i]!;
    most = Math.max(most, k);
    for (let q = offsets[i]!; q < offsets[i + 1]!; q++) columns[neighbors[q]!]! += weights ? weights[q]! : 1 / k;
  }
  const largest = (sums: Float64Array): number => sums.reduce((a, b) => Math.max(a, b), 0);
  const size = n * largest(rows) * largest(columns);
  return ofSum(n + 2 * most, size) + 2 * error * size;
}
