import assert from "node:assert/strict";
import { dbscan, pointKinds, type Dbscan } from "#dist/index.js";
import { failure } from "../support/assertions.js";
import { generator, uniform } from "../support/random.js";

const EARTH_RADIUS = 6_371_008.8;

type Near = (i: number, j: number) => boolean;

/** DBSCAN as it is defined: all pairs are compared, clusters are numbered by size, then by their first point. */
function twin(n: number, near: Near, minPoints: number): Dbscan {
  const all = Array.from({ length: n }, (_, i) => i);
  const neighbors = all.map((i) => all.filter((j) => near(i, j)));
  const isCore = neighbors.map((found) => found.length >= minPoints);
  const labels = new Int32Array(n).fill(-1);
  all.forEach((seed) => {
    const stack = isCore[seed] && labels[seed] === -1 ? [seed] : [];
    while (stack.length > 0) {
      const i = stack.pop()!;
      labels[i] = seed;
      stack.push(...neighbors[i]!.filter((j) => isCore[j] && labels[j] === -1));
    }
  });
  const owners = all.map((i) => (isCore[i] ? i : (neighbors[i]!.find((j) => isCore[j]) ?? -1)));
  const seeds = owners.map((owner) => (owner >= 0 ? labels[owner]! : -1));
  const sizes = new Map<number, number>();
  seeds.forEach((seed) => seed >= 0 && sizes.set(seed, (sizes.get(seed) ?? 0) + 1));
  const order = [...sizes.keys()].sort((a, b) => sizes.get(b)! - sizes.get(a)! || seeds.indexOf(a) - seeds.indexOf(b));
  return {
    clusters: Int32Array.from(seeds, (seed) => order.indexOf(seed)),
    kinds: Int32Array.from(all, (i) => (isCore[i] ? 0 : owners[i]! >= 0 ? 1 : 2)),
    sizes: Int32Array.from(order, (seed) => sizes.get(seed)!),
  };
}

const inThePlane =
  (xs: Float64Array, ys: Float64Array, eps: number): Near =>
  (i, j) =>
    (xs[i]! - xs[j]!) ** 2 + (ys[i]! - ys[j]!) ** 2 <= eps * eps;

/** By haversines; random points are not at a distance on which rounding would decide. */
const onTheSphere =
  (lons: Float64Array, lats: Float64Array, eps: number): Near =>
  (i, j) => {
    const radians = Math.PI / 180;
    const [a, b] = [lats[i]! * radians, lats[j]! * radians];
    const square =
      Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(((lons[j]! - lons[i]!) * radians) / 2) ** 2;
    return 2 * EARTH_RADIUS * Math.asin(Math.min(1, Math.sqrt(square))) <= eps;
  };

/** Points of several kinds: uniform, in clusters of all widths, on a lattice with many ties, many at few places. */
const shapes: Record<string, (n: number, random: () => number) => [Float64Array, Float64Array]> = {
  uniform: (n, random) => [uniform(n, random), uniform(n, random)],
  clustered(n, random) {
    const centers = Array.from({ length: 6 }, () => [random(), random(), 0.1 * random() ** 4] as const);
    const own = Array.from({ length: n }, () => centers[Math.floor(6 * random())]!);
    return [
      Float64Array.from(own, ([x, , width]) => x + width * (random() - random())),
      Float64Array.from(own, ([, y, width]) => y + width * (random() - random())),
    ];
  },
  lattice: (n, random) => [
    Float64Array.from({ length: n }, () => Math.floor(17 * random()) / 16),
    Float64Array.from({ length: n }, () => Math.floor(17 * random()) / 16),
  ],
  places(n, random) {
    const places = Array.from({ length: 30 }, () => [random(), random()] as const);
    const own = Array.from({ length: n }, () => places[Math.floor(30 * random() ** 3)]!);
    return [Float64Array.from(own, ([x]) => x), Float64Array.from(own, ([, y]) => y)];
  },
  line: (n, random) => [uniform(n, random), new Float64Array(n)],
};

