import assert from "node:assert/strict";
import { geometryFromGeoJson, polesOf } from "driveshaft";
import { allClose, close, failure } from "../support/assertions.js";
import { square } from "../support/places.js";

const polygons = (...geometries: object[]): ReturnType<typeof geometryFromGeoJson> =>
  geometryFromGeoJson(geometries.map((geometry) => ({ geometry })));

const polygon = (...coordinates: number[][][]): object => ({ type: "Polygon", coordinates });

describe("poles of inaccessibility", () => {
  it("are the middle of a square, and of the circle inside a triangle", () => {
    const triangle = [
      [0, 0],
      [3, 0],
      [0, 4],
      [0, 0],
    ];
    const found = polesOf(polygons(polygon(square(2, 1, 4)), polygon(triangle)), { precision: 1e-5 });
    allClose(found.xs, [4, 1], 1e-4);
    allClose(found.ys, [3, 1], 1e-4);
    allClose(found.distances, [2, 1], 1e-4);
  });

  it("keep away from holes, and are in the part with most room", () => {
    const hollow = polygon(square(0, 0, 10), square(1, 1, 5));
    const parts = { type: "MultiPolygon", coordinates: [[square(0, 0, 2)], [square(5, 5, 6)]] };
    const { xs, ys, distances } = polesOf(polygons(hollow, parts), { precision: 1e-5 });
    // as far from the corner of the hole as from the sides: 4 - d = d / sqrt 2
    close(distances[0]!, 4 / (1 + Math.SQRT1_2), 1e-4);
    allClose([xs[0]!, ys[0]!], [10 - distances[0]!, 10 - distances[0]!], 1e-3);
    allClose([xs[1]!, ys[1]!, distances[1]!], [8, 8, 3], 1e-4);
  });

  it("of a polygon thinner than the precision are a vertex, and of none nothing", () => {
    const thin = polygon([
      [1, 1],
      [9, 1],
      [9, 1.0000001],
      [1, 1],
    ]);
    const { xs, ys, distances } = polesOf(polygons(thin, { type: "Point", coordinates: [1, 2] }));
    assert.deepEqual([xs[0], ys[0], distances[0]], [1, 1, 0]);
    assert.deepEqual([...distances].map(Number.isNaN), [false, true]);
  });

  it("take a precision above 0", () => {
    for (const precision of [0, -1, NaN]) {
      assert.throws(() => polesOf(polygons(), { precision }), failure("INVALID_PARAMETER", /precision is/));
    }
  });
});
