import assert from "node:assert/strict";
import { centroids, geometryFromGeoJson } from "#dist/index.js";
import { buildGeometry, NOWHERE, POINT, POLYGON } from "#dist/geometry/geometry.js";
import { takeFeatures } from "#dist/geometry/take-features.js";
import { readWkb } from "#dist/geometry/wkb.js";
import { failure } from "../support/assertions.js";

function wkb(hex: string): ReturnType<typeof geometryFromGeoJson> & { srid: number } {
  const bytes = Buffer.from(hex.replace(/\s/g, ""), "hex");
  const builder = buildGeometry();
  const srid = readWkb(
    new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    0,
    bytes.length,
    builder,
    () => "row 7",
  );
  return { ...builder.take(), srid };
}

const little = (x: number): string => Buffer.from(Float64Array.of(x).buffer).toString("hex");
const big = (x: number): string => Buffer.from(Float64Array.of(x).buffer).reverse().toString("hex");
const triangle = (write: (x: number) => string): string => [0, 0, 4, 0, 0, 4, 0, 0].map(write).join("");

describe("geometry", () => {
  it("reads WKB and EWKB points in either byte order, with SRID, Z and M", () => {
    for (const hex of [
      `01 01000000 ${little(1)} ${little(2)}`,
      `00 00000001 ${big(1)} ${big(2)}`,
      `01 01000020 E6100000 ${little(1)} ${little(2)}`,
      `01 010000C0 ${little(1)} ${little(2)} ${little(8)} ${little(9)}`,
      `01 E9030000 ${little(1)} ${little(2)} ${little(8)}`,
      `01 04000000 01000000 01 01000000 ${little(1)} ${little(2)}`,
    ]) {
      const { xs, ys, kinds } = wkb(hex);
      assert.deepEqual([xs[0], ys[0], kinds[0]], [1, 2, POINT]);
    }
    assert.equal(wkb(`01 01000020 E6100000 ${little(1)} ${little(2)}`).srid, 4326);
  });

  it("reads polygons and multipolygons without the closing vertex", () => {
    const polygon = `00 00000003 00000001 00000004 ${triangle(big)}`;
    for (const hex of [polygon, `01 06000000 01000000 ${polygon}`]) {
      const { xs, ys, kinds, ringOffsets } = wkb(hex);
      assert.deepEqual([[...xs], [...ys], kinds[0], [...ringOffsets]], [[0, 4, 0], [0, 0, 4], POLYGON, [0, 3]]);
    }
  });

  it("takes empty geometries as no place", () => {
    const nan = "000000000000f87f";
    for (const hex of [
      `01 01000000 ${nan} ${nan}`,
      "01 03000000 00000000",
      "01 06000000 00000000",
      "01 04000000 00000000",
      `01 04000000 02000000 01 01000000 ${nan} ${nan} 01 01000000 ${nan} ${nan}`,
      "01 02000000 00000000",
      "01 05000000 01000000 01 02000000 00000000",
      "01 07000000 00000000",
      `01 07000000 02000000 01 01000000 ${nan} ${nan} 00 00000007 00000000`,
      "01 08000000 00000000",
      "01 0F0000A0 E6100000 00000000",
    ]) {
      assert.equal(wkb(hex).kinds[0], NOWHERE);
    }
  });

  it("names the row of invalid bytes and says what is wrong", () => {
    const cases: [string, RegExp][] = [
      ["", /row 7: geometry ends after 0 bytes, 5 are missing/],
      ["02 01000000", /row 7: byte order mark is 2/],
      [`01 01000000 ${little(1)}`, /ends after 13 bytes, 8 are missing/],
      [`01 01000000 ${little(1)} ${little(2)} 00`, /1 bytes follow/],
      ["01 03000000 FFFFFFFF", /a count of 4294967295 does not fit/],
      [
        `01 02000000 02000000 ${[1, 2, 3, 4].map(little).join("")}`,
        /a LineString, expected a Point, Polygon or MultiPolygon/,
      ],
      [`01 07000000 01000000 01 01000000 ${little(1)} ${little(2)}`, /a GeometryCollection, expected a Point/],
      [
        `01 04000000 02000000 ${`01 01000000 ${little(1)} ${little(2)}`.repeat(2)}`,
        /a MultiPoint of 2 points, expected one place/,
      ],
      ["01 07000000 01000000".repeat(10_000), /nested deeper than 32/],
      [`01 06000000 01000000 01 01000000 ${little(1)} ${little(2)}`, /a Point inside a MultiPolygon/],
      [`01 01000000 ${little(Infinity)} ${little(2)}`, /Infinity 2 are not finite/],
      [`01 01000000 ${little(2)} ${little(-1.01e150)}`, /row 7: coordinates 2 -1.01e\+150 are out of range/],
      [`00 00000003 00000001 00000004 ${triangle(big).replace(big(4), big(9e-151))}`, /9e-151 0 are out of range/],
    ];
    for (const [hex, message] of cases) assert.throws(() => wkb(hex), failure("INVALID_GEOMETRY", message));
  });

  it("reads GeoJSON, and says which feature is not", () => {
    const features = [
      { geometry: { type: "Point", coordinates: [1, 2, 3] } },
      { geometry: null },
      { geometry: { type: "MultiPoint", coordinates: [[5, 6]] } },
    ];
    assert.deepEqual([...geometryFromGeoJson(features).kinds], [POINT, NOWHERE, POINT]);
    const bad = (geometry: unknown) => () => geometryFromGeoJson([{ geometry: null }, { geometry }]);
    assert.throws(
      bad({ type: "LineString", coordinates: [[0, 0]] }),
      failure("INVALID_GEOMETRY", /feature 1: a LineString/),
    );
    assert.throws(
      bad({ type: "Point", coordinates: ["a", 2] }),
      failure("INVALID_GEOMETRY", /feature 1: a position is \["a",2\]/),
    );
    assert.throws(
      bad({ type: "Polygon", coordinates: [[1]] }),
      failure("INVALID_GEOMETRY", /a position should be an array/),
    );
    assert.throws(bad({ type: "Point" }), failure("INVALID_GEOMETRY", /without coordinates/));
    assert.throws(bad(5), failure("INVALID_GEOMETRY", /not a GeoJSON geometry/));
    assert.throws(
      bad({ type: "Point", coordinates: [1e151, 2] }),
      failure(
        "INVALID_GEOMETRY",
        /coordinates 1e\+151 2 are out of range, expected 0 or magnitudes from 1e-150 to 1e\+150/,
      ),
    );
  });

  it("takes empty GeoJSON of any type as no place", () => {
    for (const geometry of [
      { type: "Point", coordinates: [] },
      { type: "MultiPolygon", coordinates: [] },
      { type: "LineString", coordinates: [] },
      { type: "MultiLineString", coordinates: [[]] },
      { type: "GeometryCollection", geometries: [] },
      { type: "GeometryCollection", geometries: [{ type: "GeometryCollection", geometries: [] }] },
    ]) {
      assert.deepEqual([...geometryFromGeoJson([{ geometry }]).kinds], [NOWHERE]);
    }
  });

  it("says what is wrong with GeoJSON however deep it is nested", () => {
    const deep: unknown = JSON.parse("[".repeat(100_000) + "]".repeat(100_000));
    let collection: unknown = { type: "Point", coordinates: [1, 2] };
    for (let i = 0; i < 100_000; i++) collection = { type: "GeometryCollection", geometries: [collection] };
    for (const [geometry, message] of [
      [{ type: "Point", coordinates: deep }, /a position is \[\[\.\.\.\]\], expected two numbers/],
      [{ type: deep, coordinates: [] }, /the type is \[\[\.\.\.\]\], expected a Point/],
      [collection, /a GeometryCollection, expected a Point/],
    ] as const) {
      assert.throws(() => geometryFromGeoJson([{ geometry }]), failure("INVALID_GEOMETRY", message));
    }
  });

  it("has area centroids that leave holes out, whatever way rings turn", () => {
    const ring = (x: number, y: number, size: number): number[][] => [
      [x, y],
      [x + size, y],
      [x + size, y + size],
      [x, y + size],
      [x, y],
    ];
    const geometry = geometryFromGeoJson([
      { geometry: { type: "Polygon", coordinates: [ring(0, 0, 4), ring(0, 0, 2)] } },
      { geometry: { type: "Polygon", coordinates: [ring(0, 0, 4).reverse(), ring(0, 0, 2)] } },
      { geometry: { type: "MultiPolygon", coordinates: [[ring(0, 0, 1)], [ring(9, 0, 1).reverse()]] } },
      {
        geometry: {
          type: "Polygon",
          coordinates: [
            [
              [0, 0],
              [2, 2],
              [4, 4],
              [0, 0],
            ],
          ],
        },
      },
      { geometry: null },
      { geometry: { type: "Point", coordinates: [7, 8] } },
    ]);
    const { xs, ys } = centroids(geometry);
    const hollow = (2 * 16 - 1 * 4) / 12;
    assert.deepEqual(
      [...xs].map((x) => Math.round(x * 1e9) / 1e9),
      [hollow, hollow, 5, 2, NaN, 7].map((x) => Math.round(x * 1e9) / 1e9),
    );
    assert.equal(ys[5], 8);
  });

  it("are taken in any order, with their rings and holes, once, twice or never", () => {
    const square = (x: number): number[][] => [
      [x, 0],
      [x + 1, 0],
      [x, 1],
      [x, 0],
    ];
    const features = [
      { geometry: { type: "Polygon", coordinates: [square(0), square(10)] } },
      { geometry: null },
      { geometry: { type: "Polygon", coordinates: [square(20)] } },
      { geometry: { type: "Point", coordinates: [5, 5] } },
    ];
    const order = [3, 2, 0, -1, 2];
    assert.deepEqual(
      takeFeatures(geometryFromGeoJson(features), Int32Array.from(order)),
      geometryFromGeoJson(order.map((i) => features[i] ?? { geometry: null })),
    );
  });
});