describe("dbscan", () => {
  it("is what its definition says, on points of all kinds, with any eps and minPoints", () => {
    const random = generator(31);
    for (const make of Object.values(shapes)) {
      for (const n of [20, 180]) {
        const [xs, ys] = make(n, random);
        for (const eps of [1e-9, 1 / 16, 0.125, 0.3, 2]) {
          for (const minPoints of [1, 3, 5, 30]) {
            assert.deepEqual(dbscan(xs, ys, { eps, minPoints }), twin(n, inThePlane(xs, ys, eps), minPoints));
          }
        }
      }
    }
  });

  it("is so on the sphere, across the date line and at the poles", () => {
    const random = generator(8);
    for (const spread of [180, 5]) {
      const n = 150;
      const lons = Float64Array.from({ length: n }, (_, i) => 180 - spread * random() + (i % 2 ? -360 : 0) * random());
      const lats = Float64Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 90 - spread * 0.1 * random() : random()));
      for (const eps of [1000, 50_000, 400_000, 4e6, 25e6]) {
        for (const minPoints of [1, 4, 30]) {
          const found = dbscan(lons, lats, { eps, minPoints, greatCircle: true });
          assert.deepEqual(found, twin(n, onTheSphere(lons, lats, eps), minPoints));
        }
      }
    }
  });

  it("is the same on any number of threads, with full cells and empty ones", () => {
    const random = generator(17);
    for (const make of Object.values(shapes)) {
      const [xs, ys] = make(2000, random);
      for (const greatCircle of [false, true]) {
        for (const [eps, minPoints] of [
          [0.01, 5],
          [0.05, 300],
        ] as const) {
          const options = { eps: greatCircle ? eps * 111_195 : eps, minPoints, greatCircle };
          const alone = dbscan(xs, ys, options);
          assert.deepEqual(dbscan(xs, ys, { ...options, threads: 2 }), alone);
        }
      }
    }
    const [xs, ys] = shapes.clustered!(2000, random);
    assert.deepEqual(dbscan(xs, ys, { eps: 0.01, threads: 3 }), dbscan(xs, ys, { eps: 0.01 }));
    assert.throws(
      () => dbscan(new Float64Array(1), new Float64Array(1), { eps: 1, threads: 0 }),
      failure("INVALID_PARAMETER", /threads is 0/),
    );
  });

  it("gives a border point between two clusters to that of its first core neighbor", () => {
    // a cross around (2, 0), one around (0, 0), and a point that is an arm of both
    const xs = Float64Array.of(2, 2, 2, 3, 0, 0, 0, -1, 1);
    const ys = Float64Array.of(0, 1, -1, 0, 0, 1, -1, 0, 0);
    const options = { eps: 1, minPoints: 4 };
    const { clusters, kinds, sizes } = dbscan(xs, ys, options);
    assert.deepEqual([...clusters], [0, 0, 0, 0, 1, 1, 1, 1, 0]);
    assert.deepEqual(
      Array.from(kinds, (kind) => pointKinds[kind]),
      ["core", "border", "border", "border", "core", "border", "border", "border", "border"],
    );
    assert.deepEqual([...sizes], [5, 4]);
    const turned = dbscan(xs.toReversed(), ys.toReversed(), options);
    assert.deepEqual([...turned.clusters], [0, 0, 0, 0, 0, 1, 1, 1, 1]);
  });

  it("permutes with the rows: who is with whom, and of what kind", () => {
    const random = generator(4);
    const [xs, ys] = shapes.clustered!(2000, random);
    const order = Array.from(xs, (_, i) => ({ i, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ i }) => i);
    const one = dbscan(xs, ys, { eps: 0.003 });
    const other = dbscan(
      Float64Array.from(order, (i) => xs[i]!),
      Float64Array.from(order, (i) => ys[i]!),
      { eps: 0.003 },
    );
    assert.deepEqual(
      [...other.kinds],
      order.map((i) => one.kinds[i]),
    );
    const renamed = new Map<number, number>();
    order.forEach((i, at) => {
      if (one.kinds[i] !== 0) return;
      const name = renamed.get(one.clusters[i]!) ?? other.clusters[at]!;
      assert.equal(other.clusters[at], name);
      renamed.set(one.clusters[i]!, name);
    });
    assert.equal(new Set(renamed.values()).size, one.sizes.length);
  });

  it("takes coincident points, a huge eps, far outliers and extremes without going through all pairs", () => {
    const n = 100_000;
    const same = dbscan(new Float64Array(n), new Float64Array(n), { eps: 1e-300, minPoints: 1000 });
    assert.deepEqual([...same.sizes], [n]);
    const random = generator(2);
    // two heaps as wide as eps, further from each other than eps by a little
    const xs = Float64Array.from({ length: n }, (_, i) => (i % 2) * 2.5 + random());
    const ys = Float64Array.from({ length: n }, random);
    assert.deepEqual([...dbscan(xs, ys, { eps: 1.4 }).sizes], [n / 2, n / 2]);
    assert.deepEqual([...dbscan(xs, ys, { eps: 1e300 }).sizes], [n]);
    xs.set([1e308, -1e308, 1e15]);
    assert.deepEqual([...dbscan(xs, ys, { eps: 1.4 }).sizes], [n / 2 - 1, n / 2 - 2]);
    assert.deepEqual(
      [...dbscan(Float64Array.of(-1e308, 1e308), new Float64Array(2), { eps: 1, minPoints: 1 }).sizes],
      [1, 1],
    );
  });

  it("has no cluster where there are too few points", () => {
    const none = dbscan(new Float64Array(0), new Float64Array(0), { eps: 1 });
    assert.deepEqual([none.clusters.length, none.sizes.length], [0, 0]);
    const one = Float64Array.of(1);
    assert.deepEqual(dbscan(one, one, { eps: 1, minPoints: 2 }), {
      clusters: Int32Array.of(-1),
      kinds: Int32Array.of(2),
      sizes: Int32Array.of(),
    });
    assert.deepEqual([...dbscan(one, one, { eps: 1, minPoints: 1 }).clusters], [0]);
    const two = Float64Array.of(1, 2);
    assert.deepEqual([...dbscan(two, two, { eps: 2, minPoints: 2 }).kinds], [0, 0]);
    assert.deepEqual([...dbscan(two, two, { eps: 2, minPoints: 1e12 }).kinds], [2, 2]);
  });

  it("refuses what is no distance and no number of points", () => {
    const one = Float64Array.of(1);
    for (const eps of [0, -1, NaN, Infinity]) {
      assert.throws(
        () => dbscan(one, one, { eps }),
        failure("INVALID_PARAMETER", /eps is .*, expected a finite number above 0/),
      );
    }
    for (const minPoints of [0, 1.5, NaN]) {
      assert.throws(() => dbscan(one, one, { eps: 1, minPoints }), failure("INVALID_PARAMETER", /minPoints is/));
    }
    assert.throws(() => dbscan(one, Float64Array.of(Infinity), { eps: 1 }), failure("INVALID_PARAMETER", /point 0/));
  });
});
