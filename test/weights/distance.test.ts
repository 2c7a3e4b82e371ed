import assert from "node:assert/strict";
import { distanceBand, kernelFunctions, kernelWeights, knn, smallestThreshold, type Weights } from "driveshaft";
import { allClose, close, failure } from "../support/assertions.js";
import { generator, uniform } from "../support/random.js";
import { row } from "../support/weights.js";

const RADIUS = 6_371_008.8;
const random = generator(3);
const n = 300;

/** Points of several kinds; coordinates of the last are longitudes and latitudes. */
const shapes: [name: string, xs: Float64Array, ys: Float64Array, greatCircle: boolean][] = [
  ["uniform points", uniform(n, random), uniform(n, random), false],
  [
    "a lattice with coincident points",
    Float64Array.from({ length: n }, (_, i) => i % 15),
    Float64Array.from({ length: n }, (_, i) => Math.floor(i / 15) % 10),
    false,
  ],
  [
    "places on the sphere, over the date line and at a pole",
    Float64Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 179 + 2 * random() : 360 * random() - 180)),
    Float64Array.from({ length: n }, (_, i) => (i % 5 === 0 ? 89 + random() : 180 * random() - 90)),
    true,
  ],
];

function distanceOf(xs: Float64Array, ys: Float64Array, greatCircle: boolean, i: number, j: number): number {
  if (!greatCircle) return Math.hypot(xs[i]! - xs[j]!, ys[i]! - ys[j]!);
  const rad = Math.PI / 180;
  const [a, b] = [ys[i]! * rad, ys[j]! * rad];
  const h = Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(((xs[j]! - xs[i]!) * rad) / 2) ** 2;
  return 2 * RADIUS * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** The neighbors of each point within a distance, by comparing all with all. */
function twin(xs: Float64Array, ys: Float64Array, greatCircle: boolean, threshold: number): number[][] {
  return Array.from(xs, (_, i) =>
    [...xs.keys()].filter((j) => j !== i && distanceOf(xs, ys, greatCircle, i, j) <= threshold),
  );
}
const rows = (w: Weights): number[][] => Array.from({ length: w.n }, (_, i) => row(w, i).neighbors);

describe("distance band weights", () => {
  for (const [name, xs, ys, greatCircle] of shapes) {
    it(`are those of comparing all with all, on ${name}`, () => {
      for (const threshold of greatCircle ? [500_000, 3_000_000, 30_000_000] : [0, 0.07, 1.5, 100]) {
        assert.deepEqual(rows(distanceBand(xs, ys, { threshold, greatCircle })), twin(xs, ys, greatCircle, threshold));
      }
    });

    it(`leave no island by default, and nearly no room for less, on ${name}`, () => {
      const threshold = smallestThreshold(xs, ys, greatCircle);
      const nearest = Array.from(xs, (_, i) =>
        Math.min(...Array.from(xs, (_, j) => (i === j ? Infinity : distanceOf(xs, ys, greatCircle, i, j)))),
      );
      close(threshold, Math.max(...nearest), 1e-6);
      const w = distanceBand(xs, ys, { greatCircle });
      assert.ok(rows(w).every((neighbors) => neighbors.length > 0));
      if (threshold === 0) return;
      const less = distanceBand(xs, ys, { threshold: threshold * (1 - 1e-6), greatCircle });
      assert.ok(rows(less).some((neighbors) => neighbors.length === 0));
    });
  }

  it("find places on opposite sides of the sphere, at any distance that reaches them", () => {
    for (let trial = 0; trial < 500; trial++) {
      const [lon, lat] = [Math.round(3600 * random() - 1800) / 10, Math.round(1800 * random() - 900) / 10];
      const off = trial < 250 ? 0 : 10 ** -Math.floor(1 + 12 * random());
      const [lons, lats] = [
        Float64Array.of(lon, lon > 0 ? lon - 180 : lon + 180),
        Float64Array.of(lat, -lat + Math.sign(lat) * off),
      ];
      const thresholds = [smallestThreshold(lons, lats, true), Math.PI * RADIUS, 2.1e7, 1e9];
      for (const threshold of thresholds) {
        assert.deepEqual(rows(distanceBand(lons, lats, { threshold, greatCircle: true })), [[1], [0]]);
      }
    }
  });

  it("take longitudes a turn apart for one, and a pole for one place", () => {
    const lons = Float64Array.of(190, -170, 180, -180, 0, 360, 10, 20, -30, -40);
    const lats = Float64Array.of(40, 40, 5, 5, 0, 0, 90, 90, -90, -90);
    const together = distanceBand(lons, lats, { threshold: 0, greatCircle: true });
    assert.deepEqual(rows(together), [[1], [0], [3], [2], [5], [4], [7], [6], [9], [8]]);
    assert.equal(smallestThreshold(lons, lats, true), 0);
  });

  it("weigh by inverse distance to a power", () => {
    for (const [, xs, ys, greatCircle] of [shapes[0]!, shapes[2]!]) {
      const threshold = greatCircle ? 2_000_000 : 0.2;
      for (const power of [1, 2, 0.5]) {
        const w = distanceBand(xs, ys, { threshold, binary: false, power, greatCircle });
        for (let i = 0; i < n; i++) {
          const { neighbors, weights } = row(w, i);
          allClose(
            weights.map((weight) => weight * (greatCircle ? 1e6 ** power : 1)),
            neighbors.map((j) => (distanceOf(xs, ys, greatCircle, i, j) / (greatCircle ? 1e6 : 1)) ** -power),
            1e-6,
          );
        }
      }
    }
  });

  it("refuse coincident points for inverse distance, and thresholds and powers that are none", () => {
    const [xs, ys] = [Float64Array.of(0, 5, 5), Float64Array.of(0, 5, 5)];
    assert.throws(
      () => distanceBand(xs, ys, { threshold: 9, binary: false }),
      failure("INVALID_PARAMETER", /points 1 and 2 coincide, so their inverse distance is infinite/),
    );
    assert.throws(() => distanceBand(xs, ys, { threshold: -1 }), failure("INVALID_PARAMETER", /threshold is -1/));
    assert.throws(() => distanceBand(xs, ys, { threshold: NaN }), failure("INVALID_PARAMETER", /threshold is NaN/));
    assert.throws(
      () => distanceBand(xs, ys, { threshold: 1, power: 0 }),
      failure("INVALID_PARAMETER", /power is 0, expected/),
    );
    assert.throws(
      () => distanceBand(Float64Array.of(1), Float64Array.of(1)),
      failure("INVALID_PARAMETER", /there are 1 points, at least 2/),
    );
  });
});

describe("kernel weights", () => {
  const [, xs, ys] = shapes[0]!;
  const functions: Record<string, (u: number) => number> = {
    uniform: () => 0.5,
    triangular: (u) => 1 - u,
    epanechnikov: (u) => 0.75 * (1 - u * u),
    quartic: (u) => (15 / 16) * (1 - u * u) ** 2,
    gaussian: (u) => Math.exp(-0.5 * u * u) / Math.sqrt(2 * Math.PI),
  };

  for (const name of kernelFunctions) {
    it(`are ${name} functions of the share of the bandwidth`, () => {
      const fixed = kernelWeights(xs, ys, { function: name, bandwidth: 0.15, diagonal: true });
      assert.deepEqual(rows(fixed), twin(xs, ys, false, 0.15));
      assert.ok(fixed.diagonal!.every((own) => own === functions[name]!(0)));
      const nearest = knn(xs, ys, { k: 6 });
      const adaptive = kernelWeights(xs, ys, { function: name, k: 6 });
      assert.deepEqual(rows(adaptive), rows(nearest));
      for (let i = 0; i < n; i++) {
        const distances = (w: Weights): number[] => row(w, i).neighbors.map((j) => distanceOf(xs, ys, false, i, j));
        allClose(
          row(fixed, i).weights,
          distances(fixed).map((d) => functions[name]!(d / 0.15)),
          1e-12,
        );
        const bandwidth = Math.max(...distances(adaptive)) * (1 + 1e-7);
        allClose(
          row(adaptive, i).weights,
          distances(adaptive).map((d) => functions[name]!(d / bandwidth)),
          1e-12,
        );
      }
    });
  }

  it("have the largest distance to a k-th neighbor for a bandwidth where it is not adaptive", () => {
    const w = kernelWeights(xs, ys, { k: 4, adaptive: false });
    const nearest = knn(xs, ys, { k: 4 });
    const largest = Math.max(
      ...rows(nearest).flatMap((neighbors, i) => neighbors.map((j) => distanceOf(xs, ys, false, i, j))),
    );
    assert.deepEqual(rows(w), twin(xs, ys, false, largest * (1 + 1e-7)));
  });

  it("take coincident points", () => {
    const w = kernelWeights(Float64Array.of(1, 1, 1, 2), Float64Array.of(1, 1, 1, 2), { k: 2 });
    assert.deepEqual(row(w, 0), { neighbors: [1, 2], weights: [1, 1] });
  });

  it("refuse functions and bandwidths that are none", () => {
    assert.throws(
      () => kernelWeights(xs, ys, { function: "cosine" as "uniform" }),
      failure("INVALID_PARAMETER", /function is cosine, expected one of uniform, triangular/),
    );
    assert.throws(() => kernelWeights(xs, ys, { bandwidth: 0 }), failure("INVALID_PARAMETER", /bandwidth is 0/));
    assert.throws(() => kernelWeights(xs, ys, { k: 300 }), failure("K_TOO_LARGE", /k is 300/));
  });
});
