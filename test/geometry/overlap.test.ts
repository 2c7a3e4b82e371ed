import assert from "node:assert/strict";
import { geometryFromGeoJson, overlaps, selfOverlaps, type Geometry } from "#dist/index.js";
import { findAnalysis } from "#dist/analyses/index.js";
import { exampleTables } from "#dist/analyses/example-tables.js";
import { planarArea } from "#dist/geometry/area.js";
import { takeFeatures } from "#dist/geometry/take-features.js";
import { allClose, close, failure } from "../support/assertions.js";
import { runExample } from "../support/conformance.js";
import { fixture } from "../support/fixtures.js";
import { generator } from "../support/random.js";

type Ring = number[][];

/** Polygons, each of its rings. */
const layer = (...polygons: Ring[][]): Geometry =>
  geometryFromGeoJson(polygons.map((coordinates) => ({ geometry: { type: "Polygon", coordinates } })));

const multi = (...polygons: Ring[][]): Geometry =>
  geometryFromGeoJson([{ geometry: { type: "MultiPolygon", coordinates: polygons } }]);

const square = (x: number, y: number, width: number, height = width): Ring => [
  [x, y],
  [x + width, y],
  [x + width, y + height],
  [x, y + height],
];

/** The area that two layers of one polygon each have in common. */
const common = (a: Geometry, b: Geometry): number => overlaps(a, b).areas[0] ?? 0;

/** Vertices around the origin, nearer and farther. */
function star(seed: number, arms: number): Ring {
  const random = generator(seed);
  return Array.from({ length: arms }, (_, i) => {
    const [turn, reach] = [(2 * Math.PI * i) / arms, 0.1 + random()];
    return [reach * Math.cos(turn), reach * Math.sin(turn)];
  });
}

/** What of a convex ring lies in a triangle that turns left: Sutherland and Hodgman. */
function clip(ring: Ring, triangle: Ring): Ring {
  return triangle.reduce((kept, [ax, ay], e) => {
    const [bx, by] = triangle[(e + 1) % 3]!;
    const side = ([x, y]: number[]): number => (bx! - ax!) * (y! - ay!) - (by! - ay!) * (x! - ax!);
    return kept.flatMap((vertex, v) => {
      const before = kept.at(v - 1);
      const [from, to] = [side(before), side(vertex)];
      const share = from / (from - to);
      const cut = before.map((value, axis) => value + share * (vertex[axis]! - value));
      return [...(from < 0 !== to < 0 ? [cut] : []), ...(to >= 0 ? [vertex] : [])];
    });
  }, ring);
}

const areaOf = (ring: Ring): number =>
  Math.abs(ring.reduce((sum, [x, y], v) => sum + ring.at(v - 1)[0]! * y! - x! * ring.at(v - 1)[1]!, 0)) / 2;

/** The triangles of a star around the origin. */
const fan = (ring: Ring): Ring[] => ring.map((vertex, v) => [[0, 0], ring.at(v - 1), vertex]);

