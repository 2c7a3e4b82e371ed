import assert from "node:assert/strict";
import { geometryFromGeoJson, queen, rook, islands, type Weights } from "#dist/index.js";
import { failure } from "../support/assertions.js";
import { fixture } from "../support/fixtures.js";
import { generator, uniform } from "../support/random.js";

type Ring = [number, number][];

function row(weights: Weights, i: number): number[] {
  return [...weights.neighbors.subarray(weights.offsets[i], weights.offsets[i + 1])];
}

function polygons(...features: Ring[][]): ReturnType<typeof geometryFromGeoJson> {
  return geometryFromGeoJson(features.map((rings) => ({ geometry: { type: "Polygon", coordinates: rings } })));
}

const square = (x: number, y: number, size = 1): Ring => [
  [x, y],
  [x + size, y],
  [x + size, y + size],
  [x, y + size],
  [x, y],
];

/** Which features share a vertex or an edge, by comparing all with all. */
function twin(features: Ring[][], byEdge: boolean): number[][] {
  const keys = features.map((rings) => {
    const set = new Set<string>();
    for (const ring of rings) {
      for (let v = 0; v + 1 < ring.length; v++) {
        const [a, b] = [ring[v]!.join(), ring[v + 1]!.join()];
        if (!byEdge) set.add(a);
        else if (a !== b) set.add([a, b].sort().join(" "));
      }
    }
    return set;
  });
  return keys.map((own, i) =>
    keys.flatMap((other, j) => (i !== j && [...own].some((key) => other.has(key)) ? [j] : [])),
  );
}

describe("contiguity weights", () => {
  it("find 236 queen and 200 rook pairs in columbus, 490 and 462 in nc_sids", () => {
    const columbus = fixture("columbus").geometry;
    const carolina = fixture("nc_sids").geometry;
    assert.equal(queen(columbus).neighbors.length, 236);
    assert.equal(rook(columbus).neighbors.length, 200);
    assert.equal(queen(carolina).neighbors.length, 490);
    assert.equal(rook(carolina).neighbors.length, 462);
    assert.equal(islands(queen(columbus)), 0);
  });

  it("take a shared corner for queen and a shared edge for rook", () => {
    const grid = polygons([square(0, 0)], [square(1, 0)], [square(1, 1)]);
    assert.deepEqual(
      [0, 1, 2].map((i) => row(queen(grid), i)),
      [
        [1, 2],
        [0, 2],
        [0, 1],
      ],
    );
    assert.deepEqual(
      [0, 1, 2].map((i) => row(rook(grid), i)),
      [[1], [0, 2], [1]],
    );
  });

  it("count what lies in a hole as a neighbor of the polygon around it", () => {
    const outer = polygons([square(0, 0, 9), square(3, 3)], [square(3, 3)], [square(20, 20)]);
    assert.deepEqual(
      [0, 1, 2].map((i) => row(rook(outer), i)),
      [[1], [0], []],
    );
  });

  it("agree with comparing all with all, on random multipolygons of a lattice", () => {
    const random = generator(7);
    for (let trial = 0; trial < 40; trial++) {
      const features: Ring[][] = Array.from({ length: 12 }, () =>
        Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
          square(Math.floor(random() * 6), Math.floor(random() * 6)),
        ),
      );
      const geometry = geometryFromGeoJson(
        features.map((rings) => ({ geometry: { type: "MultiPolygon", coordinates: rings.map((ring) => [ring]) } })),
      );
      for (const [weights, byEdge] of [
        [queen(geometry), false],
        [rook(geometry), true],
      ] as const) {
        assert.deepEqual(
          features.map((_, i) => row(weights, i)),
          twin(features, byEdge),
        );
      }
    }
  });

  it("treat 0 and -0 as one place, and a repeated vertex as no edge", () => {
    const touching = polygons(
      [
        [
          [0, 0],
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 0],
        ],
      ],
      [
        [
          [-0, -0],
          [-0, 0],
          [-1, 0],
          [-1, -1],
          [0, 0],
        ],
      ],
    );
    assert.deepEqual(row(queen(touching), 0), [1]);
    assert.deepEqual(row(rook(touching), 0), []);
  });

  it("make islands of features without geometry, and nothing of no features", () => {
    const weights = queen(
      geometryFromGeoJson([{ geometry: null }, { geometry: { type: "Polygon", coordinates: [] } }]),
    );
    assert.deepEqual([...weights.offsets], [0, 0, 0]);
    assert.equal(queen(geometryFromGeoJson([])).n, 0);
  });

  it("refuse offsets that do not fit the vertices, and coordinates that are not finite", () => {
    const [xs, ys, whole] = [Float64Array.of(0, 1, 1), Float64Array.of(0, 0, 1), Int32Array.of(0, 3)];
    const given = { xs, ys, ringOffsets: whole, featureOffsets: whole };
    const refused = (part: object, message: RegExp): void =>
      assert.throws(() => queen({ ...given, ...part }), failure("INVALID_GEOMETRY", message));
    refused({ featureOffsets: Int32Array.of(0, 9) }, /featureOffsets runs from 0 to 9, expected 0 to 3/);
    refused({ ringOffsets: Int32Array.of(0, 5, 3) }, /ringOffsets descends at 2/);
    refused({ ys: new Float64Array(2) }, /xs has 3 elements and ys 2/);
    refused({ xs: Float64Array.of(0, NaN, 1) }, /vertex 1 is \(NaN, 0\)/);
  });

  it("write rows in ascending order where a vertex is shared by a hundred features", () => {
    const fan = Array.from({ length: 100 }, (_, i): Ring[] => [
      [
        [0, 0],
        [Math.cos(i), Math.sin(i)],
        [Math.cos(i + 0.5), Math.sin(i + 0.5)],
        [0, 0],
      ],
    ]);
    assert.deepEqual(
      row(queen(polygons(...fan)), 40),
      [...Array(100).keys()].filter((j) => j !== 40),
    );
  });
});

