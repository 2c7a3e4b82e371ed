import assert from "node:assert/strict";
import { nearest } from "#dist/index.js";
import { allClose, failure } from "../support/assertions.js";
import { generator, uniform } from "../support/random.js";

type Points = [xs: Float64Array, ys: Float64Array];
type Distance = (i: number, j: number) => number;

/** The k nearest by sorting all targets by (distance, index). */
function twin(n: number, m: number, k: number, distance: Distance): { indices: number[]; distances: number[] } {
  const indices = Array.from({ length: n }, (_, i) =>
    [...Array(m).keys()].sort((a, b) => distance(i, a) - distance(i, b) || a - b).slice(0, k),
  );
  return {
    indices: indices.flat(),
    distances: indices.flatMap((targets, i) => targets.map((j) => distance(i, j))),
  };
}

const inPlane = ([xs, ys]: Points, [targetXs, targetYs]: Points): Distance => {
  return (i, j) => {
    const [dx, dy] = [targetXs[j]! - xs[i]!, targetYs[j]! - ys[i]!];
    return Math.sqrt(dx * dx + dy * dy);
  };
};

/** The arc by haversines, in metres. */
const onSphere = ([lons, lats]: Points, [targetLons, targetLats]: Points): Distance => {
  const turn = Math.PI / 180;
  const half = (degrees: number): number => Math.sin((degrees * turn) / 2) ** 2;
  return (i, j) => {
    const parallel = Math.cos(lats[i]! * turn) * Math.cos(targetLats[j]! * turn);
    const square = half(targetLats[j]! - lats[i]!) + parallel * half(targetLons[j]! - lons[i]!);
    return 2 * 6_371_008.8 * Math.asin(Math.sqrt(Math.min(1, square)));
  };
};

describe("the nearest of other points", () => {
  const random = generator(11);
  const shapes: Record<string, (n: number) => Points> = {
    "uniform points": (n) => [uniform(n, random), uniform(n, random)],
    "a lattice, where most distances tie": (n) => [
      Float64Array.from({ length: n }, (_, i) => i % 13),
      Float64Array.from({ length: n }, (_, i) => Math.floor(i / 13)),
    ],
    "coincident points": (n) => [Float64Array.from({ length: n }, () => Math.floor(random() * 3)), new Float64Array(n)],
    "clusters of very different density": (n) => [
      Float64Array.from({ length: n }, (_, i) => (i % 5) + random() * 10 ** -(i % 5)),
      uniform(n, random),
    ],
  };
  for (const [name, make] of Object.entries(shapes)) {
    it(`are those of sorting all distances, lower index first at ties, on ${name}`, () => {
      for (const [n, m, k] of [
        [1, 1, 1],
        [1, 300, 3],
        [300, 1, 1],
        [9, 7, 7],
        [40, 16, 2],
        [150, 400, 8],
        [400, 150, 40],
      ] as const) {
        const [points, targets] = [make(n), make(m)];
        const expected = twin(n, m, k, inPlane(points, targets));
        const { indices, distances } = nearest(...points, ...targets, { k });
        assert.deepEqual([...indices], expected.indices);
        assert.deepEqual([...distances], expected.distances);
      }
    });
  }

  it("find a point among the targets itself, at 0, and by default nothing else", () => {
    const points = shapes["uniform points"]!(100);
    const { k, indices, distances } = nearest(...points, ...points);
    assert.deepEqual([k, [...indices], [...distances]], [1, [...Array(100).keys()], Array(100).fill(0)]);
  });

  it("do not scan all of a heap of coincident targets for each", () => {
    const heap = new Float64Array(200_000);
    const { indices } = nearest(heap, heap, heap, heap, { k: 3 });
    assert.deepEqual([...indices.subarray(3 * 1000, 3 * 1001)], [0, 1, 2]);
  });

  it("on the sphere are those of sorting arcs, which are in metres", () => {
    const sphere = (n: number): Points => [
      Float64Array.from({ length: n }, () => random() * 360 - 180),
      Float64Array.from({ length: n }, () => (Math.asin(2 * random() - 1) * 180) / Math.PI),
    ];
    const [points, targets] = [sphere(200), sphere(300)];
    const expected = twin(200, 300, 5, onSphere(points, targets));
    const { indices, distances } = nearest(...points, ...targets, { k: 5, greatCircle: true });
    assert.deepEqual([...indices], expected.indices);
    allClose(distances, expected.distances, 1e-9);
  });

  it("on the sphere lie across the date line and over the poles", () => {
    const points: Points = [Float64Array.of(179.9, 0, 90), Float64Array.of(0, 89.5, -90)];
    const targets: Points = [Float64Array.of(-179.8, 179, 180, 0, 15), Float64Array.of(0, 0, 89, 80, -89)];
    const { indices, distances } = nearest(...points, ...targets, { greatCircle: true });
    assert.deepEqual([...indices], [0, 2, 4]);
    const degree = (6_371_008.8 * Math.PI) / 180;
    allClose(distances, [0.3 * degree, 1.5 * degree, degree], 1e-9);
  });

  it("are none of no points, and of k = 0", () => {
    const [none, one] = [new Float64Array(0), new Float64Array(1)];
    const nothing = (k: number): object => ({ k, indices: new Int32Array(0), distances: none });
    assert.deepEqual(nearest(none, none, one, one), nothing(1));
    assert.deepEqual(nearest(none, none, none, none, { k: 0 }), nothing(0));
    assert.deepEqual(nearest(one, one, none, none, { k: 0, greatCircle: true }), nothing(0));
  });

  it("refuse k above the number of targets, fractions, and coordinates that are not finite", () => {
    const [none, one, two] = [new Float64Array(0), new Float64Array(1), new Float64Array(2)];
    const nan = Float64Array.of(NaN);
    assert.throws(() => nearest(one, one, none, none), failure("K_TOO_LARGE", /k is 1, but there are only 0 targets/));
    assert.throws(() => nearest(one, one, two, two, { k: 3 }), failure("K_TOO_LARGE", /only 2 targets/));
    assert.throws(() => nearest(one, one, two, two, { k: 1.5 }), failure("INVALID_PARAMETER", /k is 1.5/));
    assert.throws(() => nearest(one, nan, one, one), failure("INVALID_PARAMETER", /point 0 is \(0, NaN\)/));
    assert.throws(() => nearest(one, one, nan, one), failure("INVALID_PARAMETER", /target 0 is \(NaN, 0\)/));
    assert.throws(
      () => nearest(one, one, one, two),
      failure("INVALID_PARAMETER", /targetXs has 1 elements and targetYs 2/),
    );
  });
});
