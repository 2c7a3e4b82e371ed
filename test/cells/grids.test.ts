import assert from "node:assert/strict";
import { cellToChildren, cellToLatLng, getRes0Cells, latLngToCell } from "h3-js";
import { gridOf, cellsFor, type CellKind } from "#dist/cells/choose.js";
import type { Cells, Grid } from "#dist/cells/grid.js";
import { areaOfHexagon } from "#dist/cells/h3-grid.js";
import { planarArea, sphericalArea } from "#dist/geometry/area.js";
import { centroids } from "#dist/geometry/centroids.js";
import { buildGeometry, type Geometry } from "#dist/geometry/geometry.js";
import { polygonOf } from "#dist/geometry/polygon-of.js";
import { geometryFromGeoJson } from "driveshaft";
import { allClose, close, failure } from "../support/assertions.js";
import { square } from "../support/places.js";
import { generator } from "../support/random.js";

const kinds: Record<string, CellKind> = {
  square: { type: "square", size: 0.7 },
  hexagon: { type: "hexagon", size: 0.6 },
  h3: { type: "h3", resolution: 4 },
  quadbin: { type: "quadbin", resolution: 9 },
};

/** Places between -6 and 6 each way. */
function places(n: number, seed: number): { xs: Float64Array; ys: Float64Array } {
  const random = generator(seed);
  return {
    xs: Float64Array.from({ length: n }, () => 12 * random() - 6),
    ys: Float64Array.from({ length: n }, () => 12 * random() - 6),
  };
}

const polygons = (...coordinates: number[][][][]): Geometry =>
  geometryFromGeoJson(coordinates.map((rings) => ({ geometry: { type: "Polygon", coordinates: rings } })));

function outlinesOf(grid: Grid, { highs, lows }: Cells): Geometry {
  const into = buildGeometry();
  highs.forEach((high, i) => grid.outline(high, lows[i]!, into));
  return into.take();
}

const idsOf = (grid: Grid, { highs, lows }: Cells): string[] =>
  Array.from(highs, (high, i) => grid.idOf(high, lows[i]!));

/** A star with a hole, and a triangle that overlaps it. */
const star = [
  [
    [-5, -4],
    [-1, -2],
    [0, -5.5],
    [1.5, -1.7],
    [5.2, -2],
    [2.1, 0.4],
    [4, 5],
    [0.3, 2],
    [-3.7, 4.9],
    [-2.2, 0.6],
    [-5, -4],
  ],
  [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
    [-1, -1],
  ],
];
const triangle = [
  [
    [3, 3],
    [5.93, 3.3],
    [5.1, 5.7],
    [3, 3],
  ],
];

