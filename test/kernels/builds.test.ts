import assert from "node:assert/strict";
import { instantiate, withKernel, type Build, type Pointer } from "#dist/kernels/load.js";
import { failure } from "../support/assertions.js";

interface NeighborSums {
  neighborSums(values: Pointer, offsets: Pointer, neighbors: Pointer, weights: Pointer, sums: Pointer): void;
}

/** Sums over a neighbor that is not there. */
function outOfRange(build: Build): void {
  const kernel = instantiate<NeighborSums>("autocorrelation", build);
  const values = kernel.float64(Float64Array.of(1, 2));
  const offsets = kernel.int32(Int32Array.of(0, 1, 2));
  kernel.call.neighborSums(values, offsets, kernel.int32(Int32Array.of(1, 7)), 0, kernel.float64(2));
}

describe("kernel builds", () => {
  it("raise on an index out of range when checked, and only then", () => {
    assert.throws(() => outOfRange("checked"), /Index out of range/);
    assert.doesNotThrow(() => outOfRange("fast"));
  });

  it("say OUT_OF_MEMORY for an array above 1 GiB, and serve the next job", () => {
    const tooLarge = (): unknown => withKernel("autocorrelation", (kernel) => kernel.float64(2 ** 27));
    assert.throws(tooLarge, failure("OUT_OF_MEMORY", /does not fit/));
    assert.equal(
      withKernel("autocorrelation", (kernel) => kernel.readFloat64(kernel.float64(3)).length),
      3,
    );
  });
});
