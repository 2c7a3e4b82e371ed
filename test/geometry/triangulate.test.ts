import assert from "node:assert/strict";
import { incircle, orient2d } from "robust-predicates";
import { sweepTriangles } from "#dist/geometry/sweep-triangles.js";
import { triangulate, trianglesOf } from "#dist/geometry/triangulate.js";
import { failure } from "../support/assertions.js";
import { flatSets, pointSets, type PointSet } from "../support/point-sets.js";

/** Whether triangles turn counter-clockwise, cover the hull once, and have no corner in the circle around them. */
function assertDelaunay({ xs, ys }: PointSet, triangles: Uint32Array, halfedges: Int32Array, hull: Uint32Array): void {
  const corners = [...new Set(triangles)];
  // Euler's formula
  assert.equal(triangles.length / 3, 2 * corners.length - 2 - hull.length);
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [triangles[t]!, triangles[t + 1]!, triangles[t + 2]!];
    // the predicates have y go down
    assert.ok(orient2d(xs[a]!, ys[a]!, xs[b]!, ys[b]!, xs[c]!, ys[c]!) < 0, "a triangle is turned over");
    for (const d of corners) {
      const inside = incircle(xs[a]!, ys[a]!, xs[b]!, ys[b]!, xs[c]!, ys[c]!, xs[d]!, ys[d]!);
      assert.ok(inside <= 0, `${d} is in the circle around ${a}, ${b}, ${c}`);
    }
  }
  halfedges.forEach((other, edge) => {
    if (other < 0) return;
    assert.equal(halfedges[other], edge);
    assert.notEqual(triangles[other], triangles[edge]);
  });
}

describe("triangulate", () => {
  for (const [name, { xs, ys }] of Object.entries(pointSets)) {
    it(`of points ${name} has no point in the circle around a triangle, whichever way it is made`, () => {
      const { triangles, halfedges, hull, corners } = triangulate(xs, ys);
      assertDelaunay({ xs, ys }, triangles, halfedges, hull);
      corners.forEach((corner, i) => assert.deepEqual([xs[corner], ys[corner]], [xs[i], ys[i]]));
      corners.forEach((corner, i) => assert.ok(corner <= i && corners[corner] === corner));

      const flat = Float64Array.from({ length: 2 * xs.length }, (_, at) => (at % 2 ? -ys[at >> 1]! : xs[at >> 1]!));
      const swept = sweepTriangles(flat);
      assertDelaunay({ xs, ys }, swept.triangles, swept.halfedges, swept.hull);
      assert.equal(swept.triangles.length, triangles.length);
    });
  }

  for (const [name, { xs, ys }] of Object.entries(flatSets)) {
    it(`of points that are ${name} has no triangles, which is an error where they are needed`, () => {
      assert.throws(() => trianglesOf(xs, ys), failure("INVALID_GEOMETRY", /on a line/));
    });
  }
});