describe("cells of", () => {
  for (const [name, kind] of Object.entries(kinds)) {
    const grid = gridOf(kind);

    it(`${name} hold the places that are put into them`, () => {
      const { xs, ys } = places(4000, 3);
      const cells = grid.cellsOf(xs, ys);
      const ids = idsOf(grid, cells);
      // each cell once, and the one that a place is in by its outline
      const first = new Map(ids.map((id, i) => [id, i]));
      const once = Int32Array.from(first.values());
      const outlines = outlinesOf(grid, {
        highs: once.map((i) => cells.highs[i]!),
        lows: once.map((i) => cells.lows[i]!),
      });
      const found = polygonOf(outlines, xs, ys);
      const names = [...first.keys()];
      // edges of H3 are arcs, so a place beside one may be on its other side in the plane
      const astray = ids.filter((id, i) => names[found[i]!] !== id).length;
      assert.ok(astray <= (name === "h3" ? 8 : 0), `${astray} of ${ids.length}`);
    });

    it(`${name} in a study area are those whose center is in it`, () => {
      const area = polygons(star, triangle);
      const ids = idsOf(grid, grid.inside(area, 100_000));
      assert.equal(new Set(ids).size, ids.length);
      // the slow twin: all cells of a larger square
      const all = grid.inside(polygons([square(-9, -9, 18)]), 1_000_000);
      const centers = centroids(outlinesOf(grid, all));
      if (name === "h3") {
        idsOf(grid, all).forEach((id, i) => ([centers.ys[i], centers.xs[i]] = cellToLatLng(id)));
      }
      if (name === "quadbin") {
        // halves of a tile on the map
        const { xs, ys } = outlinesOf(grid, all);
        const y = (latitude: number): number => Math.asinh(Math.tan((latitude * Math.PI) / 180));
        all.highs.forEach((_, i) => {
          centers.xs[i] = (xs[4 * i]! + xs[4 * i + 1]!) / 2;
          centers.ys[i] = (Math.atan(Math.sinh((y(ys[4 * i]!) + y(ys[4 * i + 2]!)) / 2)) * 180) / Math.PI;
        });
      }
      const within = polygonOf(area, centers.xs, centers.ys);
      const expected = idsOf(grid, all).filter((_, i) => within[i]! >= 0);
      // edges of an area are straight on the map of quadbins
      const differing = new Set([...ids, ...expected].filter((id) => ids.includes(id) !== expected.includes(id)));
      assert.ok(differing.size <= (name === "quadbin" ? 2 : 0), [...differing].join());
      assert.ok(ids.length > 10);
    });

    it(`${name} touch those whose outlines they share a corner with`, () => {
      const { highs, lows } = grid.cellsOf(Float64Array.of(0.1, -3.3, 2), Float64Array.of(0.2, -4.4, 5));
      const into = new Int32Array(2 * grid.degree);
      const corners = (cells: Cells): Set<string>[] => {
        const { xs, ys, featureOffsets } = outlinesOf(grid, cells);
        return Array.from(cells.highs, (_, i) => {
          const keys = new Set<string>();
          for (let v = featureOffsets[i]!; v < featureOffsets[i + 1]!; v++) {
            keys.add(`${xs[v]!.toFixed(9)} ${ys[v]!.toFixed(9)}`);
          }
          return keys;
        });
      };
      highs.forEach((high, i) => {
        const count = grid.next(high, lows[i]!, into);
        assert.equal(count, grid.degree);
        const next = into.slice(0, 2 * count);
        const around = { highs: next.filter((_, q) => q % 2 === 0), lows: next.filter((_, q) => q % 2 === 1) };
        const [own] = corners({ highs: Int32Array.of(high), lows: Int32Array.of(lows[i]!) });
        for (const other of corners(around)) assert.ok([...other].some((corner) => own!.has(corner)));
        assert.equal(new Set(idsOf(grid, around)).size, count);
      });
    });

    it(`${name} are refused where there are too many`, () => {
      assert.throws(
        () => grid.inside(polygons([square(-6, -6, 12)]), 20),
        failure("INVALID_PARAMETER", /the study area has .* cells, more than 20|more cells than 20/),
      );
    });
  }

  it("H3 fill areas that are wider than half the Earth, cross the date line, and go to the poles", () => {
    const grid = gridOf({ type: "h3", resolution: 2 });
    const all = getRes0Cells().flatMap((cell) => cellToChildren(cell, 2));
    const found = (rings: number[][][]): string[] => idsOf(grid, grid.inside(polygons(rings), 1e6)).sort();
    const between = (west: number, south: number, east: number, north: number): number[][] => [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ];
    assert.equal(found([between(-180, -90, 180, 90)]).length, all.length);
    const expected = (keep: (longitude: number, latitude: number) => boolean): string[] =>
      all.filter((cell) => keep(cellToLatLng(cell)[1], cellToLatLng(cell)[0])).sort();
    assert.deepEqual(
      found([between(-170, -50, 150, 70)]),
      expected((x, y) => x > -170 && x < 150 && y > -50 && y < 70),
    );
    assert.deepEqual(
      found([between(165, -20, 200, 20)]),
      expected((x, y) => (x > 165 || x < -160) && Math.abs(y) < 20),
    );
  });

  it("H3 that cross the date line have outlines that go on beyond it", () => {
    const grid = gridOf({ type: "h3", resolution: 3 });
    const { xs } = outlinesOf(grid, grid.cellsOf(Float64Array.of(179.99), Float64Array.of(10)));
    assert.ok(Math.max(...xs) - Math.min(...xs) < 5 && Math.max(...xs) > 180);
  });

  it("quadbin go around the Earth, and end at the edge of the map", () => {
    const grid = gridOf({ type: "quadbin", resolution: 4 });
    const ids = idsOf(
      grid,
      grid.cellsOf(Float64Array.of(40.4168, 400.4168, 0, 0), Float64Array.of(-3.7038, -3.7038, 90, 86)),
    );
    assert.deepEqual(ids.slice(0, 2), ["5209574053332910079", "5209574053332910079"]);
    assert.equal(ids[2], ids[3]);
    // as CARTO's documentation has its box
    const { xs, ys } = outlinesOf(grid, grid.cellsOf(Float64Array.of(40.4168), Float64Array.of(-3.7038)));
    allClose([Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)], [22.5, -21.943045533438177, 45, 0]);
  });

  it("a size for which there are no numbers are refused", () => {
    const far = Float64Array.of(1e9);
    for (const type of ["square", "hexagon"] as const) {
      assert.throws(
        () => gridOf({ type, size: 1e-3 }).cellsOf(far, far),
        failure("INVALID_PARAMETER", /cells.size is 0.001, but coordinates go up to 1000000000/),
      );
    }
  });
});

describe("areas of polygons", () => {
  it("are those of the plane and of the sphere, without holes", () => {
    close(planarArea(polygons([square(1e6, 1e6, 4), square(1e6 + 1, 1e6 + 1, 2)], [square(0, 0, 3)])), 16 - 4 + 9);
    const octant = polygons([square(0, 0, 90)]);
    close(sphericalArea(octant) / (4 * Math.PI * 6_371_008.8 ** 2), 1 / 8);
  });
});

describe("cells of no given size", () => {
  it("have twice the area that there is for each event, but are 100 to 100,000", () => {
    assert.deepEqual(cellsFor("square", 1e8, 5000), { type: "square", size: 200 });
    assert.deepEqual(cellsFor("square", 1e4, 10), { type: "square", size: 10 });
    assert.deepEqual(cellsFor("square", 1e5, 1e9), { type: "square", size: 1 });
    for (const [area, events] of [
      [1e12, 1000],
      [1e6, 3000],
      [5e14, 1e6],
    ] as const) {
      const { resolution } = cellsFor("h3", area, events) as { resolution: number };
      const wanted = Math.max(area / 1e5, Math.min(area / 100, (2 * area) / events));
      assert.ok(areaOfHexagon(resolution) >= wanted && areaOfHexagon(resolution + 1) < wanted);
    }
    assert.throws(() => cellsFor("square", 0, 9), failure("INVALID_PARAMETER", /the study area has no area/));
  });
});

it("a cell of H3 has the id that the library gives it", () => {
  const grid = gridOf({ type: "h3", resolution: 15 });
  const cells = grid.cellsOf(Float64Array.of(-122.4), Float64Array.of(37.7));
  assert.deepEqual(idsOf(grid, cells), [latLngToCell(37.7, -122.4, 15)]);
});
