import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Server } from "#dist/demo/server.js";
import { findAnalysis } from "#dist/analyses/index.js";
import { withCarto } from "#dist/carto/direct.js";
import { runJob } from "#dist/job/job.js";
import { moranLocal, queen, rook } from "driveshaft";
import { allClose, failure } from "../support/assertions.js";
import { cartodbfy, KEY, startCarto } from "../support/carto.js";
import { fixture, fixturePath } from "../support/fixtures.js";
import { run } from "../support/jobs.js";
import { startPostgis } from "../support/postgis.js";
import { createDatabase, roles, type TestDatabase } from "../support/server.js";

describe("with PostGIS", () => {
  let server: Server | undefined;
  let db: TestDatabase;
  let stopWorker: () => Promise<void>;
  const { geometry, column } = fixture("columbus");

  before(async function () {
    server = await startPostgis();
    if (!server) {
      console.log("      PostGIS is not installed: these tests are skipped");
      return this.skip();
    }
    db = await createDatabase(server);
    await db.admin.query("CREATE EXTENSION postgis");
    stopWorker = await db.startWorker();
    const { features } = JSON.parse(readFileSync(fixturePath("columbus.geojson"), "utf8")) as {
      features: { geometry: object; properties: { id: number; CRIME: number } }[];
    };
    await db.analyst.query("CREATE TABLE columbus (id integer, crime float8, geom geometry)");
    await db.analyst.query(
      "INSERT INTO columbus SELECT id, crime, ST_GeomFromGeoJSON(json) FROM unnest($1::int[], $2::float8[], $3::text[]) c (id, crime, json)",
      [
        features.map(({ properties }) => properties.id),
        features.map(({ properties }) => properties.CRIME),
        features.map((feature) => JSON.stringify(feature.geometry)),
      ],
    );
  });
  after(async () => {
    await stopWorker?.();
    await db?.close();
    await server?.stop();
  });

  const localI = async (query: string, target: string, params: object = {}): Promise<number[]> => {
    const { state, error_message } = await run(
      db.analyst,
      "moran_local",
      query,
      { value: "crime", permutations: 99, ...params },
      target,
    );
    assert.equal(state, "ready", error_message ?? "");
    return (await db.analyst.query<{ local_i: number }>(`SELECT local_i FROM ${target} ORDER BY id`)).rows.map(
      (row) => row.local_i,
    );
  };

  it("a result on CARTO carries the_geom, of which CARTO makes the_geom_webmercator", async () => {
    await db.analyst.query(cartodbfy);
    await db.analyst.query(
      "CREATE TABLE areas AS SELECT id AS cartodb_id, crime, ST_SetSRID(geom, 4326) AS the_geom, ST_SetSRID(geom, 3857) AS the_geom_webmercator FROM columbus",
    );
    const carto = await startCarto(db.url(roles.analyst));
    try {
      const account = { url: carto.url, apiKey: KEY };
      const { signal } = new AbortController();
      const parameters = { value: "crime", permutations: 99, include: ["the_geom", "the_geom_webmercator"] };
      for (const target of ["areas_paged", "areas_copied", "areas_imported"]) {
        carto.faults.noCopyTo = target === "areas_paged";
        const publish = target === "areas_imported" ? "import" : "sql";
        await withCarto(
          account,
          "SELECT * FROM areas",
          { target, overwrite: false, publish },
          signal,
          async (source, sink) => {
            await runJob({ analysis: findAnalysis("moran_local"), parameters }, source, sink!);
          },
        );
        const { rows } = await db.analyst.query(
          `SELECT count(*)::int AS n, bool_and(ST_Equals(r.the_geom, a.the_geom)) AS same, bool_and(ST_SRID(r.the_geom_webmercator) = 3857) AS projected
             FROM ${target} r JOIN areas a USING (cartodb_id)`,
        );
        assert.deepEqual(rows, [{ n: 49, same: true, projected: true }]);
        const { rows: columns } = await db.analyst.query<{ name: string }>(
          "SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
          [target],
        );
        assert.deepEqual(columns.map(({ name }) => name).slice(0, 3), [
          "cartodb_id",
          "the_geom",
          "the_geom_webmercator",
        ]);
      }
      for (const [form, message] of [
        ["ST_Transform(the_geom, 3857)", /the_geom has the SRID 3857/],
        ["ST_Force3D(the_geom)", /the_geom has more than two dimensions/],
        ["the_geom::geography", /the_geom is of type geography/],
      ] as const) {
        const query = `SELECT cartodb_id, crime, the_geom AS geom, ${form} AS the_geom FROM areas`;
        const of = { value: "crime", geometry: "geom", permutations: 9, include: ["the_geom"] };
        await assert.rejects(
          withCarto(account, query, { target: "refused", overwrite: false }, signal, async (source, sink) => {
            await runJob({ analysis: findAnalysis("moran_local"), parameters: of }, source, sink!);
          }),
          failure("WRONG_COLUMN_TYPE", message),
        );
      }
      const query = "SELECT cartodb_id, crime, the_geom, ST_Transform(the_geom, 3857) AS projected FROM areas";
      await withCarto(account, query, { target: "areas_projected", overwrite: false }, signal, async (source, sink) => {
        const more = { ...parameters, include: ["projected"] };
        await runJob({ analysis: findAnalysis("moran_local"), parameters: more }, source, sink!);
      });
      const { rows } = await db.analyst.query(
        "SELECT count(*)::int AS n FROM areas_projected r JOIN areas a USING (cartodb_id) WHERE r.the_geom IS NULL AND ST_Equals(r.projected, ST_Transform(a.the_geom, 3857))",
      );
      assert.deepEqual(rows, [{ n: 49 }]);
    } finally {
      await carto.close();
    }
  });

  it("polygons of type geometry give what the library computes, by queen and by rook", async () => {
    const expected = (weights: ReturnType<typeof queen>): Float64Array =>
      moranLocal(column("CRIME"), weights, { permutations: 0 }).localI;
    allClose(await localI("SELECT * FROM columbus", "by_queen"), expected(queen(geometry)), 1e-15);
    allClose(
      await localI("SELECT * FROM columbus", "by_rook", { weights: { type: "rook" } }),
      expected(rook(geometry)),
      1e-15,
    );
  });

  it("multipolygons, SRID, Z and M change nothing", async () => {
    const plain = await localI("SELECT * FROM columbus", "plain");
    for (const [i, form] of [
      "ST_Multi(geom)",
      "ST_SetSRID(geom, 3857)",
      "ST_Force3D(geom)",
      "ST_Force4D(ST_Multi(geom))",
    ].entries()) {
      assert.deepEqual(await localI(`SELECT id, crime, ${form} AS geom FROM columbus`, `form_${i}`), plain);
    }
  });

  it("empty geometries are undefined rows", async () => {
    const query =
      "SELECT id, crime, CASE id WHEN 1 THEN 'POLYGON EMPTY'::geometry WHEN 2 THEN NULL WHEN 3 THEN 'POINT EMPTY'::geometry ELSE geom END AS geom FROM columbus";
    const { summary } = await run(db.analyst, "moran_local", query, { value: "crime", permutations: 9 }, "empties");
    assert.equal(summary.rows.undefined, 3);
  });

  it("lines are refused with the row's id", async () => {
    const query = "SELECT id, crime, CASE WHEN id = 30 THEN ST_Boundary(geom) ELSE geom END AS geom FROM columbus";
    const { error_code, error_message } = await run(db.analyst, "moran_local", query, { value: "crime" }, "lines");
    assert.equal(error_code, "INVALID_GEOMETRY");
    assert.match(error_message!, /the row with id 30: a LineString/);
  });

  it("geography is measured on the sphere, and only when that is said", async () => {
    const query =
      "SELECT id, crime, ST_Centroid(geom)::geometry(Point, 4326)::geography AS geom FROM (SELECT id, crime, ST_SetSRID(geom, 4326) AS geom FROM columbus) c";
    const params = { value: "crime", weights: { type: "knn", k: 4 }, permutations: 9 };
    const refused = await run(db.analyst, "moran_local", query, params, "flat");
    assert.deepEqual(
      [
        refused.error_code,
        refused.error_message!.includes("great_circle is false, but the column is of type geography"),
      ],
      ["INVALID_PARAMETER", true],
    );
    const { state, summary } = await run(
      db.analyst,
      "moran_local",
      query,
      { ...params, weights: { type: "knn", k: 4, great_circle: true } },
      "round",
    );
    assert.deepEqual([state, summary.warnings], ["ready", []]);
  });

  it("longitudes and latitudes in the plane are taken, with a warning", async () => {
    const { summary } = await run(
      db.analyst,
      "kmeans",
      "SELECT id, ST_SetSRID(ST_Centroid(geom), 4326) AS geom FROM columbus",
      { k: 3 },
      "degrees",
    );
    assert.match(summary.warnings.join(), /taken as planar degrees/);
  });

  it("refuses places of several systems, in one column or in two tables, also in groups", async () => {
    await db.analyst.query(
      `CREATE TABLE homes AS SELECT g AS id, g % 2 AS zone, ST_SetSRID(ST_MakePoint(g, g % 7), 4326) AS geom
         FROM generate_series(1, 20) g`,
    );
    const homes = "SELECT * FROM homes";
    const of = (geom: string): string => `SELECT id, zone, ${geom} AS geom FROM homes`;
    const cases: [query: string, targets: string, message: RegExp][] = [
      [homes, of("ST_SetSRID(geom, 3857)"), /the rows are of SRID 4326, those of targets of SRID 3857/],
      [
        of("geom::geography"),
        of("ST_SetSRID(geom, 25832)"),
        /the rows are of type geography, those of targets of SRID/,
      ],
      [of("ST_SetSRID(geom, 0)"), of("geom::geography"), /of no known SRID.* those of targets of type geography/],
      [homes, of("ST_MakePoint(5e5, 4e6)"), /of SRID 4326, those of targets of no known SRID, and no longitudes/],
      [homes, of("ST_SetSRID(geom, 4326 - id % 2)"), /id 2 of the query of targets: .* 4326, those before it .* 4325/],
      [of("ST_SetSRID(geom, CASE id WHEN 9 THEN 3857 ELSE 4326 END)"), homes, /id 9: the place is of SRID 3857, those/],
    ];
    for (const by of [{}, { by: ["zone"] }]) {
      for (const [query, targets, message] of cases) {
        const done = await run(db.analyst, "nearest", query, { targets, ...by }, "never");
        assert.equal(done.error_code, "MIXED_GEOMETRY", message.source);
        assert.match(done.error_message!, message);
      }
      const done = await run(db.analyst, "nearest", homes, { targets: of("ST_SetSRID(geom, 0)"), ...by });
      assert.equal(done.state, "ready", done.error_message ?? "");
    }
  });
});
