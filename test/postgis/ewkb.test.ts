import assert from "node:assert/strict";
import fc from "fast-check";
import type { Server } from "#dist/demo/server.js";
import { DriveshaftError } from "#dist/errors.js";
import { buildGeometry, type Geometry } from "#dist/geometry/geometry.js";
import { readWkb } from "#dist/geometry/wkb.js";
import { coordinate } from "../support/coordinates.js";
import { mutated } from "../support/mutations.js";
import { startPostgis } from "../support/postgis.js";
import { createDatabase, type TestDatabase } from "../support/server.js";

/** A geometry as the reader has it, or the message of its refusal. */
function readBytes(bytes: Buffer): (Geometry & { srid: number }) | string {
  const builder = buildGeometry();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const srid = readWkb(view, 0, bytes.length, builder, () => "row 1");
    return { ...builder.take(), srid };
  } catch (error) {
    if (error instanceof DriveshaftError && error.code === "INVALID_GEOMETRY") return error.message;
    throw error;
  }
}

/** What ST_DumpPoints has of a geometry: the ring and the coordinates of each vertex, Z and M left out. */
type Dumped = [path: string, x: number, y: number][];

/**
 * The same of ours: vertices by ring, the first repeated at the end where the geometry is a polygon. JSON knows no -0.
 */
function vertices({ xs, ys, ringOffsets, holes, kinds }: Geometry): [number, number][][] {
  return Array.from(holes, (_, ring) => {
    const [start, end] = [ringOffsets[ring]!, ringOffsets[ring + 1]!];
    const places = Array.from({ length: end - start }, (_, i): [number, number] => [
      xs[start + i]! + 0,
      ys[start + i]! + 0,
    ]);
    return kinds[0] === 2 ? [...places, places[0]!] : places;
  });
}

function rings(dumped: Dumped): [number, number][][] {
  const byPath = new Map<string, [number, number][]>();
  for (const [path, x, y] of dumped) byPath.set(path, [...(byPath.get(path) ?? []), [x, y]]);
  return [...byPath.values()];
}

const position = (dimensions: number): fc.Arbitrary<string> =>
  fc.array(coordinate, { minLength: dimensions, maxLength: dimensions }).map((numbers) => numbers.join(" "));
const ring = (dimensions: number): fc.Arbitrary<string> =>
  fc
    .array(position(dimensions), { minLength: 3, maxLength: 6 })
    .map((places) => `(${[...places, places[0]].join(",")})`);
const polygon = (dimensions: number): fc.Arbitrary<string> =>
  fc.array(ring(dimensions), { minLength: 1, maxLength: 3 }).map((all) => `(${all.join(",")})`);

/** Types of which there are empty geometries. */
const types =
  "POINT LINESTRING POLYGON TRIANGLE CIRCULARSTRING COMPOUNDCURVE CURVEPOLYGON MULTIPOINT MULTILINESTRING MULTIPOLYGON MULTICURVE MULTISURFACE POLYHEDRALSURFACE TIN GEOMETRYCOLLECTION".split(
    " ",
  );

/** Geometries as text, of every type that is read, with and without Z, M and SRID. */
const ewkt = fc
  .tuple(fc.constantFrom("", "Z", "M", "ZM"), fc.constantFrom("", "SRID=4326;", "SRID=3857;", "SRID=999999;"))
  .chain(([dimension, srid]) => {
    const d = 2 + dimension.length;
    return fc
      .oneof(
        fc.constantFrom(...types).map((type) => [type, "EMPTY"]),
        fc.constantFrom("(POINT EMPTY)", "(LINESTRING EMPTY,POLYGON EMPTY)").map((all) => ["GEOMETRYCOLLECTION", all]),
        position(d).map((text) => ["POINT", `(${text})`]),
        position(d).map((text) => ["MULTIPOINT", `((${text}))`]),
        polygon(d).map((text) => ["POLYGON", text]),
        fc
          .array(fc.oneof({ weight: 5, arbitrary: polygon(d) }, fc.constant("EMPTY")), { minLength: 1, maxLength: 3 })
          .map((all) => ["MULTIPOLYGON", `(${all.join(",")})`]),
      )
      .map(([type, body]) => `${srid}${type} ${dimension} ${body}`);
  });