describe("areas in common", () => {
  it("are those of the triangles that two stars are made of", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const [a, b] = [star(seed, 9 + seed), star(seed + 100, 25)];
      const expected = fan(a).flatMap((one) => fan(b).map((other) => areaOf(clip(one, other))));
      close(
        common(layer([a]), layer([b])),
        expected.reduce((sum, area) => sum + area),
        1e-12,
      );
    }
  });

  it("of a polygon with tiles sum up to its area, far from the origin too", () => {
    const tiles = layer(...Array.from({ length: 100 }, (_, i) => [square((i % 10) - 5, Math.floor(i / 10) - 5, 1)]));
    for (const seed of [1, 2, 3]) {
      const polygon = layer([star(seed, 200).map(([x, y]) => [4 * x!, 4 * y!])]);
      for (const [scale, x, y] of [
        [1, 0, 0],
        [2 ** -10, 1e6, 5e6],
        [2 ** 40, -(2 ** 45), 0],
      ] as const) {
        const move = (geometry: Geometry): Geometry => ({
          ...geometry,
          xs: geometry.xs.map((value) => scale * value + x),
          ys: geometry.ys.map((value) => scale * value + y),
        });
        const [moved, ground] = [move(polygon), move(tiles)];
        const sum = overlaps(moved, ground).areas.reduce((total, area) => total + area, 0);
        close(sum, planarArea(moved), 1e-9);
        close(common(moved, moved), planarArea(moved));
      }
    }
  });

  it("are right where outlines meet in every awkward way", () => {
    const ground = layer([square(0, 0, 4)]);
    const cases: [string, Geometry, Geometry, number][] = [
      ["a shared edge", ground, layer([square(4, 0, 4)]), 0],
      ["a shared corner", ground, layer([square(4, 4, 1)]), 0],
      ["the same", ground, layer([square(0, 0, 4).reverse()]), 16],
      ["nearly the same", ground, layer([square(1e-13, -1e-13, 4)]), 16],
      [
        "edges that are nearly the same",
        layer([
          [
            [0, 0],
            [9, 1],
            [9, 5],
            [0, 5],
          ],
        ]),
        layer([
          [
            [0, 0],
            [9, 1 + 2e-15],
            [9, -4],
            [0, -4],
          ],
        ]),
        0,
      ],
      [
        "a spike",
        layer([
          [
            [0, 0],
            [4, 0],
            [4, 2],
            [9, 2],
            [4, 2],
            [4, 4],
            [0, 4],
          ],
        ]),
        layer([square(1, 1, 8, 2)]),
        6,
      ],
      [
        "a hole that touches the outline",
        layer([
          square(0, 0, 4),
          [
            [0, 2],
            [2, 1],
            [2, 3],
          ],
        ]),
        layer([square(0, 0, 2, 4)]),
        6,
      ],
      ["a hole that shares an edge with it", layer([square(0, 0, 4), square(0, 1, 2)]), layer([square(0, 0, 2, 4)]), 4],
      ["in a hole", layer([square(0, 0, 4), square(1, 1, 2)]), layer([square(1.5, 1.5, 1)]), 0],
      ["parts that touch", multi([square(0, 0, 1)], [square(1, 1, 1)]), layer([square(0, 0, 2)]), 2],
      [
        "vertices on edges",
        ground,
        layer([
          [
            [2, 0],
            [4, 2],
            [2, 4],
            [0, 2],
          ],
        ]),
        8,
      ],
      [
        "no area",
        ground,
        layer([
          [
            [0, 0],
            [1, 1],
            [2, 2],
          ],
        ]),
        0,
      ],
    ];
    for (const [what, a, b, area] of cases) {
      assert.ok(Math.abs(common(a, b) - area) <= 1e-11, `${what}: ${common(a, b)} should be ${area}`);
      assert.ok(Math.abs(common(b, a) - area) <= 1e-11, `${what}: ${common(b, a)} should be ${area}`);
    }
  });

  it("are found for all pairs, in their order, whatever is beside them", () => {
    const random = generator(4);
    const squares = (n: number): Geometry =>
      layer(...Array.from({ length: n }, () => [square(9 * random(), 9 * random(), 2 * random() ** 4, random())]));
    const [a, b] = [squares(60), squares(80)];
    const { offsets, others, areas } = overlaps(a, b);
    for (let i = 0; i < 60; i++) {
      const expected = Array.from({ length: 80 }, (_, j) => {
        const [one, other] = [takeFeatures(a, Int32Array.of(i)), takeFeatures(b, Int32Array.of(j))];
        const [width, height] = (["xs", "ys"] as const).map(
          (axis) =>
            Math.min(Math.max(...one[axis]), Math.max(...other[axis])) -
            Math.max(Math.min(...one[axis]), Math.min(...other[axis])),
        );
        return width! > 0 && height! > 0 ? width! * height! : 0;
      });
      const rows = new Float64Array(80);
      for (let q = offsets[i]!; q < offsets[i + 1]!; q++) rows[others[q]!] = areas[q]!;
      allClose(rows, expected, 1e-12);
      assert.ok(others.subarray(offsets[i], offsets[i + 1]).every((other, q, all) => q === 0 || other > all[q - 1]!));
    }
    assert.equal(overlaps(a, layer()).areas.length, 0);
    assert.deepEqual([...overlaps(layer(), b).offsets], [0]);
  });

  it("with themselves tell polygons that cross themselves", () => {
    const apart = (geometry: Geometry): number => selfOverlaps(geometry).apart[0]!;
    const { areas } = selfOverlaps(layer([square(0, 0, 4), square(0, 1, 2)]));
    assert.equal(areas[0], 12);
    close(
      apart(
        layer([
          [
            [0, 0],
            [2, 2],
            [2, 0],
            [0, 2],
          ],
        ]),
      ),
      2,
    );
    close(apart(multi([square(0, 0, 2)], [square(1, 1, 2)])), 2);
    close(apart(layer([square(0, 0, 2), square(3, 0, 1)])), 2);
    for (const valid of [
      layer([star(3, 80)]),
      layer([
        [
          [0, 0],
          [4, 0],
          [4, 2],
          [9, 2],
          [4, 2],
          [4, 4],
          [0, 4],
        ],
      ]),
      layer([
        square(0, 0, 4),
        [
          [0, 2],
          [2, 1],
          [2, 3],
        ],
      ]),
      layer([
        [
          [0, 0],
          [1, 1],
          [2, 2],
        ],
      ]),
      multi([square(0, 0, 1)], [square(1, 1, 1)]),
    ]) {
      assert.equal(apart(valid), 0);
    }
    const { geometry } = fixture("nc_sids");
    assert.ok(selfOverlaps(geometry).apart.every((one) => one === 0));
  });
});

