import assert from "node:assert/strict";
import { dotDensity, geometryFromGeoJson, type Geometry } from "#dist/index.js";
import { findAnalysis } from "#dist/analyses/index.js";
import { polygonOf } from "#dist/geometry/polygon-of.js";
import { takeFeatures } from "#dist/geometry/take-features.js";
import { cell } from "#dist/table/column.js";
import { close, failure } from "../support/assertions.js";
import { runExample } from "../support/conformance.js";
import { fixture } from "../support/fixtures.js";
import { generator } from "../support/random.js";

const polygons = (...coordinates: number[][][][]): Geometry =>
  geometryFromGeoJson(coordinates.map((rings) => ({ geometry: { type: "Polygon", coordinates: rings } })));

const rectangle = (west: number, south: number, east: number, north: number): number[][] => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];

const of = (...values: number[]): Float64Array => Float64Array.from(values);

/** A star with many arms, of some of which little is left. */
function star(seed: number, [x, y]: number[], radius: number): number[][] {
  const random = generator(seed);
  const arms = Array.from({ length: 60 }, (_, i) => {
    const [turn, reach] = [(i * Math.PI) / 30, radius * (0.001 + random() ** 4)];
    return [x! + reach * Math.cos(turn), y! + reach * Math.sin(turn)];
  });
  return [...arms, arms[0]!];
}

