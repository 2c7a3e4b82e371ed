import assert from "node:assert/strict";
import { delaunay, gabriel, relativeNeighbors, type Weights } from "driveshaft";
import { failure } from "../support/assertions.js";
import { generator, uniform } from "../support/random.js";
import { row } from "../support/weights.js";

const rows = (w: Weights): number[][] => Array.from({ length: w.n }, (_, i) => row(w, i).neighbors);

/** Pairs for which no third point is a witness against them. */
function twin(
  xs: Float64Array,
  ys: Float64Array,
  against: (ij: number, ik: number, jk: number) => boolean,
): number[][] {
  const square = (i: number, j: number): number => (xs[i]! - xs[j]!) ** 2 + (ys[i]! - ys[j]!) ** 2;
  const all = [...xs.keys()];
  return all.map((i) =>
    all.filter(
      (j) => j !== i && !all.some((k) => k !== i && k !== j && against(square(i, j), square(i, k), square(j, k))),
    ),
  );
}

/** Points of two sets. */
const both = (one: [Float64Array, Float64Array], other: [Float64Array, Float64Array]): [Float64Array, Float64Array] => [
  Float64Array.of(...one[0], ...other[0]),
  Float64Array.of(...one[1], ...other[1]),
];

/** Points of random coordinates, each place once. */
function distinct(n: number, coordinate: () => number): [Float64Array, Float64Array] {
  const places = new Map<string, [number, number]>();
  while (places.size < n) {
    const place: [number, number] = [coordinate(), coordinate()];
    places.set(place.join(), place);
  }
  return [Float64Array.from(places.values(), ([x]) => x), Float64Array.from(places.values(), ([, y]) => y)];
}

