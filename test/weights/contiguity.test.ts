import assert from "node:assert/strict";
import { geometryFromGeoJson, queen, rook, islands, type Weights } from "#dist/index.js";
import { failure } from "../support/assertions.js";
import { fixture } from "../support/fixtures.js";
import { generator } from "../support/random.js";

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
