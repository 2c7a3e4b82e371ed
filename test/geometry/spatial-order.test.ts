import assert from "node:assert/strict";
import { spatialOrder } from "#dist/geometry/spatial-order.js";
import { generator, uniform } from "../support/random.js";

describe("spatial order", () => {
  it("goes through each point once, from one to a near one", () => {
    const n = 4096;
    const random = generator(1);
    const [xs, ys] = [uniform(n, random), uniform(n, random)];
    const order = spatialOrder(xs, ys);
    assert.deepEqual(
      Int32Array.from(order).sort(),
      Int32Array.from({ length: n }, (_, i) => i),
    );
    const step = (p: number): number =>
      Math.hypot(xs[order[p]!]! - xs[order[p - 1]!]!, ys[order[p]!]! - ys[order[p - 1]!]!);
    const steps = Array.from({ length: n - 1 }, (_, p) => step(p + 1));
    // a cell is 1 / 64 wide, and two at random are half the square apart
    assert.ok(Math.max(...steps) < 0.2);
    assert.ok(steps.reduce((a, b) => a + b) / n < 0.02);
  });

  it("visits the four quarters of a square one after the other", () => {
    assert.deepEqual([...spatialOrder(Float64Array.of(1, 0, 1, 0), Float64Array.of(0, 0, 1, 1))], [1, 3, 2, 0]);
  });

  it("keeps the order of points at one place, and of none or one", () => {
    assert.deepEqual([...spatialOrder(new Float64Array(5).fill(2), new Float64Array(5).fill(-7))], [0, 1, 2, 3, 4]);
    assert.deepEqual([...spatialOrder(Float64Array.of(3), Float64Array.of(4))], [0]);
    assert.deepEqual([...spatialOrder(new Float64Array(0), new Float64Array(0))], []);
  });
});
