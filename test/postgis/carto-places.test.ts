import assert from "node:assert/strict";
import { hullsAnalysis } from "#dist/analyses/hulls.js";
import { withCarto } from "#dist/carto/direct.js";
import type { Server } from "#dist/demo/server.js";
import { runJob } from "#dist/job/job.js";
import type { Table } from "#dist/table/table.js";
import { failure } from "../support/assertions.js";
import { cartodbfy, KEY, REGULAR_KEY, startCarto, type CartoServer } from "../support/carto.js";
import { columnType, compactWkt, shapes, square, summaryOf, tableOfPlaces } from "../support/places.js";
import { startPostgis } from "../support/postgis.js";
import { createDatabase, roles, type TestDatabase } from "../support/server.js";

describe("places of a result on CARTO", () => {
  let server: Server | undefined;
  let db: TestDatabase;
  let carto: CartoServer;
  before(async function () {
    server = await startPostgis();
    if (!server) {
      console.log("      PostGIS is not installed: these tests are skipped");
      return this.skip();
    }
    db = await createDatabase(server);
    await db.admin.query("CREATE EXTENSION postgis");
    await db.analyst.query(cartodbfy);
    carto = await startCarto(db.url(roles.analyst));
  });
  after(async () => {
    await carto?.close();
    await db?.close();
    await server?.stop();
  });

  async function write(target: string, table: Table, publish?: "sql" | "import"): Promise<string[]> {
    let warnings: string[] = [];
    const shares: number[] = [];
    const account = { url: carto.url, apiKey: publish === "import" ? KEY : REGULAR_KEY };
    const { signal } = new AbortController();
    await withCarto(account, "SELECT 1 AS one", { target, overwrite: false, publish }, signal, async (_, sink) => {
      warnings = await sink!.write(table, summaryOf(table), (share) => shares.push(share));
    });
    assert.deepEqual(
      shares,
      shares.toSorted((a, b) => a - b),
    );
    const { rows } = await db.admin.query(
      "SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attname LIKE 'driveshaft%'",
      [target],
    );
    assert.deepEqual(rows, []);
    return warnings;
  }

  for (const publish of ["sql", "import"] as const) {
    it(`become the_geom, of which CARTO makes the_geom_webmercator (${publish})`, async () => {
      for (const srid of [0, 4326]) {
        const name = `degrees_${srid}_${publish}`;
        const table = tableOfPlaces({ hull: { of: shapes.MultiPolygon, srid } });
        assert.deepEqual(await write(name, table, publish), []);
        const { rows } = await db.analyst.query(
          `SELECT ST_AsText(the_geom) AS text, ST_SRID(the_geom) AS srid, ST_SRID(the_geom_webmercator) AS web
             FROM ${name} ORDER BY area`,
        );
        assert.deepEqual(rows.at(1), { text: compactWkt(shapes.MultiPolygon[1]!), srid: 4326, web: 3857 });
        assert.deepEqual(rows.at(-1), { text: null, srid: null, web: null });
      }
    });

    it(`of another system are projected, and a second geometry stays as it is (${publish})`, async () => {
      const name = `planar_${publish}`;
      const metres = { type: "Polygon", coordinates: [square(1_000_000, 6_000_000, 1000)] };
      const of = Array.from({ length: 20_500 }, (_, row) => (row % 1000 === 7 ? null : metres));
      const table = tableOfPlaces({ hull: { of, srid: 3857 }, ellipse: { of, srid: 3857 } });
      assert.deepEqual(await write(name, table, publish), []);
      const { rows } = await db.analyst.query(
        `SELECT count(*)::int AS n, count(the_geom)::int AS placed,
                  bool_and(ST_HausdorffDistance(the_geom_webmercator, ellipse) < 1e-6) AS same FROM ${name}`,
      );
      assert.deepEqual(rows, [{ n: 20_500, placed: 20_479, same: true }]);
      assert.deepEqual(
        [await columnType(db.admin, name, "the_geom"), await columnType(db.admin, name, "ellipse")],
        ["geometry(Geometry,4326)", "geometry(Polygon,3857)"],
      );
    });
  }

  it("of an analysis of places in the plane are the_geom of its groups", async () => {
    await db.analyst.query(
      `CREATE TABLE shops AS SELECT i AS cartodb_id, i % 4 AS town,
              ST_SetSRID(ST_MakePoint(10 + i * 7919 % 1000 / 1e4, 50 + i * 104729 % 997 / 1e4), 4326) AS the_geom
         FROM generate_series(1, 200) i`,
    );
    const account = { url: carto.url, apiKey: REGULAR_KEY };
    const query = "SELECT cartodb_id, town, ST_Transform(the_geom, 3857) AS the_geom FROM shops";
    const { signal } = new AbortController();
    await withCarto(account, query, { target: "town_hulls", overwrite: false }, signal, async (source, sink) => {
      const { warnings } = await runJob({ analysis: hullsAnalysis, parameters: { by: ["town"] } }, source, sink!);
      assert.deepEqual(warnings, []);
    });
    const { rows } = await db.analyst.query(
      `SELECT bool_and(ST_HausdorffDistance(h.the_geom, s.hull) < 1e-9) AS same, count(*)::int AS n FROM town_hulls h
         JOIN (SELECT town, ST_ConvexHull(ST_Collect(the_geom)) AS hull FROM shops GROUP BY town) s USING (town)`,
    );
    assert.deepEqual(rows, [{ same: true, n: 4 }]);
  });

  it("without an SRID stay a column where they are no longitudes and latitudes, with a warning", async () => {
    const of = [{ type: "Point", coordinates: [500_000, 12] }];
    assert.deepEqual(await write("unknown", tableOfPlaces({ hull: { of } })), [
      'the column "hull" is not the_geom: it has no SRID, and coordinates beyond longitudes and latitudes',
    ]);
    const { rows } = await db.analyst.query("SELECT ST_AsText(hull) AS text, the_geom FROM unknown");
    assert.deepEqual(rows, [{ text: "POINT(500000 12)", the_geom: null }]);
  });

  it("that cannot be projected fail the run, and leave nothing", async () => {
    await assert.rejects(
      write("unprojectable", tableOfPlaces({ hull: { of: shapes.Polygon, srid: 998_000 } })),
      failure("WRITE_FAILED", /SRID 998000 cannot be made longitudes and latitudes: .*spatial_ref_sys/),
    );
    const { rows } = await db.admin.query(
      "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '^(driveshaft|unproj)'",
    );
    assert.deepEqual(rows, []);
  });

  it("stay a column of their own where the_geom is carried from the query", async () => {
    const { rows } = await db.admin.query<{ wkb: Buffer }>("SELECT geometry_send('SRID=4326;POINT(1 2)') AS wkb");
    const bytes = rows[0]!.wkb;
    const carried = { type: "raw" as const, sqlType: "geometry", encoding: "bytes" as const, bytes };
    const table = tableOfPlaces({ hull: { of: [shapes.Polygon[0]!], srid: 3857 } });
    table.columns.push({ name: "the_geom", column: { ...carried, offsets: Uint32Array.of(0, bytes.length) } });
    assert.deepEqual(await write("carried", table), []);
    const { rows: written } = await db.analyst.query(
      "SELECT ST_AsText(the_geom) AS the_geom, ST_SRID(hull) AS srid FROM carried",
    );
    assert.deepEqual(written, [{ the_geom: "POINT(1 2)", srid: 3857 }]);
  });
});
