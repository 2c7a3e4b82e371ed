import assert from "node:assert/strict";
import { polygonOf } from "#dist/geometry/polygon-of.js";
import { geometryFromGeoJson } from "driveshaft";
import { fixture } from "../support/fixtures.js";
import { square } from "../support/places.js";
import { generator } from "../support/random.js";

const polygons = (...coordinates: number[][][][]) =>
  geometryFromGeoJson(coordinates.map((rings) => ({ geometry: { type: "Polygon", coordinates: rings } })));

const at = (...points: [number, number][]): [Float64Array, Float64Array] => [
  Float64Array.from(points, ([x]) => x),
  Float64Array.from(points, ([, y]) => y),
];

describe("the polygon that a point is in", () => {
  it("is the first of several, and none in holes and outside", () => {
    const geometry = polygons([square(0, 0, 4), square(1, 1, 2)], [square(2, 2, 4)]);
    const found = polygonOf(geometry, ...at([0.5, 0.5], [1.5, 1.5], [2.5, 2.5], [3.5, 3.5], [5, 5], [7, 1], [-1, 9]));
    assert.deepEqual([...found], [0, -1, 1, 0, 1, -1, -1]);
  });

  it("is one of those that share an edge or a corner", () => {
    const squares = Array.from({ length: 25 }, (_, i) => [square(i % 5, Math.floor(i / 5), 1)]);
    // turned the other way now and then
    const turned = squares.map((rings, i) => (i % 3 === 0 ? rings.map((ring) => ring.slice().reverse()) : rings));
    const points: [number, number][] = [];
    for (let x = 0; x < 5; x += 0.25) for (let y = 0; y < 5; y += 0.25) points.push([x, y]);
    const found = polygonOf(polygons(...turned), ...at(...points));
    points.forEach(([x, y], i) => {
      const [column, row] = [found[i]! % 5, Math.floor(found[i]! / 5)];
      assert.ok(x >= column && x <= column + 1 && y >= row && y <= row + 1, `${x} ${y} in ${found[i]}`);
    });
    assert.deepEqual([...polygonOf(polygons(...squares), ...at(...points))], [...found]);
  });

  it("is the same as by all edges of all polygons", () => {
    const { geometry } = fixture("nc_sids");
    const random = generator(9);
    const xs = Float64Array.from({ length: 3000 }, () => -84.5 + 9.5 * random());
    const ys = Float64Array.from({ length: 3000 }, () => 33.7 + 3.1 * random());
    /** The slow twin: crossings of a ray, edge by edge. */
    function isIn(feature: number, x: number, y: number): boolean {
      let inside = false;
      const [begin, end] = [geometry.featureOffsets[feature]!, geometry.featureOffsets[feature + 1]!];
      for (let ring = 0; ring < geometry.ringOffsets.length - 1; ring++) {
        const [first, last] = [geometry.ringOffsets[ring]!, geometry.ringOffsets[ring + 1]! - 1];
        if (first < begin || last >= end) continue;
        for (let v = first, w = last; v <= last; w = v++) {
          const [ax, ay, bx, by] = [geometry.xs[w]!, geometry.ys[w]!, geometry.xs[v]!, geometry.ys[v]!];
          if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
        }
      }
      return inside;
    }
    const all = Array.from(geometry.kinds.keys());
    const expected = Array.from(xs, (x, i) => all.find((feature) => isIn(feature, x, ys[i]!)) ?? -1);
    assert.deepEqual([...polygonOf(geometry, xs, ys)], expected);
    assert.ok(expected.some((feature) => feature < 0) && new Set(expected).size > 90);
  });

  it("is none where there are no polygons, or they have no area", () => {
    assert.deepEqual([...polygonOf(polygons(), ...at([0, 0]))], [-1]);
    const flat = [
      [0, 0],
      [1, 0],
      [2, 0],
      [0, 0],
    ];
    assert.deepEqual([...polygonOf(polygons([flat]), ...at([0, 0], [1, 0]))], [-1, -1]);
  });
});
