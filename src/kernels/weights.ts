import type { Weights } from "../weights/weights.js";
import type { Kernel } from "./load.js";
import type { Float64Pointer, Int32Pointer } from "./pointer.js";

/** Copies weights into a kernel. */
export function copyWeights(
  kernel: Kernel<unknown>,
  w: Weights,
): { offsets: Int32Pointer; neighbors: Int32Pointer; weight: Float64Pointer | 0 } {
  return {
    offsets: kernel.int32(w.offsets),
    neighbors: kernel.int32(w.neighbors),
    weight: w.weights ? kernel.float64(w.weights) : 0,
  };
}
