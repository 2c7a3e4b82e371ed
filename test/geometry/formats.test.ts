import assert from "node:assert/strict";
import { ellipse } from "driveshaft";
import { buildGeometry, POLYGON, type Geometry } from "#dist/geometry/geometry.js";
import { shapeOf } from "#dist/geometry/shape.js";
import { toGeoJson } from "#dist/geometry/to-geojson.js";
import { wkbOf } from "#dist/geometry/to-wkb.js";
import { toWkt } from "#dist/geometry/to-wkt.js";
import { readWkb } from "#dist/geometry/wkb.js";
import { placesOf, shapes, wkt } from "../support/places.js";

const all = (geometry: Geometry): number[] => [...geometry.kinds.keys()];

function readBack(
  geometry: Geometry,
  srid = 0,
  sqlType?: string,
): { geometry: Geometry; srids: (number | undefined)[] } {
  const builder = buildGeometry();
  const read = wkbOf({ type: "geometry", geometry, srid, geography: false, ...(sqlType && { sqlType }) });
  const srids = all(geometry).map((row) => {
    const bytes = read(row);
    if (!bytes) {
      builder.nowhere();
      return undefined;
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return readWkb(view, 0, bytes.length, builder, () => `row ${row}`);
  });
  return { geometry: builder.take(), srids };
}

/** The OGC's number of a type, in the bytes of a row. */
const typeOf = (geometry: Geometry, row: number): number =>
  wkbOf({ type: "geometry", geometry, srid: 0, geography: false })(row)!.readUInt32LE(1);

describe("places as they are written", () => {
  for (const [shape, geometries] of Object.entries(shapes)) {
    const { geometry } = placesOf(geometries);

    it(`of the shape ${shape} are GeoJSON and WKT, with holes, and nothing where there is none`, () => {
      assert.equal(shapeOf(geometry), shape);
      const written = all(geometry).map((row) => toGeoJson(geometry, row));
      assert.deepEqual(written, geometries);
      assert.deepEqual(
        written.map((one) => one && toWkt(one)),
        geometries.map((one) => wkt.get(one)),
      );
    });

    it(`of the shape ${shape} are WKB that reads back the same, with an SRID where they have a type`, () => {
      const plain = readBack(geometry, 3857);
      assert.deepEqual(plain.geometry, geometry);
      assert.ok(plain.srids.every((srid) => !srid));
      const extended = readBack(geometry, 3857, "geometry");
      assert.deepEqual(extended.geometry, geometry);
      assert.deepEqual(
        extended.srids,
        geometries.map((one) => (one ? 3857 : undefined)),
      );
    });
  }

  it("are multipolygons throughout in WKB where one is, and what they are where points stand among them", () => {
    const of = (geometries: (object | null)[]): number[] => {
      const { geometry } = placesOf(geometries);
      return all(geometry)
        .filter((row) => geometries[row])
        .map((row) => typeOf(geometry, row));
    };
    assert.deepEqual(of(shapes.Polygon), [3, 3]);
    assert.deepEqual(of(shapes.MultiPolygon), [6, 6]);
    assert.deepEqual(of(shapes.Geometry), [1, 3, 6]);
  });

  it("have no type but any where there are none", () => {
    assert.equal(shapeOf(placesOf([null, null]).geometry), "Geometry");
    assert.equal(shapeOf(placesOf([]).geometry), "Geometry");
  });

  it("have rings of four positions at least, however few vertices these have", () => {
    const builder = buildGeometry();
    builder.vertex(1, 2);
    builder.ring(false);
    builder.polygon();
    builder.vertex(1, 2);
    builder.vertex(3, 4);
    builder.ring(false);
    builder.polygon();
    const geometry = builder.take();
    assert.deepEqual(
      [0, 1].map((row) => toWkt(toGeoJson(geometry, row)!)),
      ["POLYGON ((1 2, 1 2, 1 2, 1 2))", "POLYGON ((1 2, 3 4, 1 2, 1 2))"],
    );
    assert.deepEqual(readBack(geometry).geometry.kinds, Uint8Array.of(POLYGON, POLYGON));
  });

  it("begin with an outline, also where the first ring is said to be a hole", () => {
    const geometry = { ...placesOf([shapes.Polygon[1]!]).geometry, holes: Uint8Array.of(1) };
    assert.equal(toGeoJson(geometry, 0)!.type, "Polygon");
    assert.equal(readBack(geometry).geometry.holes[0], 0);
  });

  it("are lines of one part or of several, which stay open, and have a shape of their own", () => {
    const builder = buildGeometry();
    const part = (...vertices: [number, number][]): void => {
      for (const [x, y] of vertices) builder.vertex(x, y);
      builder.part();
    };
    part([1, 2], [3, 4], [1, 2]);
    builder.line();
    const single = builder.take();
    assert.equal(shapeOf(single), "LineString");
    assert.deepEqual(toGeoJson(single, 0), {
      type: "LineString",
      coordinates: [
        [1, 2],
        [3, 4],
        [1, 2],
      ],
    });
    const coordinates = (...values: number[]): string => Buffer.from(Float64Array.from(values).buffer).toString("hex");
    const line = `010200000003000000${coordinates(1, 2, 3, 4, 1, 2)}`;
    const wkb = (geometry: Geometry, row: number): string =>
      wkbOf({ type: "geometry", geometry, srid: 0, geography: false })(row)!.toString("hex");
    assert.equal(wkb(single, 0), line);

    const more = buildGeometry();
    for (const [x, y] of [
      [1, 2],
      [3, 4],
      [1, 2],
    ] as const) {
      more.vertex(x, y);
    }
    more.part();
    more.line();
    more.vertex(5, 6);
    more.vertex(7, 8);
    more.part();
    more.vertex(0, 0);
    more.vertex(0, 9);
    more.part();
    more.line();
    more.nowhere();
    const several = more.take();
    assert.equal(shapeOf(several), "MultiLineString");
    assert.deepEqual(
      [0, 1].map((row) => toWkt(toGeoJson(several, row)!)),
      ["LINESTRING (1 2, 3 4, 1 2)", "MULTILINESTRING ((5 6, 7 8), (0 0, 0 9))"],
    );
    assert.equal(toGeoJson(several, 2), null);
    assert.equal(wkb(several, 0), `010500000001000000${line}`);
    assert.equal(
      wkb(several, 1),
      `010500000002000000010200000002000000${coordinates(5, 6, 7, 8)}010200000002000000${coordinates(0, 0, 0, 9)}`,
    );
  });

  it("are what an ellipse gives", () => {
    const geometry = ellipse({ centerX: 1, centerY: 2, semiMajor: 3, semiMinor: 1, angle: 30 });
    assert.equal(shapeOf(geometry), "Polygon");
    assert.deepEqual(readBack(geometry).geometry, geometry);
  });
});