describe("dot density", () => {
  it("has as many dots as a value says, numbered in each polygon", () => {
    const geometry = polygons([rectangle(0, 0, 1, 1)], [rectangle(1, 0, 2, 1)], [rectangle(2, 0, 3, 1)]);
    const { polygons: owners, numbers, points } = dotDensity(geometry, of(3, 0, 2));
    assert.deepEqual([...owners], [0, 0, 0, 2, 2]);
    assert.deepEqual([...numbers], [1, 2, 3, 1, 2]);
    assert.equal(points.kinds.length, 5);
    assert.equal(dotDensity(geometry, of(100, 250, 50), { per: 50 }).numbers.length, 8);
    assert.equal(dotDensity(polygons(), of()).numbers.length, 0);
  });

  it("draws what is left after whole dots, so that none is lost on average", () => {
    const one = polygons([rectangle(0, 0, 1, 1)]);
    const many = takeFeatures(one, new Int32Array(4000));
    const { numbers } = dotDensity(many, new Float64Array(4000).fill(13), { per: 10 });
    // 1.3 each, with a standard deviation of 29 in all
    assert.ok(Math.abs(numbers.length - 5200) < 90, `${numbers.length} dots`);
    assert.ok(numbers.every((number) => number <= 2));
  });

  it("puts dots into polygons, with their holes and parts, thin ones and far ones too", () => {
    const shapes = [1, 2, 3, 4].map((seed) => [star(seed, [0.3, -0.2], 1)]);
    const far = [5, 6].map((seed) => [star(seed, [1e6, 5e6], 1e-3)]);
    const geometry = geometryFromGeoJson([
      ...[...shapes, ...far].map((rings) => ({ geometry: { type: "Polygon", coordinates: rings } })),
      { geometry: { type: "Polygon", coordinates: [rectangle(0, 0, 9, 9), rectangle(1, 1, 8, 8)] } },
      { geometry: { type: "MultiPolygon", coordinates: [[rectangle(0, 0, 1, 1)], [rectangle(1, 1, 2, 2)]] } },
      {
        geometry: {
          type: "Polygon",
          coordinates: [
            [
              [0, 0],
              [1e9, 1],
              [1e9, 1.0000001],
              [0, 0],
            ],
          ],
        },
      },
    ]);
    const n = geometry.kinds.length;
    const { polygons: owners, points } = dotDensity(geometry, new Float64Array(n).fill(2000));
    for (let i = 0; i < n; i++) {
      const [begin, end] = [owners.indexOf(i), owners.lastIndexOf(i) + 1];
      assert.equal(end - begin, 2000);
      const inside = polygonOf(takeFeatures(geometry, Int32Array.of(i)), ...slices(points, begin, end));
      assert.ok(
        inside.every((polygon) => polygon === 0),
        `a dot of ${i} is outside`,
      );
    }
  });

  it("spreads them evenly over the area, with a hole and a narrow neck", () => {
    // squares of a lattice, some of them inside
    const rings = [
      [
        [0, 0],
        [6, 0],
        [6, 6],
        [4, 6],
        [4, 2],
        [3, 2],
        [3, 6],
        [0, 6],
        [0, 0],
      ],
      rectangle(1, 1, 2, 5),
    ];
    const [n, area] = [57_000, 28];
    const { points } = dotDensity(polygons(rings), of(n));
    const counts = new Map<string, number>();
    for (let i = 0; i < n; i++) {
      const key = `${Math.floor(2 * points.xs[i]!)}:${Math.floor(2 * points.ys[i]!)}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    assert.equal(counts.size, 4 * area);
    const expected = n / counts.size;
    const square = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 111 degrees of freedom: the mean is as much, the standard deviation 15
    assert.ok(square > 60 && square < 165, `chi-squared is ${square}`);
  });

  it("spreads them evenly in a triangle", () => {
    const n = 40_000;
    const { xs, ys } = dotDensity(
      polygons([
        [
          [0, 0],
          [6, 1],
          [1, 5],
          [0, 0],
        ],
      ]),
      of(n),
    ).points;
    const mean = (values: Float64Array): number => values.reduce((a, b) => a + b) / n;
    assert.ok(Math.abs(mean(xs) - 7 / 3) < 0.03);
    assert.ok(Math.abs(mean(ys) - 2) < 0.03);
    // variances of a triangle are a twelfth of the sums of squares of its vertices
    const [x, y] = [mean(xs), mean(ys)];
    close(mean(xs.map((value) => (value - x) ** 2)), ((7 / 3) ** 2 + (11 / 3) ** 2 + (4 / 3) ** 2) / 12, 0.02);
    close(mean(ys.map((value) => (value - y) ** 2)), (4 + 1 + 9) / 12, 0.02);
  });

  it("on the sphere spreads them by the area there", () => {
    const n = 20_000;
    const tall = polygons([rectangle(0, -20, 10, 80)]);
    const { ys } = dotDensity(tall, of(n), { greatCircle: true }).points;
    const radians = Math.PI / 180;
    const [low, high] = [Math.sin(-20 * radians), Math.sin(80 * radians)];
    const shares = ys.map((y) => (Math.sin(y * radians) - low) / (high - low)).sort();
    const apart = shares.reduce((most, share, i) => Math.max(most, Math.abs(share - (i + 0.5) / n)), 0);
    assert.ok(apart < 1.9 / Math.sqrt(n), `Kolmogorov's distance is ${apart}`);
  });

  it("has the same dots by the same seed; they stay where others are added", () => {
    const { geometry } = fixture("columbus");
    const values = new Float64Array(49).fill(12);
    const first = dotDensity(geometry, values);
    assert.deepEqual(dotDensity(geometry, values), first);
    assert.notDeepEqual(dotDensity(geometry, values, { seed: 2 }).points.xs, first.points.xs);
    assert.notDeepEqual(dotDensity(geometry, values, { column: "births" }).points.xs, first.points.xs);
    const more = dotDensity(
      geometry,
      values.map((value) => 3 * value),
    );
    const kept = [...more.numbers.keys()].filter((dot) => more.numbers[dot]! <= 12);
    assert.deepEqual(
      kept.map((dot) => more.points.xs[dot]),
      [...first.points.xs],
    );
  });

  it("refuses outlines that cross themselves, and numbers that are none", () => {
    const tie = polygons([
      [
        [0, 0],
        [2, 2],
        [2, 0],
        [0, 2],
        [0, 0],
      ],
    ]);
    const nameOf = (): string => "Ohio";
    assert.throws(
      () => dotDensity(tie, of(3), { nameOf }),
      failure("INVALID_GEOMETRY", /outline of Ohio crosses itself/),
    );
    const square = polygons([rectangle(0, 0, 1, 1)]);
    assert.throws(() => dotDensity(square, of(-1)), failure("INVALID_PARAMETER", /value of polygon 0 is -1, expected/));
    assert.throws(
      () => dotDensity(square, of(1, 2)),
      failure("INVALID_PARAMETER", /there are 2 values and 1 polygons/),
    );
    assert.throws(() => dotDensity(square, of(1), { per: 0 }), failure("INVALID_PARAMETER", /per is 0/));
    assert.throws(
      () => dotDensity(square, of(1e12)),
      failure("INVALID_PARAMETER", /there would be about 1000000000000 dots, more than 50000000/),
    );
    const flat = dotDensity(
      polygons(
        [
          [
            [0, 0],
            [1, 1],
            [2, 2],
            [0, 0],
          ],
        ],
        [rectangle(0, 0, 1, 1)],
      ),
      of(5, 5),
    );
    assert.deepEqual([flat.flat, flat.numbers.length], [1, 5]);
  });

  it("as an analysis has rows of the polygons, and variables that do not cover each other", async () => {
    const analysis = findAnalysis("dot_density");
    const { table, summary } = await runExample(analysis);
    assert.equal(table.n, summary.dots);
    const more = { value: undefined, values: ["births", "population"], per: 100 };
    const example = { ...analysis, example: { of: "counties" as const, parameters: {} } };
    const both = await runExample(example, { more });
    const geometry = both.table.columns.find(({ name }) => name === "geometry")!.column;
    const shown = Array.from({ length: both.table.n }, (_, row) => JSON.stringify(cell(geometry, row)));
    assert.equal(new Set(shown).size, both.table.n);
  });
});

function slices({ xs, ys }: Geometry, begin: number, end: number): [Float64Array, Float64Array] {
  return [xs.subarray(begin, end), ys.subarray(begin, end)];
}
