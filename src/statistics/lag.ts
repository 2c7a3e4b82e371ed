import { autocorrelationKernel } from "../kernels/generated/autocorrelation.js";
import { withKernel } from "../kernels/load.js";
import type { Weights } from "../weights/weights.js";
import { copyWeights } from "../kernels/weights.js";

/** sum_j w_ij x_j with the diagonal, exactly where weights and values are whole; 0 of nothing. */
export function lagOf(weights: Weights, x: Float64Array): Float64Array {
  return withKernel(autocorrelationKernel, (kernel) => {
    const w = copyWeights(kernel, weights);
    const sums = kernel.float64(weights.n);
    kernel.call.neighborSums(kernel.float64(x), w.offsets, w.neighbors, w.weight, sums);
    const { offsets, diagonal } = weights;
    return kernel.readFloat64(sums).map((sum, i) => {
      const k = offsets[i + 1]! - offsets[i]!;
      return (weights.weights || k === 0 ? sum : sum / k) + (diagonal?.[i] ?? 0) * x[i]!;
    });
  });
}
