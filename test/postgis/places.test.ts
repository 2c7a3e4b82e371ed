import assert from "node:assert/strict";
import pg from "pg";
import type { Summary } from "#dist/compute/summary.js";
import type { Server } from "#dist/demo/server.js";
import { buildGeometry } from "#dist/geometry/geometry.js";
import { withDatabase } from "#dist/postgres/direct.js";
import { tableSink } from "#dist/postgres/sink.js";
import type { Table } from "#dist/table/table.js";
import { run } from "../support/jobs.js";
import { columnType, compactWkt, shapes, summaryOf, tableOfPlaces } from "../support/places.js";
import { startPostgis } from "../support/postgis.js";
import { createDatabase, roles, type TestDatabase } from "../support/server.js";

describe("places of a result", () => {
  let server: Server | undefined;
  before(async function () {
    server = await startPostgis();
    if (!server) {
      console.log("      PostGIS is not installed: these tests are skipped");
      return this.skip();
    }
  });
  after(() => server?.stop());

  /** Writes a table as a job does, on a connection like that which publishes it. */
  async function publish(db: TestDatabase, name: string, table: Table): Promise<string[]> {
    const client = new pg.Client({
      connectionString: db.url(roles.analyst),
      options: "-c search_path=pg_catalog,pg_temp",
    });
    await client.connect();
    try {
      let told: Summary | undefined;
      const sink = tableSink(
        `public.${name}`,
        name,
        () => Promise.resolve(client),
        (_, summary) => {
          told = summary;
          return Promise.resolve();
        },
      );
      const warnings = await sink.write(table, summaryOf(table), () => {});
      assert.deepEqual(told!.warnings, warnings);
      return warnings;
    } finally {
      await client.end();
    }
  }

  describe("where PostGIS is in public", () => {
    let db: TestDatabase;
    before(async () => {
      db = await createDatabase(server);
      await db.admin.query("CREATE EXTENSION postgis");
    });
    after(() => db.close());

    for (const [shape, geometries] of Object.entries(shapes)) {
      for (const srid of [0, 4326, 3857]) {
        it(`of the shape ${shape} and SRID ${srid} are a column of geometry with both`, async () => {
          const name = `of_${shape.toLowerCase()}_${srid}`;
          assert.deepEqual(await publish(db, name, tableOfPlaces({ hull: { of: geometries, srid } })), []);
          const { rows } = await db.analyst.query<{ text: string | null; srid: number | null }>(
            `SELECT ST_AsText(hull) AS text, ST_SRID(hull) AS srid FROM ${name} ORDER BY area`,
          );
          // in a column of multipolygons all are
          const multi = (text: string | null): string | null =>
            shape === "MultiPolygon" ? (text?.replace(/^POLYGON(.*)$/, "MULTIPOLYGON($1)") ?? null) : text;
          assert.deepEqual(
            rows,
            geometries.map((one) => ({ text: multi(compactWkt(one)), srid: one && srid })),
          );
          const { rows: known } = await db.analyst.query(
            "SELECT type, srid, coord_dimension AS dimension FROM geometry_columns WHERE f_table_name = $1",
            [name],
          );
          assert.deepEqual(known, [{ type: shape.toUpperCase(), srid, dimension: 2 }]);
        });
      }
    }

    it("of a query of geography are geography", async () => {
      for (const srid of [0, 4326]) {
        const name = `round_${srid}`;
        const table = tableOfPlaces({ hull: { of: shapes.MultiPolygon, srid, geography: true } });
        assert.deepEqual(await publish(db, name, table), []);
        assert.equal(await columnType(db.admin, name), "geography(MultiPolygon,4326)");
        const { rows } = await db.analyst.query<{ same: boolean }>(
          `SELECT ST_AsText(hull) = $1 AS same FROM ${name} WHERE area = 0.5`,
          [compactWkt(shapes.MultiPolygon[1]!)],
        );
        assert.deepEqual(rows, [{ same: true }]);
      }
    });

    it("of a job are those that PostGIS finds itself, in each group", async () => {
      await db.analyst.query(
        `CREATE TABLE shops AS SELECT i AS id, i % 4 AS town,
                ST_SetSRID(ST_MakePoint(4e6 + i * 7919 % 1000, 3e6 + i * 104729 % 997), 3035) AS geom
           FROM generate_series(1, 200) i`,
      );
      const stop = await db.startWorker();
      const { state, summary } = await run(db.analyst, "hulls", "SELECT * FROM shops", { by: ["town"] }, "town_hulls");
      await stop();
      assert.deepEqual([state, summary.warnings], ["ready", []]);
      assert.equal(await columnType(db.admin, "town_hulls"), "geometry(Polygon,3035)");
      const { rows } = await db.analyst.query(
        `SELECT bool_and(ST_Equals(h.hull, s.hull)) AS same, count(*)::int AS n FROM town_hulls h
           JOIN (SELECT town, ST_ConvexHull(ST_Collect(geom)) AS hull FROM shops GROUP BY town) s USING (town)`,
      );
      assert.deepEqual(rows, [{ same: true, n: 4 }]);
    });

    it("of a job are lines where places lie on one, and a point where they coincide", async () => {
      await db.analyst.query(
        `CREATE TABLE stops AS SELECT i AS id, i % 3 AS route,
                ST_SetSRID(ST_MakePoint(CASE i % 3 WHEN 2 THEN 5 ELSE i END, CASE i % 3 WHEN 0 THEN 2 * i ELSE 7 END), 3035) AS geom
           FROM generate_series(1, 30) i`,
      );
      const stop = await db.startWorker();
      const all = await run(db.analyst, "hulls", "SELECT * FROM stops", { by: ["route"] }, "routes");
      const lines = await run(db.analyst, "hulls", "SELECT * FROM stops WHERE route < 2", { by: ["route"] }, "lines");
      await stop();
      assert.deepEqual([all.state, lines.state], ["ready", "ready"]);
      assert.equal(await columnType(db.admin, "routes"), "geometry(Geometry,3035)");
      assert.equal(await columnType(db.admin, "lines"), "geometry(LineString,3035)");
      const { rows } = await db.analyst.query(
        `SELECT r.route, ST_GeometryType(r.hull) AS type, ST_Equals(r.hull, s.hull) AS same FROM routes r
           JOIN (SELECT route, ST_ConvexHull(ST_Collect(geom)) AS hull FROM stops GROUP BY route) s USING (route)
          ORDER BY route`,
      );
      assert.deepEqual(rows, [
        { route: 0, type: "ST_LineString", same: true },
        { route: 1, type: "ST_LineString", same: true },
        { route: 2, type: "ST_Point", same: true },
      ]);
    });

    it("may be several columns, each of its own system", async () => {
      const of = shapes.Polygon;
      await publish(db, "several", tableOfPlaces({ hull: { of, srid: 3857 }, "its Ellipse": { of, srid: 31468 } }));
      assert.deepEqual(
        [await columnType(db.admin, "several"), await columnType(db.admin, "several", "its Ellipse")],
        ["geometry(Polygon,3857)", "geometry(Polygon,31468)"],
      );
    });

    it("are what they are where there are no rows, or no place in any", async () => {
      await publish(db, "rowless", tableOfPlaces({ hull: { of: [], srid: 4326 } }));
      await publish(db, "placeless", tableOfPlaces({ hull: { of: [null, null], srid: 4326 } }));
      for (const name of ["rowless", "placeless"])
        assert.equal(await columnType(db.admin, name), "geometry(Geometry,4326)");
    });

    it("are written whatever SRID the bytes of a query said, and however few vertices a ring has", async () => {
      const builder = buildGeometry();
      for (const vertices of [1, 2]) {
        for (let v = 0; v < vertices; v++) builder.vertex(v, v);
        builder.ring(false);
        builder.polygon();
      }
      const geometry = builder.take();
      for (const srid of [-5, 999_999, 2_000_000_000]) {
        const name = `odd_${Math.abs(srid)}`;
        const column = { type: "geometry" as const, geometry, srid, geography: false };
        await publish(db, name, { n: 2, key: [], columns: [{ name: "hull", column }] });
        const { rows } = await db.analyst.query(`SELECT ST_NPoints(hull) AS points FROM ${name}`);
        assert.deepEqual(rows, [{ points: 4 }, { points: 4 }]);
      }
    });

    it("are WKB for a role that may not use the type, with a warning", async () => {
      await db.admin.query("REVOKE USAGE ON TYPE geometry FROM PUBLIC");
      const warnings = await publish(db, "untyped", tableOfPlaces({ hull: { of: shapes.Polygon, srid: 4326 } }));
      assert.deepEqual(warnings, [
        'the column "hull" is WKB in a bytea, of SRID 4326: the role may not use the type public.geometry',
      ]);
      await db.admin.query("GRANT USAGE ON TYPE geometry TO PUBLIC");
      const { rows } = await db.analyst.query(
        "SELECT ST_AsText(g) AS text, ST_SRID(g) AS srid FROM untyped, ST_GeomFromWKB(hull) g WHERE area = 0.5",
      );
      assert.deepEqual(rows, [{ text: compactWkt(shapes.Polygon[1]!), srid: 0 }]);
    });
  });

  describe("where PostGIS is in a schema of its own, and others have types called geometry", () => {
    let db: TestDatabase;
    before(async () => {
      db = await createDatabase(server);
      await db.admin.query(`
        CREATE SCHEMA geo;
        CREATE EXTENSION postgis SCHEMA geo;
        ALTER SCHEMA geo RENAME TO "Geo ""data"".x";
        CREATE SCHEMA theirs AUTHORIZATION ${roles.other};
        GRANT USAGE ON SCHEMA theirs TO PUBLIC`);
      const other = await db.open(roles.other);
      await other.query(`
        CREATE FUNCTION theirs.spy(bytea) RETURNS boolean LANGUAGE plpgsql AS
          $$ BEGIN RAISE EXCEPTION 'called as %', current_user; END $$;
        CREATE DOMAIN theirs.geometry AS bytea CHECK (theirs.spy(VALUE));
        CREATE TYPE public.geometry AS (wkb bytea)`);
      await other.end();
    });
    after(() => db.close());

    it("are of the type of the extension, once the role may use its schema, and WKB before", async () => {
      const table = tableOfPlaces({ hull: { of: shapes.Polygon, srid: 25832 } });
      assert.deepEqual(await publish(db, "closed", table), [
        'the column "hull" is WKB in a bytea, of SRID 25832: the role may not use the type "Geo ""data"".x".geometry',
      ]);
      assert.equal(await columnType(db.admin, "closed"), "bytea");
      await db.admin.query(`GRANT USAGE ON SCHEMA "Geo ""data"".x" TO ${roles.analyst}`);
      assert.deepEqual(await publish(db, "open", table), []);
      assert.equal(await columnType(db.admin, "open"), '"Geo ""data"".x".geometry(Polygon,25832)');
    });

    it("replace those of a former run, and an index on them passes on", async () => {
      const { signal } = new AbortController();
      for (const [of, overwrite] of [
        [shapes.Polygon, false],
        [shapes.MultiPolygon, true],
      ] as const) {
        const table = tableOfPlaces({ hull: { of: [...of], srid: 25832 } });
        await withDatabase(
          db.url(roles.analyst),
          "SELECT 1 AS one",
          { name: "run", overwrite },
          signal,
          async (_, sink) => {
            assert.deepEqual(await sink!.write(table, summaryOf(table), () => {}), []);
          },
        );
        if (!overwrite) await db.analyst.query("CREATE INDEX run_hull ON run USING gist (hull)");
      }
      assert.equal(await columnType(db.admin, "run"), '"Geo ""data"".x".geometry(MultiPolygon,25832)');
      const { rows } = await db.admin.query(
        "SELECT indrelid = 'run'::regclass AS passed FROM pg_index WHERE indexrelid = 'run_hull'::regclass",
      );
      assert.deepEqual(rows, [{ passed: true }]);
    });
  });

  describe("where others have types called geometry, and there is no PostGIS", () => {
    let db: TestDatabase;
    before(async () => {
      db = await createDatabase(server);
      const other = await db.open(roles.other);
      await other.query("CREATE TYPE public.geometry AS (wkb bytea); CREATE DOMAIN public.geography AS bytea");
      await other.end();
    });
    after(() => db.close());

    it("are WKB without an SRID, with a warning", async () => {
      for (const geography of [false, true]) {
        const name = geography ? "round" : "flat";
        const table = tableOfPlaces({ hull: { of: shapes.Geometry, srid: 4326, geography } });
        assert.deepEqual(await publish(db, name, table), [
          'the column "hull" is WKB in a bytea, of SRID 4326: the database has no PostGIS',
        ]);
        const { rows } = await db.analyst.query<{ hull: Buffer | null }>(`SELECT hull FROM ${name} ORDER BY area`);
        assert.deepEqual(
          rows.map(({ hull }) => hull?.readUInt32LE(1) ?? null),
          [1, 3, 6, null],
        );
      }
    });
  });
});