describe("the EWKB reader", () => {
  let server: Server | undefined;
  let db: TestDatabase;

  before(async function () {
    server = await startPostgis();
    if (!server) {
      console.log("      PostGIS is not installed: these tests are skipped");
      return this.skip();
    }
    db = await createDatabase(server);
    await db.admin.query(`
      CREATE EXTENSION postgis;
      CREATE FUNCTION dumped(geom geometry) RETURNS jsonb LANGUAGE sql AS
        $$ SELECT coalesce(jsonb_agg(jsonb_build_array(path[:cardinality(path) - 1]::text, ST_X(geom), ST_Y(geom)) ORDER BY path), '[]') FROM ST_DumpPoints(geom) $$;
      CREATE FUNCTION tried(bytes bytea) RETURNS jsonb LANGUAGE plpgsql AS $$
        BEGIN
          RETURN dumped(bytes::geometry);
        EXCEPTION WHEN OTHERS THEN RETURN NULL;
        END $$`);
  });
  after(async () => {
    await db?.close();
    await server?.stop();
  });

  it("reads what PostGIS writes: SRID, Z and M, multi, empty, both byte orders, EWKB and ISO", () =>
    fc.assert(
      fc.asyncProperty(fc.array(ewkt, { minLength: 1, maxLength: 50 }), async (texts) => {
        const { rows } = await db.admin.query<{ forms: Buffer[]; iso: Buffer[]; srid: number; dumped: Dumped }>(
          `SELECT ARRAY[ST_AsEWKB(geom, 'NDR'), ST_AsEWKB(geom, 'XDR'), geometry_send(geom)] AS forms,
                  ARRAY[ST_AsBinary(geom, 'NDR'), ST_AsBinary(geom, 'XDR')] AS iso,
                  ST_SRID(geom) AS srid, dumped(geom) AS dumped
             FROM unnest($1::text[]) WITH ORDINALITY t (ewkt, place), ST_GeomFromEWKT(ewkt) geom
            ORDER BY place`,
          [texts],
        );
        for (const [i, { forms, iso, srid, dumped }] of rows.entries()) {
          for (const bytes of [...forms, ...iso]) {
            const geometry = readBytes(bytes);
            if (typeof geometry === "string") assert.fail(`${texts[i]}: ${geometry}`);
            assert.deepEqual(vertices(geometry), rings(dumped), texts[i]);
            assert.equal(geometry.srid, iso.includes(bytes) ? 0 : srid);
          }
        }
      }),
      { numRuns: 60 },
    ));

  it("refuses 10,000 changed geometries, or reads what PostGIS reads", async () => {
    const { rows } = await db.admin.query<{ bytes: Buffer }>(
      `SELECT ST_AsEWKB(text::geometry, endian) AS bytes
         FROM unnest(ARRAY['SRID=4326;POINT(1 2)', 'POINT ZM (1 2 3 4)', 'MULTIPOINT((5 6))', 'POLYGON((0 0,4 0,0 4,0 0),(1 1,2 1,1 2,1 1))',
                           'SRID=3857;MULTIPOLYGON Z (((0 0 1,4 0 1,0 4 1,0 0 1)),((8 8 1,9 8 1,8 9 1,8 8 1)))']) text, unnest(ARRAY['NDR', 'XDR']) endian`,
    );
    const changed = fc.sample(fc.oneof(...rows.map(({ bytes }) => mutated(bytes))), 10_000);
    let both = 0;
    for (let at = 0; at < changed.length; at += 500) {
      const some = changed.slice(at, at + 500);
      const { rows } = await db.admin.query<{ dumped: Dumped | null }>(
        "SELECT tried(bytes) AS dumped FROM unnest($1::bytea[]) WITH ORDINALITY t (bytes, place) ORDER BY place",
        [some],
      );
      for (const [i, { dumped }] of rows.entries()) {
        const geometry = readBytes(some[i]!);
        if (typeof geometry === "string" || dumped === null) continue;
        assert.deepEqual(vertices(geometry), rings(dumped), some[i]!.toString("hex"));
        both++;
      }
    }
    assert.ok(both > 500, `only ${both} were read by both`);
  });
});