describe("triangulation weights", () => {
  const random = generator(17);
  const lattice = (step: number, x: number, y: number): [Float64Array, Float64Array] => [
    Float64Array.from({ length: 120 }, (_, i) => x + step * (i % 12)),
    Float64Array.from({ length: 120 }, (_, i) => y + step * Math.floor(i / 12)),
  ];
  const around = (n: number, radius: number): [Float64Array, Float64Array] => [
    Float64Array.from({ length: n }, (_, i) => 3 + radius * Math.cos((2 * Math.PI * i) / n)),
    Float64Array.from({ length: n }, (_, i) => 4 + radius * Math.sin((2 * Math.PI * i) / n)),
  ];
  const star = around(40, 7).map((values, axis) => Float64Array.of(3 + axis, ...values)) as [
    Float64Array,
    Float64Array,
  ];
  const shapes: [name: string, xs: Float64Array, ys: Float64Array, rounding?: number][] = [
    ["uniform points", uniform(150, random), uniform(150, random)],
    ["a lattice", ...lattice(1, 0, 0)],
    [
      "a lattice of steps that are no binary fractions, far from the origin",
      ...lattice(0.1, 500_000.1, 5_200_000.3),
      1e-6,
    ],
    [
      "a lattice of triangles",
      Float64Array.from({ length: 120 }, (_, i) => (i % 12) + 0.5 * (Math.floor(i / 12) % 2)),
      Float64Array.from({ length: 120 }, (_, i) => Math.floor(i / 12) * Math.sqrt(0.75)),
    ],
    ["points at random on a lattice", ...distinct(150, () => Math.floor(20 * random()))],
    ["points on a circle", ...around(24, 5)],
    ["points on two circles with one center", ...both(around(16, 5), around(16, 2))],
    ["more points around a center than block the view", ...both(star, around(200, 1000))],
    ["clusters", Float64Array.from({ length: 150 }, (_, i) => (i % 3) * 1000 + random() ** 4), uniform(150, random)],
    ["points on a line", Float64Array.from({ length: 20 }, (_, i) => (i * 7) % 20), new Float64Array(20)],
    ["two points", Float64Array.of(0, 1), Float64Array.of(0, 1)],
  ];
  for (const [name, xs, ys, rounding = 1e-12] of shapes) {
    const below = (a: number, b: number): boolean => a < b * (1 - rounding);
    it(`of Gabriel are those of comparing with every third point, on ${name}`, () => {
      assert.deepEqual(
        rows(gabriel(xs, ys)),
        twin(xs, ys, (ij, ik, jk) => below(ik + jk, ij)),
      );
    });

    it(`of relative neighbors are those of comparing with every third point, on ${name}`, () => {
      assert.deepEqual(
        rows(relativeNeighbors(xs, ys)),
        twin(xs, ys, (ij, ik, jk) => below(ik, ij) && below(jk, ij)),
      );
    });

    it(`of Delaunay are symmetric, planar, and contain the others where no four points lie on a circle, on ${name}`, () => {
      const all = rows(delaunay(xs, ys));
      all.forEach((neighbors, i) => neighbors.forEach((j) => assert.ok(all[j]!.includes(i))));
      const edges = all.reduce((sum, neighbors) => sum + neighbors.length, 0) / 2;
      assert.ok(edges <= Math.max(1, 3 * xs.length - 6));
      // where points lie on one circle, the triangulation has some of their pairs only
      if (name !== "uniform points" && name !== "clusters") return;
      rows(gabriel(xs, ys)).forEach((neighbors, i) => neighbors.forEach((j) => assert.ok(all[i]!.includes(j))));
    });
  }

  it("of Delaunay have circles without other points, on uniform points", () => {
    const [, xs, ys] = shapes[0]!;
    const all = rows(delaunay(xs, ys));
    // every triangle of three mutual neighbors that is a face has an empty circumcircle: check by the lifted paraboloid
    const above = (a: number, b: number, c: number, d: number): number => {
      const m = [a, b, c].map((i) => {
        const [x, y] = [xs[i]! - xs[d]!, ys[i]! - ys[d]!];
        return [x, y, x * x + y * y] as const;
      });
      const [p, q, r] = [m[0]!, m[1]!, m[2]!];
      const det =
        p[0] * (q[1] * r[2] - q[2] * r[1]) - p[1] * (q[0] * r[2] - q[2] * r[0]) + p[2] * (q[0] * r[1] - q[1] * r[0]);
      const turn = (xs[b]! - xs[a]!) * (ys[c]! - ys[a]!) - (ys[b]! - ys[a]!) * (xs[c]! - xs[a]!);
      return det * Math.sign(turn);
    };
    let faces = 0;
    for (let a = 0; a < xs.length; a++) {
      for (const b of all[a]!) {
        for (const c of all[a]!.filter((j) => j > b && all[b]!.includes(j))) {
          const inside = [...xs.keys()].filter((d) => d !== a && d !== b && d !== c && above(a, b, c, d) > 1e-12);
          // three neighbors around a point are no face, and have it inside
          if (inside.length === 0) faces++;
        }
      }
    }
    assert.ok(faces / 3 >= 2 * xs.length - 2 - 40, `${faces / 3} faces`);
  });

  it("of Gabriel have all 684 pairs of a lattice of 10 by 10, wherever it lies and in any order", () => {
    for (const [step, x, y] of [
      [1, 0, 0],
      [0.1, 500_000.1, 5_200_000.3],
      [1 / 3, -71.7, 42.1],
    ] as const) {
      const places = Array.from(
        { length: 100 },
        (_, i) => [x + step * (i % 10), y + step * Math.floor(i / 10)] as const,
      );
      for (const order of [places, places.toReversed()]) {
        const graph = gabriel(
          Float64Array.from(order, ([x]) => x),
          Float64Array.from(order, ([, y]) => y),
        );
        assert.equal(graph.neighbors.length, 684);
      }
    }
  });

  it("do not compare all with all, on a hundred thousand points, on lattices, lines and stars", () => {
    const n = 100_000;
    const turn = (i: number): number => (2 * Math.PI * i) / n;
    for (const [xs, ys, pairs] of [
      [
        Float64Array.from({ length: n }, (_, i) => i % 1000),
        Float64Array.from({ length: n }, (_, i) => Math.floor(i / 1000)),
        793_404,
      ],
      [Float64Array.from({ length: n }, (_, i) => i), new Float64Array(n), 2 * (n - 1)],
      [
        Float64Array.from({ length: n }, (_, i) => i && Math.cos(turn(i))),
        Float64Array.from({ length: n }, (_, i) => i && Math.sin(turn(i))),
        4 * (n - 1),
      ],
    ] as const) {
      assert.equal(gabriel(xs, ys).neighbors.length, pairs);
    }
  });

  it("refuse coincident points and too few", () => {
    assert.throws(
      () => delaunay(Float64Array.of(1, 2, 1), Float64Array.of(1, 2, 1)),
      failure("INVALID_PARAMETER", /points 0 and 2 coincide, but the graph takes each place once/),
    );
    assert.throws(() => gabriel(Float64Array.of(1), Float64Array.of(1)), failure("INVALID_PARAMETER", /at least 2/));
  });
});
