import assert from "node:assert/strict";
import { autocorrelationKernel, type AutocorrelationExports } from "#dist/kernels/generated/autocorrelation.js";
import { instantiate, withKernel } from "#dist/kernels/load.js";
import { failure } from "../support/assertions.js";

/** Sums over a neighbor that is not there. */
function outOfRange(build: "checked" | "fast"): void {
  const module = new WebAssembly.Module(autocorrelationKernel[build]());
  const kernel = instantiate<AutocorrelationExports>(module);
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
    const tooLarge = (): unknown => withKernel(autocorrelationKernel, (kernel) => kernel.float64(2 ** 27));
    assert.throws(tooLarge, failure("OUT_OF_MEMORY", /does not fit/));
    assert.equal(
      withKernel(autocorrelationKernel, (kernel) => kernel.readFloat64(kernel.float64(3)).length),
      3,
    );
  });
});