/**
 * Sets of places that chains of steps of at most `snap` join, by comparing all with all: each place's set by its key.
 */
function joined(places: [number, number][], snap: number): Map<string, number> {
  const sets = places.map((_, p) => p);
  for (let changed = true; changed;) {
    changed = false;
    places.forEach(([x, y], p) =>
      places.forEach(([u, v], q) => {
        const [dx, dy] = [u - x, v - y];
        if (dx * dx + dy * dy > snap * snap || sets[q]! >= sets[p]!) return;
        sets[p] = sets[q]!;
        changed = true;
      }),
    );
  }
  return new Map(places.map((place, p) => [place.join(), sets[p]!]));
}

describe("contiguity with snapping", () => {
  const random = generator(19);
  /** The cells of a grid, each vertex of each cell moved at random by at most `noise` in x and in y. */
  const noisy = (side: number, noise: number): Ring[][] =>
    Array.from({ length: side * side }, (_, i) => {
      const moved = square(i % side, Math.floor(i / side))
        .slice(0, 4)
        .map(([x, y]): [number, number] => [x + noise * (2 * random() - 1), y + noise * (2 * random() - 1)]);
      return [[...moved, moved[0]!]];
    });
  const all = (weights: Weights): number[][] => Array.from({ length: weights.n }, (_, i) => row(weights, i));

  it("takes vertices within the tolerance for one, wherever they lie", () => {
    const beside = polygons([square(0.00049999, 0)], [square(1.00050001, 0)]);
    assert.deepEqual(all(queen(beside)), [[], []]);
    assert.deepEqual(all(queen(beside, { snap: 0.001 })), [[1], [0]]);
    assert.deepEqual(all(rook(beside, { snap: 0.001 })), [[1], [0]]);
    const apart = polygons([square(0, 0)], [square(1.004, 0)], [square(2.3, 0)]);
    assert.deepEqual(all(rook(apart, { snap: 0.01 })), [[1], [0], []]);
  });

  it("finds all 2,964 queen and 1,520 rook pairs of a grid of 20 by 20 whose vertices are off by a part of it", () => {
    for (const far of [0, 5e5]) {
      const cells = noisy(20, 1e-4);
      const grid = polygons(
        ...cells.map((rings) => rings.map((ring): Ring => ring.map(([x, y]) => [x / 7 + far, y / 7 + far]))),
      );
      assert.equal(queen(grid, { snap: 1e-3 }).neighbors.length, 2964);
      assert.equal(rook(grid, { snap: 1e-3 }).neighbors.length, 1520);
    }
  });

  it("joins by chains, and edges whose ends are joined to one are nobody's border", () => {
    const chain = polygons([square(0, 0)], [square(1.6, 0)], [square(1.3, 5, 0.25), square(1.3, 0, 0.1)]);
    assert.deepEqual(all(queen(chain, { snap: 0.29 })), [[], [2], [1]]);
    assert.deepEqual(all(queen(chain, { snap: 0.31 })), [
      [1, 2],
      [0, 2],
      [0, 1],
    ]);
    const spike: Ring = [
      [3, 0],
      [3.001, 0],
      [3, 9],
      [3, 0],
    ];
    assert.deepEqual(all(rook(polygons([square(2, 0)], [spike]), { snap: 0.01 })), [[], []]);
  });

  it("agrees with comparing all vertices with all, on scattered ones and on heaps, whatever their order", () => {
    for (let trial = 0; trial < 30; trial++) {
      const snap = [0.02, 0.1, 0.3][trial % 3]!;
      const spread = trial % 2 ? 0.2 : 0.01;
      const features = Array.from({ length: 30 }, (_, i): Ring[] => [
        square(Math.floor(i / 6) + spread * random(), (i % 6) + spread * random(), 1 + spread * (random() - 0.5)),
      ]);
      const sets = joined(
        features.flat(2).filter((_, v) => v % 5 < 4),
        snap,
      );
      const place = ([x, y]: [number, number]): [number, number] => [sets.get([x, y].join())!, 0];
      const named = features.map((rings) => rings.map((ring) => ring.map(place)));
      for (const [contiguity, byEdge] of [
        [queen, false],
        [rook, true],
      ] as const) {
        const expected = twin(named, byEdge);
        assert.deepEqual(all(contiguity(polygons(...features), { snap })), expected);
        const turned = all(contiguity(polygons(...features.toReversed()), { snap }));
        const back = turned.toReversed().map((neighbors) => neighbors.map((j) => 29 - j).reverse());
        assert.deepEqual(back, expected);
      }
    }
  });

  it("makes one place of everything where the tolerance is far too large, and says so soon", () => {
    const n = 17_000;
    const xs = uniform(20 * n, random);
    const offsets = Int32Array.from({ length: n + 1 }, (_, i) => 20 * i);
    const given = { xs, ys: xs.map((x) => 1 - x), ringOffsets: offsets, featureOffsets: offsets };
    for (const snap of [0.1, 1e300]) {
      assert.throws(() => queen(given, { snap }), failure("INVALID_WEIGHTS", /more than 268435456 pairs/));
    }
    assert.equal(rook(given, { snap: 1e300 }).neighbors.length, 0);
  });

  it("refuses a tolerance below 0", () => {
    assert.throws(() => queen(polygons([square(0, 0)]), { snap: -1 }), failure("INVALID_PARAMETER", /snap is -1/));
  });
});
