import assert from "node:assert/strict";
import { convexHull } from "driveshaft";
import { close, failure } from "../support/assertions.js";
import { generator } from "../support/random.js";
import { Rational } from "../support/rational.js";

type Place = readonly [x: number, y: number];

const hullOf = (places: readonly Place[]): ReturnType<typeof convexHull> =>
  convexHull(
    Float64Array.from(places, ([x]) => x),
    Float64Array.from(places, ([, y]) => y),
  );

/** On which side of the way from a to b a place lies: 1 left, -1 right, 0 ahead, behind or between; exact. */
function side(a: Place, b: Place, at: Place): number {
  const [dx, dy, x, y] = [b[0], b[1], at[0], at[1]].map((value, i) =>
    Rational.of(value).minus(Rational.of(a[i % 2]!)),
  ) as [Rational, Rational, Rational, Rational];
  return dx.times(y).minus(dy.times(x)).sign();
}

/** Gift wrapping: from a vertex to the place that has none to the right of the way there, of such the furthest. */
function wrap(places: readonly Place[]): Place[] {
  const start = places.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])[0]!;
  const same = (a: Place, b: Place): boolean => a[0] === b[0] && a[1] === b[1];
  const further = (from: Place, a: Place, b: Place): boolean =>
    Math.abs(a[0] - from[0]) > Math.abs(b[0] - from[0]) || Math.abs(a[1] - from[1]) > Math.abs(b[1] - from[1]);
  const hull = [start];
  for (;;) {
    const from = hull.at(-1);
    const others = places.filter((place) => !same(place, from));
    if (others.length === 0) return hull;
    const next = others.reduce((best, place) => {
      const turn = side(from, best, place);
      return turn < 0 || (turn === 0 && further(from, place, best)) ? place : best;
    });
    if (same(next, start)) return hull;
    hull.push(next);
  }
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

describe("convex hull", () => {
  it("of a square with more points in it is its corners, counter-clockwise from the lowest x", () => {
    const square: Place[] = [
      [1, 1],
      [2, 2],
      [0, 2],
      [2, 0],
      [0, 0],
      [1, 0],
      [0, 1],
      [2, 2],
      [0, 0],
    ];
    const { vertices, area } = hullOf(square);
    assert.deepEqual([...vertices], [4, 3, 1, 2]);
    assert.equal(area, 4);
  });

  it("of a regular polygon has its area, also at an offset of 1e9", () => {
    for (const offset of [0, 1e9]) {
      const corners = Array.from({ length: 100 }, (_, i): Place => {
        const turn = (2 * Math.PI * i) / 100;
        return [offset + 1000 * Math.cos(turn), 1000 * Math.sin(turn) - offset];
      });
      const { vertices, area } = hullOf(corners);
      assert.equal(vertices.length, 100);
      close(area, 50 * 1e6 * Math.sin((2 * Math.PI) / 100), offset > 0 ? 1e-9 : 1e-14);
    }
  });

  it("of points on a line is the two ends, of coincident points one vertex, of none nothing; without area", () => {
    const line = Array.from({ length: 50 }, (_, i): Place => [(i * 3) / 8, 1e6 - (i * 7) / 8]);
    for (const [places, expected] of [
      [shuffled(line, generator(1)), [line[0], line[49]]],
      [
        [
          [5, 9],
          [5, 7],
          [5, 8],
        ],
        [
          [5, 7],
          [5, 9],
        ],
      ],
      [
        [
          [0.1, 0.2],
          [0.1, 0.2],
          [0.1, 0.2],
        ],
        [[0.1, 0.2]],
      ],
      [[[3, 4]], [[3, 4]]],
      [[], []],
    ] as [Place[], Place[]][]) {
      const { vertices, area } = hullOf(places);
      assert.deepEqual(
        Array.from(vertices, (v) => places[v]),
        expected,
      );
      assert.equal(area, 0);
    }
  });

  it("is that of gift wrapping in exact arithmetic, in whatever order the points come", () => {
    const random = generator(7);
    const shapes: (() => Place)[] = [
      // many on a line, and many coincide
      () => [Math.floor(5 * random()), Math.floor(5 * random())],
      // all but on a line, and on a circle
      () => {
        const x = random();
        return [x, 0.1 * x + (random() < 0.5 ? 2 ** -54 : 0)];
      },
      () => {
        const turn = 2 * Math.PI * random();
        return [1e6 + Math.cos(turn), Math.sin(turn)];
      },
      () => [random(), random()],
    ];
    for (const shape of shapes) {
      for (let trial = 0; trial < 50; trial++) {
        const places = Array.from({ length: 1 + Math.floor(40 * random()) }, shape);
        const expected = wrap(places);
        for (const order of [places, shuffled(places, random)]) {
          const { vertices } = hullOf(order);
          const found = Array.from(vertices, (v) => order[v]!);
          assert.deepEqual(found, expected);
          for (const v of vertices) {
            assert.equal(
              order.findIndex(([x, y]) => x === order[v]![0] && y === order[v]![1]),
              v,
            );
          }
        }
      }
    }
  });

  it("leaves no point outside, with corners that only an exact test tells from points on a side", () => {
    // steps of one unit in the last place around the diagonal from (0.5, 0.5) to (12, 12)
    const unit = 2 ** -53;
    const near = Array.from({ length: 256 }, (_, i): Place => [0.5 + (i % 16) * unit, 0.5 + (i >> 4) * unit]);
    const places: Place[] = [...near, [12, 12], [24, 24]];
    const { vertices } = hullOf(places);
    assert.deepEqual(
      Array.from(vertices, (v) => places[v]),
      wrap(places),
    );
  });

  it("refuses coordinates that are no numbers, and different numbers of them", () => {
    const xs = Float64Array.of(0, 1, NaN);
    assert.throws(() => convexHull(xs, xs), failure("INVALID_PARAMETER", /point 2 is \(NaN, NaN\)/));
    assert.throws(
      () => convexHull(xs, new Float64Array(2)),
      failure("INVALID_PARAMETER", /xs has 3 elements and ys 2/),
    );
  });
});
