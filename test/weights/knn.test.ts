import assert from "node:assert/strict";
import { knn } from "#dist/index.js";
import { failure } from "../support/assertions.js";
import { generator, uniform } from "../support/random.js";

/** The k nearest by sorting all by (squared distance, index). */
function twin(xs: Float64Array, ys: Float64Array, k: number): number[] {
  return [...xs.keys()].flatMap((i) => {
    const distance = (j: number): number => (xs[j]! - xs[i]!) ** 2 + (ys[j]! - ys[i]!) ** 2;
    const others = [...xs.keys()].filter((j) => j !== i);
    return others.sort((a, b) => distance(a) - distance(b) || a - b).slice(0, k);
  });
}

describe("knn weights", () => {
  const random = generator(3);
  const shapes: Record<string, (n: number) => [Float64Array, Float64Array]> = {
    "uniform points": (n) => [uniform(n, random), uniform(n, random)],
    "a lattice, where most distances tie": (n) => [
      Float64Array.from({ length: n }, (_, i) => i % 17),
      Float64Array.from({ length: n }, (_, i) => Math.floor(i / 17)),
    ],
    "coincident points": (n) => [Float64Array.from({ length: n }, () => Math.floor(random() * 3)), new Float64Array(n)],
    "points on a line": (n) => [uniform(n, random), new Float64Array(n).fill(5)],
    "clusters of very different density": (n) => [
      Float64Array.from({ length: n }, (_, i) => (i % 5) + random() * 10 ** -(i % 5)),
      Float64Array.from({ length: n }, () => random()),
    ],
  };
  for (const [name, make] of Object.entries(shapes)) {
    it(`are those of sorting all distances, lower index first at ties, on ${name}`, () => {
      for (const [n, k] of [
        [2, 1],
        [9, 8],
        [40, 3],
        [300, 8],
        [300, 40],
      ] as const) {
        const [xs, ys] = make(n);
        assert.deepEqual([...knn(xs, ys, { k }).neighbors], twin(xs, ys, k));
      }
    });
  }

  it("do not scan all of a heap of coincident points for each", () => {
    const n = 200_000;
    const { neighbors } = knn(new Float64Array(n), new Float64Array(n), { k: 4 });
    assert.deepEqual([...neighbors.subarray(4 * 1000, 4 * 1001)], [0, 1, 2, 3]);
    assert.deepEqual([...neighbors.subarray(4, 8)], [0, 2, 3, 4]);
  });

  it("follow the sphere across the date line and over the poles", () => {
    const lons = Float64Array.from([179.9, -179.9, 170, 0, 180, 90]);
    const lats = Float64Array.from([0, 0, 0, 89.5, 89.5, 80]);
    const { neighbors } = knn(lons, lats, { k: 1, greatCircle: true });
    assert.deepEqual([...neighbors], [1, 0, 0, 4, 3, 3]);
  });

  it("on the sphere are those of sorting haversine distances", () => {
    const n = 300;
    const lons = Float64Array.from({ length: n }, () => random() * 360 - 180);
    const lats = Float64Array.from({ length: n }, () => (Math.asin(2 * random() - 1) * 180) / Math.PI);
    const rad = Math.PI / 180;
    const haversine = (i: number, j: number): number =>
      Math.sin(((lats[j]! - lats[i]!) * rad) / 2) ** 2 +
      Math.cos(lats[i]! * rad) * Math.cos(lats[j]! * rad) * Math.sin(((lons[j]! - lons[i]!) * rad) / 2) ** 2;
    const expected = [...lons.keys()].flatMap((i) =>
      [...lons.keys()]
        .filter((j) => j !== i)
        .sort((a, b) => haversine(i, a) - haversine(i, b))
        .slice(0, 5),
    );
    assert.deepEqual([...knn(lons, lats, { k: 5, greatCircle: true }).neighbors], expected);
  });

  it("refuse k of n or more, fractions, and coordinates that are not finite", () => {
    const two = Float64Array.from([0, 1]);
    assert.throws(() => knn(two, two, { k: 2 }), failure("K_TOO_LARGE", /k is 2, but there are only 2 points/));
    assert.throws(
      () => knn(new Float64Array(0), new Float64Array(0), { k: 1 }),
      failure("K_TOO_LARGE", /only 0 points/),
    );
    assert.throws(() => knn(two, two, { k: 1.5 }), failure("INVALID_PARAMETER", /k is 1.5/));
    assert.throws(
      () => knn(Float64Array.from([0, NaN]), two, { k: 1 }),
      failure("INVALID_PARAMETER", /point 1 is \(NaN, 1\)/),
    );
    assert.throws(
      () => knn(two, new Float64Array(3), { k: 1 }),
      failure("INVALID_PARAMETER", /xs has 2 elements and ys 3/),
    );
  });
});
