import assert from "node:assert/strict";
import { convexHull, densify, tinMap, tinOf } from "driveshaft";
import { allClose, close, failure } from "../support/assertions.js";
import { flatSets, pointSets } from "../support/point-sets.js";

const plane = (xs: Float64Array, ys: Float64Array): Float64Array => xs.map((x, i) => 2 * x - 3 * ys[i]! + 1);

describe("tin", () => {
  for (const [name, { xs, ys }] of Object.entries(pointSets)) {
    it(`of points ${name} covers their hull, with the means of the corners`, () => {
      const { triangles, values, areas } = tinMap(xs, ys, tinOf(xs, ys, plane(xs, ys)));
      close(
        areas.reduce((sum, area) => sum + area, 0),
        convexHull(xs, ys).area,
        1e-9,
      );
      values.forEach((value, t) => {
        const corners = [3 * t, 3 * t + 1, 3 * t + 2];
        const mean = (of: Float64Array): number => corners.reduce((sum, v) => sum + of[v]! / 3, 0);
        // a plane has the mean of its corners at their centroid
        close(value + 5, 2 * mean(triangles.xs) - 3 * mean(triangles.ys) + 6);
      });
    });
  }

  it("takes the mean of values at one place", () => {
    const tin = tinOf(Float64Array.of(0, 1, 0, 0), Float64Array.of(0, 0, 1, 0), Float64Array.of(1, 2, 3, 6));
    assert.deepEqual([...tin.values.subarray(0, 3)], [3.5, 2, 3]);
    assert.equal(tin.coincident, 1);
  });

  it("is densified by the centroids of its triangles, again and again", () => {
    const [xs, ys] = [Float64Array.of(0, 3, 0), Float64Array.of(0, 0, 3)];
    const dense = densify(xs, ys, Float64Array.of(1, 2, 6), { iterations: 2 });
    assert.deepEqual([...dense.iterations], [0, 0, 0, 1, 2, 2, 2]);
    allClose([dense.xs[3]!, dense.ys[3]!, dense.values[3]!], [1, 1, 3]);
    const added = [4, 5, 6].map((i) => dense.values[i]!).sort((a, b) => a - b);
    allClose(added, [2, 10 / 3, 11 / 3]);
    const many = densify(
      pointSets["at random"]!.xs,
      pointSets["at random"]!.ys,
      plane(pointSets["at random"]!.xs, pointSets["at random"]!.ys),
      { iterations: 2 },
    );
    allClose(many.values, plane(many.xs, many.ys));
  });

  it("refuses points on a line, and more points than there is room for", () => {
    for (const { xs, ys } of Object.values(flatSets)) {
      assert.throws(() => densify(xs, ys, plane(xs, ys)), failure("INVALID_GEOMETRY", /all places lie on a line/));
    }
    const { xs, ys } = pointSets["at random"]!;
    for (const iterations of [-1, 1.5, 11]) {
      assert.throws(
        () => densify(xs, ys, plane(xs, ys), { iterations }),
        failure("INVALID_PARAMETER", /iterations is/),
      );
    }
    const [manyXs, manyYs] = [new Float64Array(10_000_000), new Float64Array(10_000_000)];
    assert.throws(() => densify(manyXs, manyYs, manyXs), failure("INVALID_PARAMETER", /more than 20000000/));
  });
});
