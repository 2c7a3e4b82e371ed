import { autocorrelationKernel } from "../kernels/generated/autocorrelation.js";
import { withKernel } from "../kernels/load.js";
import type { Weights } from "../weights/weights.js";
import { copyWeights } from "../kernels/weights.js";

/** sum_j w_ij x_j with the diagonal, exactly where weights and values are whole; 0 of nothing. */
export function lagOf(weights: Weights, x: Float64Array): Float64Array {
  return withLags(weights, (lag) => lag(x));
}

/** The same of several variables, for which the weights are copied once. */
export function withLags<Result>(weights: Weights, job: (lag: (x: Float64Array) => Float64Array) => Result): Result {
  const { n, offsets, diagonal } = weights;
  return withKernel(autocorrelationKernel, (kernel) => {
    const w = copyWeights(kernel, weights);
    const [values, sums] = [kernel.float64(n), kernel.float64(n)];
    return job((x) => {
      kernel.viewFloat64(values).set(x);
      kernel.call.neighborSums(values, w.offsets, w.neighbors, w.weight, sums);
      return kernel.readFloat64(sums).map((sum, i) => {
        const k = offsets[i + 1]! - offsets[i]!;
        return (weights.weights || k === 0 ? sum : sum / k) + (diagonal?.[i] ?? 0) * x[i]!;
      });
    });
  });
}
