import assert from "node:assert/strict";
import { rectangleGrid } from "#dist/cells/rectangle.js";
import { planarArea } from "#dist/geometry/area.js";
import { buildGeometry } from "#dist/geometry/geometry.js";
import { polygonOf } from "#dist/geometry/polygon-of.js";
import type { Places } from "#dist/geometry/place.js";
import { cell, type NamedColumn } from "#dist/table/column.js";
import { analyse, numbersOf } from "../support/analyse.js";
import { close, failure } from "../support/assertions.js";
import { generator, uniform } from "../support/random.js";

function pointsAt(xs: ArrayLike<number>, ys: ArrayLike<number>) {
  const into = buildGeometry();
  for (let i = 0; i < xs.length; i++) into.point(xs[i]!, ys[i]!);
  return into.take();
}

const gridOf = (xs: ArrayLike<number>, ys: ArrayLike<number>, parameters: object) =>
  analyse("rectangle_grid", pointsAt(xs, ys), {}, parameters);

/** Ids of the cells, and their outlines. */
function cellsOf({ columns }: ReturnType<typeof gridOf>) {
  const named = (name: string) => (columns.find((each) => each.name === name) as NamedColumn).column;
  const outlines = (named("geometry") as Places).geometry;
  return { ids: Array.from(outlines.kinds, (_, i) => cell(named("cell"), i)), outlines };
}

describe("a grid of rectangles", () => {
  it("has the cells whose center is in the extent, or on its lower or left edge", () => {
    const found = gridOf([0, 4], [1, 3], { width: 2, height: 1 });
    assert.deepEqual(cellsOf(found).ids, ["0:1", "0:2", "1:1", "1:2"]);
    // centers lie on all edges
    const edges = gridOf([1, 3], [0.5, 1.5], { width: 2, height: 1 });
    assert.deepEqual(cellsOf(edges).ids, ["0:0"]);
    const moved = gridOf([0, 4], [1, 3], { width: 2, height: 1, origin_x: 10.5, origin_y: 0.25 });
    const { outlines } = cellsOf(moved);
    assert.deepEqual([...outlines.xs.subarray(0, 4)], [0.5, 2.5, 2.5, 0.5]);
    assert.deepEqual([...outlines.ys.subarray(0, 4)], [1.25, 1.25, 2.25, 2.25]);
  });

  it("has cells that tile, with each row in the one that it is in", () => {
    const random = generator(3);
    const [xs, ys] = [uniform(500, random).map((x) => 70 * x - 30), uniform(500, random).map((y) => 1e6 + 40 * y)];
    const found = gridOf(xs, ys, { width: 2.3, height: 1.7 });
    const { ids, outlines } = cellsOf(found);
    close(planarArea(outlines), ids.length * 2.3 * 1.7);
    const owner = polygonOf(outlines, xs, ys);
    const counts = ids.map((_, i) => owner.reduce((count, one) => count + Number(one === i), 0));
    assert.deepEqual(numbersOf(found, "n"), counts);
    assert.equal(found.summary.outside, owner.filter((one) => one < 0).length);
  });

  it("covers the hull or polygons only, where it is asked to", () => {
    const [xs, ys] = [
      [0, 10, 0],
      [0, 0, 10],
    ];
    assert.equal(cellsOf(gridOf(xs, ys, { width: 1 })).ids.length, 100);
    // those on the long edge are on one of its sides
    const inHull = cellsOf(gridOf(xs, ys, { width: 1, area: "hull" })).ids.length;
    assert.ok(inHull === 45 || inHull === 55, `${inHull} cells`);
    const into = buildGeometry();
    for (const [x, y] of [
      [0, 0],
      [3, 0],
      [3, 3],
      [0, 3],
    ])
      into.vertex(x!, y!);
    into.ring(false);
    for (const [x, y] of [
      [1, 1],
      [2, 1],
      [2, 2],
      [1, 2],
    ])
      into.vertex(x!, y!);
    into.ring(true);
    into.polygon();
    const found = analyse("rectangle_grid", into.take(), {}, { width: 1, area: "polygons" });
    assert.deepEqual(cellsOf(found).ids, ["0:0", "0:1", "0:2", "1:0", "1:2", "2:0", "2:1", "2:2"]);
  });

  it("of one size both ways is that of squares", () => {
    const xs = Float64Array.of(-3.5, 0, 7.25);
    const { highs, lows } = rectangleGrid({ width: 2, height: 2 }).cellsOf(xs, xs);
    assert.deepEqual(
      [[...highs], [...lows]],
      [
        [-2, 0, 3],
        [-2, 0, 3],
      ],
    );
  });

  it("refuses what has no cell, and too many", () => {
    assert.throws(
      () => gridOf([1, 2], [1, 2], { width: 100 }),
      failure("INVALID_PARAMETER", /no cell has its center in the extent of the rows/),
    );
    assert.throws(() => gridOf([1], [1], { width: 1 }), failure("INVALID_PARAMETER", /no cell has its center/));
    assert.throws(
      () => gridOf([0, 1e4, 0], [0, 0, 1e4], { width: 1 }),
      failure("INVALID_PARAMETER", /more cells than 1000000/),
    );
    assert.throws(
      () => gridOf([0, 1e9, 0], [0, 0, 1e9], { width: 1e-3 }),
      failure("INVALID_PARAMETER", /width is 0.001, but coordinates go up to/),
    );
    assert.throws(() => gridOf([0, 1], [0, 1], { width: 0 }), failure("INVALID_PARAMETER", /params.width is 0/));
    assert.throws(
      () => gridOf([0, 1], [0, 1], { width: 1, area: "polygons" }),
      failure("INVALID_PARAMETER", /area is polygons, but the rows have points/),
    );
  });
});
