import assert from "node:assert/strict";
import { lof } from "#dist/index.js";
import { allClose, close, failure } from "../support/assertions.js";
import { generator, uniform } from "../support/random.js";

/** The factor as it is defined, from all distances. */
function twin(xs: Float64Array, ys: Float64Array, k: number): number[] {
  const all = Array.from(xs, (_, i) => i);
  const distance = (i: number, j: number): number => Math.sqrt((xs[i]! - xs[j]!) ** 2 + (ys[i]! - ys[j]!) ** 2);
  const reach = all.map(
    (i) =>
      all
        .filter((j) => j !== i)
        .map((j) => distance(i, j))
        .sort((a, b) => a - b)[k - 1]!,
  );
  const neighbors = all.map((i) => all.filter((j) => j !== i && distance(i, j) <= reach[i]!));
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const densities = all.map((i) => 1 / mean(neighbors[i]!.map((j) => Math.max(reach[j]!, distance(i, j)))));
  return all.map((i) =>
    mean(neighbors[i]!.map((j) => (densities[j] === densities[i] ? 1 : densities[j]! / densities[i]!))),
  );
}

/** Infinite ones can be compared as 0. */
const inverses = (factors: ArrayLike<number>): number[] => Array.from(factors, (factor) => 1 / factor);

const permutation = (n: number, random: () => number): number[] =>
  Array.from({ length: n }, (_, i) => ({ i, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ i }) => i);

describe("lof", () => {
  it("is what its definition says, on uniform points, lattices with ties, and points of which many coincide", () => {
    const random = generator(12);
    const coarse = (n: number, steps: number): Float64Array =>
      Float64Array.from({ length: n }, () => Math.floor(steps * random()));
    for (const [xs, ys] of [
      [uniform(200, random), uniform(200, random)],
      [coarse(200, 40), coarse(200, 40)],
      [coarse(200, 7), coarse(200, 7)],
      [coarse(60, 3), new Float64Array(60)],
    ] as const) {
      for (const k of [1, 2, 5, 20, 50]) allClose(inverses(lof(xs, ys, { k })), inverses(twin(xs, ys, k)));
    }
  });

  it("is 1 inside a lattice, where all have the same density, and what is drawn on paper for a point beside", () => {
    const xs = Float64Array.from({ length: 121 }, (_, i) => i % 11);
    const ys = Float64Array.from({ length: 121 }, (_, i) => Math.floor(i / 11));
    assert.equal(lof(xs, ys, { k: 4 })[60], 1);
    // reaches 1, 1, 1, 8; densities 1, 1, 1, 1 / 8 with k = 1
    assert.deepEqual([...lof(Float64Array.of(0, 1, 2, 10), new Float64Array(4), { k: 1 })], [1, 1, 1, 8]);
  });

  it("measures on the sphere as in the plane where places are near each other, and across the date line", () => {
    const random = generator(3);
    const [xs, ys] = [uniform(300, random), uniform(300, random)];
    const lons = xs.map((x) => (179.999 + 0.002 * x > 180 ? -360 : 0) + 179.999 + 0.002 * x);
    const lats = ys.map((y) => 0.002 * y);
    allClose(lof(lons, lats, { k: 10, greatCircle: true }), lof(xs, ys, { k: 10 }), 1e-5);
  });

  it("permutes with the rows, also where many are equally far", () => {
    const random = generator(9);
    const xs = Float64Array.from({ length: 400 }, () => Math.floor(15 * random()));
    const ys = Float64Array.from({ length: 400 }, () => Math.floor(15 * random()));
    const order = permutation(400, random);
    const [one, other] = [
      lof(xs, ys, { k: 7 }),
      lof(
        Float64Array.from(order, (i) => xs[i]!),
        Float64Array.from(order, (i) => ys[i]!),
        { k: 7 },
      ),
    ];
    allClose(
      other,
      order.map((i) => one[i]!),
      1e-12,
    );
  });

  it("is 1 where all coincide, and infinite beside k + 1 that do, never NaN", () => {
    const n = 20_000;
    assert.ok(lof(new Float64Array(n), new Float64Array(n)).every((factor) => factor === 1));
    const xs = Float64Array.of(0, 0, 0, 0, 1, 2, 100, 101, 103);
    const factors = lof(xs, new Float64Array(9), { k: 3 });
    assert.deepEqual([...factors.subarray(0, 6)], [1, 1, 1, 1, Infinity, Infinity]);
    assert.ok(factors.subarray(6).every((factor) => factor > 0));
    const extremes = lof(Float64Array.of(-1e308, 1e308, 0, 1e-308), new Float64Array(4), { k: 2 });
    assert.ok(!extremes.includes(NaN));
  });

  it("takes two points and more, and a k below their number", () => {
    const two = Float64Array.of(1, 3);
    close(lof(two, two, { k: 1 })[0]!, 1);
    assert.throws(() => lof(two, two, { k: 2 }), failure("K_TOO_LARGE", /k is 2, but there are only 2 points/));
    assert.throws(() => lof(new Float64Array(0), new Float64Array(0)), failure("K_TOO_LARGE", /only 0 points/));
    assert.throws(() => lof(two, two, { k: 0 }), failure("INVALID_PARAMETER", /k is 0/));
    assert.throws(() => lof(two, Float64Array.of(1, NaN), { k: 1 }), failure("INVALID_PARAMETER", /point 1/));
  });
});