describe("overlap_sum", () => {
  const analysis = findAnalysis("overlap_sum");
  const counties = exampleTables.counties;
  const column = ({ table }: Awaited<ReturnType<typeof runExample>>, name: string): Float64Array =>
    (table.columns.find((each) => each.name === name)!.column as { values: Float64Array }).values;

  it("gives rows that are the sources what these carry, and halves half of it", async () => {
    const population = counties().map(({ properties }) => properties.population as number);
    const same = await runExample(analysis);
    allClose(column(same, "sum"), population);
    allClose(column(same, "mean"), population);
    allClose(
      column(same, "covered"),
      population.map(() => 1),
    );
    close(same.summary.allocated as number, same.summary.total as number);
    const shape = { type: "Polygon" as const, coordinates: [[...square(-20, -20, 50), [-20, -20]]] };
    const all = await runExample(analysis, {
      rows: counties()
        .slice(0, 1)
        .map((row) => ({ ...row, geometry: shape })),
    });
    close(
      column(all, "sum")[0]!,
      population.reduce((a, b) => a + b),
    );
    assert.ok(column(all, "covered")[0]! < 0.03);
  });

  it("says what nothing covers, and refuses what crosses itself, with its id", async () => {
    const moved = counties().map((row, i) => {
      if (i !== 4) return row;
      return { ...row, geometry: { type: "Polygon" as const, coordinates: [[...square(90, 90, 1), [90, 90]]] } };
    });
    const far = await runExample(analysis, { rows: moved });
    assert.match(far.summary.warnings.join(), /1 rows have no area in common with a source/);
    assert.deepEqual([column(far, "sum")[4], column(far, "mean")[4], column(far, "covered")[4]], [0, NaN, 0]);
    const tie = {
      type: "Polygon" as const,
      coordinates: [
        [
          [0, 0],
          [2, 2],
          [2, 0],
          [0, 2],
          [0, 0],
        ],
      ],
    };
    const crossing = counties().map((row, i) => (i === 6 ? { ...row, geometry: tie } : row));
    await assert.rejects(
      runExample(analysis, { rows: crossing }),
      failure("INVALID_GEOMETRY", /the polygon of the row 7 crosses itself/),
    );
  });
});
