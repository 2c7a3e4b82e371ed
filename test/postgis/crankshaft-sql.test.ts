import assert from "node:assert/strict";
import type pg from "pg";
import type { Server } from "#dist/demo/server.js";
import { allClose } from "../support/assertions.js";
import { startPostgis } from "../support/postgis.js";
import { generator } from "../support/random.js";
import { createDatabase, roles, type TestDatabase } from "../support/server.js";

interface Point {
  x: number;
  y: number;
  value: number;
}

/** Points with values, in a square of this width at 2 41. */
function somePoints(n: number, seed: number, width = 0.1): Point[] {
  const random = generator(seed);
  return Array.from({ length: n }, () => ({
    x: 2 + width * random(),
    y: 41 + width * random(),
    value: Math.round(1000 * random()) / 10,
  }));
}

const distance = (a: { x: number; y: number }, b: { x: number; y: number }): number => Math.hypot(a.x - b.x, a.y - b.y);

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("crankshaft's functions that need no job", () => {
  let server: Server | undefined;
  let db: TestDatabase;
  before(async function () {
    server = await startPostgis();
    if (!server) {
      console.log("      PostGIS is not installed: these tests are skipped");
      return this.skip();
    }
    db = await createDatabase(server);
    // in a schema whose name needs quotes
    await db.admin.query(
      'CREATE SCHEMA "Post GIS"; CREATE EXTENSION postgis SCHEMA "Post GIS"; CREATE EXTENSION dblink',
    );
    await db.admin.query(`GRANT USAGE ON SCHEMA "Post GIS" TO ${roles.owner}, ${roles.analyst}`);
    await db.admin.query(`GRANT USAGE ON FOREIGN DATA WRAPPER dblink_fdw TO ${roles.owner}`);
    await db.install({ crankshaft: true });
    await db.analyst.query('SET search_path = public, cdb_crankshaft, "Post GIS"');
    // the tests' own queries are large and run once
    await db.analyst.query("SET jit = off");
  });
  after(async () => {
    await db?.close();
    await server?.stop();
  });

  /** The rows of a query as arrays, numbers as numbers. */
  async function rows(text: string, values: unknown[] = []): Promise<unknown[][]> {
    const result = await db.analyst.query<unknown[]>({ text, values, rowMode: "array" });
    const numeric = result.fields.map(({ dataTypeID }) => dataTypeID === 1700);
    return result.rows.map((row) => row.map((cell, i) => (numeric[i] && cell !== null ? Number(cell) : cell)));
  }

  const cell = async (expression: string, values: unknown[] = []): Promise<unknown> =>
    (await rows(`SELECT ${expression}`, values))[0]![0];

  /** What runs with crankshaft's own numbers. */
  async function withBugs<T>(run: () => Promise<T>): Promise<T> {
    await db.analyst.query("SET driveshaft.crankshaft_bugs = on");
    try {
      return await run();
    } finally {
      await db.analyst.query("RESET driveshaft.crankshaft_bugs");
    }
  }

  /** Refused with our code, and this message. */
  async function refused(expression: string, message: RegExp): Promise<void> {
    await assert.rejects(rows(`SELECT ${expression}`), (error: pg.DatabaseError) => {
      assert.equal(error.code, "DS000", error.message);
      assert.match(error.message, /^INVALID_PARAMETER: /);
      assert.match(error.message, message);
      assert.ok(error.hint);
      return true;
    });
  }

  /** Arrays of geometries and values, as parameters $1 to $3 of a query. */
  const GEOMETRIES = "ARRAY(SELECT ST_SetSRID(ST_Point(x, y), 4326) FROM unnest($1::float8[], $2::float8[]) p (x, y))";
  const columns = (points: Point[]): number[][] => [
    points.map(({ x }) => x),
    points.map(({ y }) => y),
    points.map(({ value }) => value),
  ];

  it("say the version", async () => {
    assert.deepEqual(await rows("SELECT cdb_crankshaft_version(), _cdb_crankshaft_internal_version()"), [
      ["0.9.0", "0.9.0"],
    ]);
  });

  it("find each other in any search_path, and the caller's tables in the caller's", async () => {
    await db.analyst.query(`
      CREATE TABLE zones (the_geom "Post GIS".geometry, "Value" float8);
      CREATE TABLE shops (cartodb_id integer, the_geom "Post GIS".geometry, size integer, attrib numeric)`);
    await db.analyst
      .query(`INSERT INTO zones VALUES (ST_MakeEnvelope(0, 0, 2, 2), 10), (ST_MakeEnvelope(2, 0, 4, 2), 20);
      INSERT INTO shops SELECT i, ST_SetSRID(ST_Point(2 + i * 0.01, 41), 4326), i, i FROM generate_series(1, 3) i`);
    await db.analyst.query("SET search_path = public");
    try {
      const square = `"Post GIS".ST_MakeEnvelope(1, 0, 4, 1)`;
      assert.equal(await cell(`cdb_crankshaft.cdb_overlap_sum(${square}, 'zones', 'Value')`), 12.5);
      const shops = "'SELECT * FROM shops -- all', 'size'";
      const point = `"Post GIS".ST_SetSRID("Post GIS".ST_Point(2.02, 41), 4326)`;
      assert.equal(await cell(`count(*)::integer FROM cdb_crankshaft.cdb_gravity(${shops}, ${shops}, 2, 50000)`), 3);
      assert.equal(await cell(`cdb_crankshaft.cdb_spatialinterpolation('TABLE shops', ${point}, 2)`), 2);
      await db.analyst.query("SET search_path = ''");
      assert.equal(
        await cell(`cdb_crankshaft.cdb_overlap_sum(${square}, 'zones', 'Value', schema_name => 'public')`),
        12.5,
      );
      const { rows: grid } = await db.analyst.query(`SELECT cdb_crankshaft.cdb_rectanglegrid(${square}, 1, 1)`);
      assert.equal(grid.length, 3);
      await refused(`cdb_crankshaft.cdb_overlap_sum(${square}, 'zones', 'Value')`, /there is no table zones/);
    } finally {
      await db.analyst.query('SET search_path = public, cdb_crankshaft, "Post GIS"');
    }
  });

  describe("CDB_WeightedMean", () => {
    const of = (points: string): Promise<unknown> =>
      cell(`ST_AsText(cdb_weightedmean(p, w)) FROM (VALUES ${points}) v (p, w)`);
    const at = (x: number, y: number): string => `ST_SetSRID(ST_Point(${x}, ${y}), 4326)`;

    it("is the mean by weights of what has both", async () => {
      assert.equal(await of(`(${at(0, 10)}, 1.0), (${at(4, 20)}, 3), (NULL, 5), (${at(9, 9)}, NULL)`), "POINT(3 17.5)");
    });
    it("is null where the weights sum to 0; crankshaft: the sums themselves", async () => {
      assert.equal(await of(`(${at(1, 2)}, 2.0), (${at(3, 2)}, -2)`), null);
      assert.equal(await of("(NULL::geometry, 1.0)"), null);
      assert.equal(await withBugs(() => of(`(${at(1, 2)}, 2.0), (${at(3, 2)}, -2)`)), "POINT(-4 0)");
      assert.equal(await withBugs(() => of("(NULL::geometry, 1.0)")), "POINT(0 0)");
    });
    it("refuses other systems and types", async () => {
      await refused("cdb_weightedmean(ST_SetSRID(ST_Point(1, 2), 3857), 1)", /POINT of SRID 3857/);
      await refused("cdb_weightedmean(ST_MakeEnvelope(0, 0, 1, 1, 4326), 1)", /POLYGON of SRID 4326/);
    });
  });

  describe("CDB_PyAgg", () => {
    it("packs rows behind the number of columns, in their order", async () => {
      assert.equal(
        await cell("cdb_pyagg(ARRAY[i, i / 2, NULL]::numeric[] ORDER BY i DESC)::text FROM generate_series(1, 3) i"),
        "{3,3,1,NULL,2,1,NULL,1,0,NULL}",
      );
      assert.equal(await cell("cdb_pyagg(ARRAY[i])::text FROM generate_series(1, 0) i"), "{}");
      await refused("cdb_pyagg(a) FROM (VALUES (ARRAY[1, 2]), (ARRAY[3])) v (a)", /columns of a row is 1.*first 2/);
    });
    it("takes no longer for each of many rows", async () => {
      const packed = "cardinality(cdb_pyagg(ARRAY[i, i, i])) FROM generate_series(1, 30000) i";
      assert.equal(await cell(packed), 90_001);
    });
  });

  describe("CDB_Gravity", () => {
    const SHOPS =
      "ARRAY[1, 2, 3]::bigint[], ARRAY(SELECT ST_SetSRID(ST_Point(2 + i * 0.01, 41), 4326) " +
      "FROM generate_series(1, 3) i), ARRAY[10, 40, 90]::numeric[]";
    const HOMES =
      "ARRAY[7, 8]::bigint[], ARRAY[ST_SetSRID(ST_Point(2.01, 41), 4326), " +
      "ST_MakeEnvelope(2.02, 41, 2.04, 41.02, 4326)], ARRAY[100, 200]::numeric[]";

    it("is Huff's share of weight over distance, in percent", async () => {
      const lengths = (await cell(
        `ARRAY(SELECT ST_Distance(ST_Point(2.03, 41.01)::geography, ST_Point(2 + i * 0.01, 41)::geography)
          FROM generate_series(1, 3) i)`,
      )) as number[];
      const pulls = [10 / lengths[0]!, 40 / lengths[1]!, 90 / lengths[2]!];
      const share = pulls[1]! / (3 * mean(pulls));
      const [first, second] = await rows(
        `SELECT source_id::integer, target_id::integer, dist, h, hpop, GeometryType(the_geom)
          FROM cdb_gravity(${SHOPS}, ${HOMES}, 2, 10000)`,
      );
      assert.deepEqual([first![0], first![5], second![0], second![5]], [7, "POINT", 8, "POLYGON"]);
      allClose(second!.slice(1, 5) as number[], [2, lengths[1]!, 100 * share, 200 * share], 1e-12);
    });
    it("sums to 100 over the targets within the radius; distances up to a meter are 0", async () => {
      const all = await rows(`SELECT sum(h), min(dist) FROM generate_series(1, 3) target,
        cdb_gravity(${SHOPS}, ${HOMES}, target, 1800) g GROUP BY source_id ORDER BY source_id`);
      allClose(
        all.map(([sum]) => sum as number),
        [100, 100],
        1e-12,
      );
      assert.equal(all[0]![1], 0);
    });
    it("leaves out weights up to minval, and refuses negative ones", async () => {
      assert.deepEqual(await rows(`SELECT h FROM cdb_gravity(${SHOPS}, ${HOMES}, 3, 10000, 40)`), [[100], [100]]);
      assert.deepEqual(await rows(`SELECT h FROM cdb_gravity(${SHOPS}, ${HOMES}, 2, 10000, 40)`), []);
      await refused(`cdb_gravity(${SHOPS.replace("10,", "-1,")}, ${HOMES}, 3, 10000)`, /t_weight has -1/);
    });
    it("of queries is the same", async () => {
      const one =
        "SELECT unnest(ARRAY[1, 2, 3]) AS cartodb_id, unnest(ARRAY[10, 40, 90]) AS size, " +
        "unnest(ARRAY(SELECT ST_Point(2 + i * 0.01, 41) FROM generate_series(1, 3) i)) AS the_geom";
      const other =
        "SELECT 7 AS cartodb_id, ST_Point(2.01, 41) AS the_geom, 100 AS people UNION ALL " +
        "SELECT 8, ST_MakeEnvelope(2.02, 41, 2.04, 41.02), 200";
      const numbers = "SELECT source_id, target_id, dist, h, hpop FROM cdb_gravity";
      assert.deepEqual(
        await rows(`${numbers}('${one}', 'size', '${other}', 'people', 2, 2000)`),
        await rows(`${numbers}(${SHOPS}, ${HOMES}, 2, 2000)`),
      );
    });
  });

  describe("CDB_SpatialInterpolation", () => {
    const points = somePoints(60, 1);
    const places = somePoints(20, 2);
    const interpolate = async (method: number, p1 = 0, p2 = 0): Promise<number[]> =>
      (
        await rows(
          `SELECT cdb_spatialinterpolation(a.g, $3, ST_SetSRID(ST_Point(x, y), 4326), $4, $5, $6)
            FROM (SELECT ${GEOMETRIES} AS g) a, unnest($7::float8[], $8::float8[]) p (x, y)`,
          [...columns(points), method, p1, p2, ...columns(places).slice(0, 2)],
        )
      ).map(([value]) => value as number);
    const nearest = (place: Point): Point[] => [...points].sort((a, b) => distance(a, place) - distance(b, place));
    const weighted = (near: Point[], place: Point, power: number): number => {
      const weights = near.map((point) => distance(point, place) ** -power);
      return mean(near.map(({ value }, i) => value * weights[i]!)) / mean(weights);
    };

    it("of the nearest is their mean", async () => {
      allClose(
        await interpolate(0),
        places.map((place) => nearest(place)[0]!.value),
        1e-12,
      );
      const five = places.map((place) =>
        mean(
          nearest(place)
            .slice(0, 5)
            .map(({ value }) => value),
        ),
      );
      allClose(await interpolate(0, 5), five, 1e-12);
    });
    it("by inverse distances is that of all, or of the p1 nearest; crankshaft: of all and these again", async () => {
      allClose(
        await interpolate(2),
        places.map((place) => weighted(points, place, 1)),
        1e-12,
      );
      allClose(
        await interpolate(2, 4, 2),
        places.map((place) => weighted(nearest(place).slice(0, 4), place, 2)),
        1e-12,
      );
      const again = places.map((place) => weighted([...points, ...nearest(place).slice(0, 4)], place, 2));
      allClose(await withBugs(() => interpolate(2, 4, 2)), again, 1e-12);
    });
    it("by barycentric weights is a plane in each triangle", async () => {
      const corners = "ARRAY['POINT(0 0)', 'POINT(4 0)', 'POINT(0 4)']::geometry[], ARRAY[1, 5, 9]";
      const at = (x: number, y: number): Promise<unknown> =>
        cell(`cdb_spatialinterpolation(${corners}, ST_Point(${x}, ${y}))`);
      allClose([await at(1, 1), await at(2, 2), await at(0, 0), await at(1, 0)] as number[], [4, 7, 1, 2], 1e-14);
      // many triangles, among them flat ones along the hull, where GEOS alone has gaps
      const plane = ({ x, y }: Point): number => 1 + 30 * (x - 2) - 50 * (y - 41);
      const bowl = Array.from({ length: 41 }, (_, i) => ({
        x: 2 + i / 400,
        y: 41 + ((i - 20) / 20) ** 2 / 1e4,
        value: 0,
      }));
      const all = [...points, ...bowl].map((point) => ({ ...point, value: plane(point) }));
      const inside = bowl.slice(0, -1).map((point, i) => ({
        x: (point.x + bowl[i + 1]!.x) / 2,
        y: 1e-9 + (point.y + bowl[i + 1]!.y) / 2,
        value: 0,
      }));
      const found = await rows(
        `SELECT cdb_spatialinterpolation(a.g, $3, ST_SetSRID(ST_Point(x, y), 4326))
          FROM (SELECT ${GEOMETRIES} AS g) a, unnest($4::float8[], $5::float8[]) p (x, y)`,
        [...columns(all), ...columns(inside).slice(0, 2)],
      );
      allClose(
        found.map(([value]) => value as number),
        inside.map(plane),
        1e-9,
      );
    });
    it("is -888.888 outside, also of points on a line, and -777.777 by another method", async () => {
      const line = "ARRAY['POINT(0 0)', 'POINT(1 1)', 'POINT(2 2)']::geometry[], ARRAY[1, 2, 3]";
      assert.equal(await cell(`cdb_spatialinterpolation(${line}, ST_Point(1, 1))`), -888.888);
      assert.equal(await cell(`cdb_spatialinterpolation(${line}, ST_Point(5, 1), 1)`), -888.888);
      assert.equal(await cell(`cdb_spatialinterpolation(${line}, ST_Point(5, 1), 3)`), -777.777);
    });
    it("at coincident points is their mean; what has no place or value does not count", async () => {
      const twice =
        "ARRAY['POINT(0 0)', 'POINT(0 0)', 'POINT(1 0)', NULL, 'POINT EMPTY']::geometry[], ARRAY[1, 3, 9, 9, 9]";
      assert.equal(await cell(`cdb_spatialinterpolation(${twice}, ST_Point(0, 0), 2)`), 2);
      assert.equal(await cell(`cdb_spatialinterpolation(${twice}, ST_Point(9, 0), 0, 2)`), 5);
      assert.equal(await cell("cdb_spatialinterpolation('{}'::geometry[], '{}', ST_Point(9, 0), 0)"), null);
      assert.equal(await cell("cdb_spatialinterpolation(NULL::geometry[], NULL, ST_Point(9, 0), 0)"), null);
    });
    it("refuses arrays of two lengths, several systems, and others than points", async () => {
      const at = "ST_Point(1, 1)";
      await refused(
        `cdb_spatialinterpolation(ARRAY[${at}], ARRAY[1, 2], ${at})`,
        /geomin has 1 elements, but colin has 2/,
      );
      await refused(`cdb_spatialinterpolation(ARRAY[ST_SetSRID(${at}, 4326)], ARRAY[1], ${at})`, /SRID 0 and 4326/);
      await refused(`cdb_spatialinterpolation(ARRAY[ST_Buffer(${at}, 1)], ARRAY[1], ${at})`, /POINT, not POLYGON/);
      await refused(`cdb_spatialinterpolation(ARRAY[${at}], ARRAY[1], ${at}, 2, -1)`, /p1 is -1/);
    });
  });

  describe("surfaces", () => {
    it("CDB_Densify adds the middles of triangles", async () => {
      const corners = "ARRAY['POINT(0 0)', 'POINT(3 0)', 'POINT(0 3)']::geometry[], ARRAY[1, 5, 9]";
      const densified = (iterations: number): Promise<unknown[][]> =>
        rows(`SELECT ST_AsText(geomout, 9), round(colout, 9) FROM cdb_densify(${corners}, ${iterations})`);
      const first = [
        ["POINT(0 0)", 1],
        ["POINT(3 0)", 5],
        ["POINT(0 3)", 9],
      ];
      assert.deepEqual(await densified(0), first);
      assert.deepEqual(await densified(1), [...first, ["POINT(1 1)", 5]]);
      assert.equal((await densified(2)).length, 7);
      await refused(`cdb_densify(${corners}, 40)`, /iterations is 40/);
    });
    it("CDB_TINmap has triangles that tile the hull, with means of their corners' values", async () => {
      const [[count, missing, valid, off]] = (await rows(
        `SELECT count(*)::integer, sum(ST_Area(t.geomout)) / ST_Area(ST_ConvexHull(ST_Collect(t.geomout))) - 1,
            bool_and(ST_IsValid(t.geomout)), max(abs(t.colout - (SELECT avg(3 * ST_X(geom) - ST_Y(geom))
              FROM (SELECT DISTINCT geom FROM ST_DumpPoints(t.geomout)) p)::numeric))
          FROM (SELECT ${GEOMETRIES} AS g, $3::numeric[] AS v) a, cdb_tinmap(a.g, a.v, 1) t`,
        columns(somePoints(30, 3).map((point) => ({ ...point, value: 3 * point.x - point.y }))),
      )) as [[number, number, boolean, number]];
      assert.ok(count > 100 && valid);
      allClose([missing, off], [0, 0], 1e-12);
    });
    it("CDB_Voronoi has valid cells that tile the circle, each with the places nearest to its point", async () => {
      const points = somePoints(25, 4);
      const [row] = await rows(
        `WITH g AS (SELECT ${GEOMETRIES} AS g), cells AS (
            SELECT ST_Transform(d.geom, 3857) AS cell FROM g, ST_Dump(cdb_voronoi(g, 0.2)) d
          ), sites AS (SELECT ST_Transform(p, 3857) AS site FROM g, unnest(g) p)
          SELECT count(*)::integer, bool_and(ST_IsValid(cell)), sum(ST_Area(cell)) / ST_Area(ST_Union(cell)) - 1,
            bool_and((SELECT count(*) FROM sites WHERE ST_Contains(cell, site)) = 1),
            sqrt(sum(ST_Area(cell)) / pi()) / (SELECT radius FROM ST_MinimumBoundingRadius(
              (SELECT ST_Collect(site) FROM sites))),
            bool_and((SELECT s.site FROM sites s ORDER BY ST_Distance(s.site, ST_PointOnSurface(cell)) LIMIT 1) =
              (SELECT s.site FROM sites s WHERE ST_Contains(cell, s.site)))
          FROM cells`,
        columns(points).slice(0, 2),
      );
      assert.deepEqual([row![0], row![1], row![3], row![5]], [25, true, true, true]);
      allClose([row![2] as number], [0], 1e-9);
      allClose([row![4] as number], [1.2], 1e-3);
    });
    it("CDB_Voronoi of points on a line has their strips; of one point it is null", async () => {
      const on = (...places: string[]): Promise<unknown> =>
        cell(`ST_NumGeometries(cdb_voronoi(ARRAY['${places.join("','")}']::geometry[]))`);
      assert.equal(await on("SRID=4326;POINT(1 1)", "SRID=4326;POINT(1 2)", "SRID=4326;POINT(1 3)"), 3);
      assert.equal(await on("SRID=4326;POINT(1 1)", "SRID=4326;POINT(2 1)"), 2);
      const lattice = "ARRAY(SELECT ST_SetSRID(ST_Point(i / 7, i % 7), 3857) FROM generate_series(0, 27) i)";
      assert.equal(await cell(`ST_NumGeometries(cdb_voronoi(${lattice}))`), 28);
      assert.equal(await on("SRID=4326;POINT(1 1)", "SRID=4326;POINT(1 1)"), null);
      await refused("cdb_voronoi(ARRAY[ST_Point(1, 1)])", /no SRID/);
      await refused("cdb_voronoi(ARRAY['SRID=4326;POINT(0 90)']::geometry[])", /reaches a pole/);
    });
    it("CDB_PIA is as far from the boundary as can be, to the tolerance", async () => {
      const [row] = await rows(
        `SELECT ST_AsText(ST_Transform(cdb_pia(e, 0.1), 3857), 0) LIKE 'POINT(% 100)',
            ST_Distance(ST_Transform(cdb_pia(u, 0.01), 3857), ST_Boundary(u)), ST_SRID(cdb_pia(u)),
            ST_Within(cdb_pia(e, 1000), ST_Transform(e, 4326))
          FROM (SELECT ST_MakeEnvelope(0, 0, 600, 200, 3857) AS e, ST_Union(ST_MakeEnvelope(0, 0, 100, 400, 3857),
            ST_MakeEnvelope(0, 0, 400, 100, 3857)) AS u) shapes`,
      );
      assert.deepEqual([row![0], row![2], row![3]], [true, 4326, true]);
      // the circle that touches both far sides and the notch: r = (100 - r) sqrt(2)
      allClose([row![1] as number], [200 - 100 * Math.SQRT2], 1e-3);
      await refused("cdb_pia('SRID=4326;POINT(1 1)')", /POLYGON or MULTIPOLYGON, not POINT/);
      assert.equal(await cell("cdb_pia(NULL)"), null);
    });
  });

  describe("CDB_Contour", () => {
    const points = somePoints(80, 5);
    const contour = (more: string): Promise<unknown[][]> =>
      rows(
        `SELECT c.bin, c.min_value, c.max_value, c.avg_value, ST_IsValid(c.the_geom), ST_SRID(c.the_geom),
            ST_Area(ST_Transform(c.the_geom, 3857)), ST_Area(ST_ConvexHull(ST_Collect(ST_Transform(p, 3857))))
          FROM (SELECT ${GEOMETRIES} AS g, $3::numeric[] AS v) a, cdb_contour(a.g, a.v, ${more}) c, unnest(a.g) p
         GROUP BY c.the_geom, 1, 2, 3, 4 ORDER BY c.bin`,
        columns(points),
      );

    for (const [method, name] of ["nearest", "barycentric", "inverse distance"].entries()) {
      it(`has valid polygons that tile the hull: ${name}`, async () => {
        for (const classes of [0, 1, 2, 3]) {
          const bands = await contour(`0, ${method}, ${classes}, 4, 700`);
          assert.deepEqual(
            bands.map(([bin]) => bin),
            [0, 1, 2, 3],
          );
          assert.ok(bands.every((band) => band[4] === true && band[5] === 4326));
          const area = bands.reduce((sum, band) => sum + (band[6] as number), 0);
          allClose([area / (bands[0]![7] as number)], [1], 1e-9);
          bands.forEach((band, i) => {
            const [, low, high, average] = band as number[];
            assert.ok(low! <= average! && average! <= high!);
            if (i > 0) assert.ok(low! > (bands[i - 1]![2] as number));
          });
        }
      });
    }
    it("has the values of the interpolation at the centers of cells", async () => {
      const [row] = await rows(
        `WITH a AS (SELECT ${GEOMETRIES} AS g, $3::numeric[] AS v),
          hull AS (SELECT ST_ConvexHull(ST_Collect(ST_Transform(p, 3857))) AS hull FROM a, unnest(g) p),
          cells AS (SELECT ST_Centroid(ST_Intersection(hull, s.geom)) AS center
            FROM hull, ST_SquareGrid(2000, hull) s WHERE ST_Area(ST_Intersection(hull, s.geom)) > 0),
          m AS (SELECT ARRAY(SELECT ST_Transform(p, 3857) FROM unnest(g) p) AS g, v FROM a)
          SELECT ARRAY(SELECT round(avg(cdb_spatialinterpolation(m.g, m.v, center, method)), 9)::float8
              FROM cells, m, generate_series(0, 2) method GROUP BY method ORDER BY method),
            ARRAY(SELECT round(c.avg_value, 9)::float8
              FROM a, generate_series(0, 2) method, cdb_contour(g, v, 0, method, 0, 1, 2000) c ORDER BY method)`,
        columns(points),
      );
      allClose(row![0] as number[], row![1] as number[], 1e-8);
    });
    it("widens the hull by a share of its longer side, but for barycentric values", async () => {
      for (const [method, wider] of [
        [0, true],
        [1, false],
        [2, true],
      ] as const) {
        const bands = await contour(`0.2, ${method}, 3, 3, 1500`);
        const area = bands.reduce((sum, band) => sum + (band[6] as number), 0);
        assert.equal(area / (bands[0]![7] as number) > 1.5, wider);
      }
    });
    it("makes cells of a time; its default is a minute, and crankshaft's a cell of 60 km", async () => {
      assert.equal((await contour("0, 1, 3, 5, -1")).length, 5);
      const corners = "ARRAY['SRID=4326;POINT(0 0)', 'SRID=4326;POINT(1 0)', 'SRID=4326;POINT(0 1)']::geometry[]";
      assert.equal(await cell(`count(*)::integer FROM cdb_contour(${corners}, '{1, 5, 9}', 0, 1, 0, 5)`), 5);
      assert.equal((await withBugs(() => contour("0, 1, 3, 5"))).length, 1);
      assert.equal((await withBugs(() => contour("0, 1, 3, 5, -1"))).length, 5);
      await assert.rejects(contour("0, 1, 3, 5, 1"), /INVALID_PARAMETER: max_time is 1, so cells of 1 m would be/);
      await assert.rejects(contour("0, 3, 3, 5, 1000"), /INVALID_PARAMETER: intmethod is 3/);
    });
    it("has no rows without points, or with all on a line; nor has CDB_TINmap", async () => {
      const count = (geometries: string, values: string): Promise<unknown> =>
        cell(`count(*)::integer FROM cdb_contour(${geometries}, ${values}, 0, 1, 3, 5, 100)`);
      assert.equal(await count("NULL", "NULL"), 0);
      assert.equal(await count("'{}'", "'{}'"), 0);
      const line = "ARRAY(SELECT ST_SetSRID(ST_Point(i, i), 3857) FROM generate_series(1, 9) i)";
      assert.equal(await count(line, "'{1,2,3,4,5,6,7,8,9}'"), 0);
      assert.equal(await cell(`count(*)::integer FROM cdb_densify(${line}, '{1,2,3,4,5,6,7,8,9}', 2)`), 9);
      assert.equal(await cell(`count(*)::integer FROM cdb_tinmap(${line}, '{1,2,3,4,5,6,7,8,9}', 2)`), 0);
      assert.equal(await cell("count(*)::integer FROM cdb_tinmap('{}', '{}', 2)"), 0);
    });
  });

  describe("polygons", () => {
    it("cdb_overlap_sum gives each value by the share of its area; crossing rings are repaired", async () => {
      await db.analyst.query(`CREATE TABLE areas (the_geom geometry, value integer);
        INSERT INTO areas VALUES (ST_MakeEnvelope(0, 0, 2, 2), 10), (ST_MakeEnvelope(2, 0, 4, 2), 20),
          ('POLYGON((0 2,2 4,2 2,0 4,0 2))', 8), (NULL, 5)`);
      const sum = (geometry: string): Promise<unknown> => cell(`cdb_overlap_sum(${geometry}, 'areas', 'value')`);
      assert.equal(await sum("ST_MakeEnvelope(1, 0, 3, 2)"), 15);
      assert.equal(await sum("ST_MakeEnvelope(0, 2, 1, 4)"), 4);
      assert.equal(await sum("'POLYGON((0 0,2 2,2 0,0 2,0 0))'"), 5);
      assert.equal(await sum("ST_MakeEnvelope(9, 9, 10, 10)"), null);
      await refused("cdb_overlap_sum(ST_MakeEnvelope(0, 0, 1, 1, 4326), 'areas', 'value')", /SRID 4326 and 0/);
      await refused("cdb_overlap_sum(ST_Point(0, 0), 'areas', 'value')", /not POINT/);
      await refused("cdb_overlap_sum(ST_MakeEnvelope(0, 0, 1, 1), 'areas; DROP TABLE areas', 'value')", /no table/);
    });
    it("cdb_dot_density has as many dots inside, uniform by area, and again the same by setseed", async () => {
      const holed = "ST_Difference(ST_MakeEnvelope(0, 0, 4, 1, 4326), ST_MakeEnvelope(1, 0.2, 2, 0.8, 4326))";
      const dots = `(SELECT cdb_dot_density(${holed}, 1000) FROM setseed(0.5))`;
      const [row] = await rows(
        `SELECT ST_NumGeometries(d), ST_SRID(d), ST_Covers(${holed}, d), d = ${dots}, GeometryType(d),
            (SELECT count(*)::integer FROM ST_Dump(d) p WHERE ST_X(p.geom) > 2)
          FROM ${dots} AS s (d)`,
      );
      assert.deepEqual(row!.slice(0, 5), [1000, 4326, true, true, "MULTIPOINT"]);
      // 1000 dots, 2 of 3.4 to the right
      assert.ok(Math.abs((row![5] as number) - 588) < 60);
      assert.equal(await cell("ST_AsText(cdb_dot_density(ST_MakeEnvelope(0, 0, 4, 1), 0))"), "MULTIPOINT EMPTY");
      await refused("cdb_dot_density('POLYGON((0 0,1 1,1 1.00000001,0 0))', 100)", /fills only 4.9/);
      await refused("cdb_dot_density(ST_MakeEnvelope(0, 0, 4, 1), -1)", /no_points is -1/);
    });
    it("CDB_RectangleGrid has the rectangles whose centers are inside", async () => {
      const grid = (more: string): Promise<unknown[][]> =>
        rows(`SELECT ST_XMin(r), ST_YMin(r), ST_XMax(r), ST_YMax(r), ST_SRID(r) FROM cdb_rectanglegrid(${more}) r`);
      assert.deepEqual(await grid("ST_MakeEnvelope(0, 0, 4, 3, 3857), 2, 2"), [
        [0, 0, 2, 2, 3857],
        [2, 0, 4, 2, 3857],
      ]);
      // a center on the left or lower edge is in, on the right or upper edge is not
      assert.deepEqual(await grid("ST_MakeEnvelope(1, 1, 3, 3), 2, 2, ST_Point(0, 0)"), [[0, 0, 2, 2, 0]]);
      assert.deepEqual(await grid("ST_MakeEnvelope(0, 0, 2, 2), 2, 2, ST_Point(-1.5, 0)"), [[0.5, 0, 2.5, 2, 0]]);
      await refused("cdb_rectanglegrid(ST_MakeEnvelope(0, 0, 2, 2), 0, 2)", /width is 0/);
      await refused("cdb_rectanglegrid(ST_MakeEnvelope(0, 0, 2, 2), 1e-9, 2)", /rectangles of this width/);
      await refused("cdb_rectanglegrid(ST_MakeEnvelope(0, 0, 2, 2, 3857), 1, 2, ST_Point(0, 0))", /SRID 3857 and 0/);
    });
  });

  describe("classes", () => {
    const bins = (call: string): Promise<unknown> => cell(`${call}::float8[]`);
    it("CDB_EqualIntervalBins", async () => {
      assert.deepEqual(await bins("cdb_equalintervalbins('{10, 1, NULL, 4, NaN}', 3)"), [4, 7, 10]);
      assert.deepEqual(await bins("cdb_equalintervalbins('{5, 5}', 2)"), [5, 5]);
    });
    it("CDB_QuantileBins", async () => {
      assert.deepEqual(await bins("cdb_quantilebins('{1,2,3,4,5,6,7,8,9,10}', 4)"), [3, 5.5, 8, 10]);
      assert.deepEqual(await bins("cdb_quantilebins('{3}', 3)"), [3, 3, 3]);
    });
    it("CDB_HeadsTailsBins", async () => {
      assert.deepEqual(await bins("cdb_headstailsbins('{1,1,1,1,2,2,4,8,16,24}', 4)"), [6, 16, 24]);
      assert.deepEqual(await bins("cdb_headstailsbins('{1,1,1,1,2,2,4,8,16,24}', 2)"), [6, 24]);
      assert.deepEqual(await bins("cdb_headstailsbins('{7,7}', 5)"), [7]);
    });
    it("CDB_JenksBins has the least sum of squares within", async () => {
      assert.deepEqual(await bins("cdb_jenksbins('{1,2,3,10,11,12,50,51,NULL}', 3)"), [3, 12, 51]);
      assert.deepEqual(await bins("cdb_jenksbins('{1,2,3,10,11,12,50,51}', 3, 5, true)"), [1, 10, 50]);
      assert.deepEqual(await bins("cdb_jenksbins('{4,2,2}', 7)"), [2, 4]);
      const random = generator(8);
      for (let trial = 0; trial < 5; trial++) {
        const values = Array.from({ length: 12 + trial }, () => Math.round(40 * random() ** 2)).sort((a, b) => a - b);
        const found = await cell("cdb_jenksbins($1, 4)::float8[]", [values]);
        allClose([within(values, found as number[])], [leastWithin(values, 4)], 1e-12);
      }
    });
    it("CDB_JenksBins of more than 5,000 different values takes these in groups", async () => {
      const halves = "cdb_jenksbins(array_agg(i)::numeric[], 2)::float8[] FROM generate_series(1, 6000) i";
      assert.deepEqual(await cell(halves), [3000, 6000]);
    });
    it("are null of nothing, and refuse a number of classes below 1", async () => {
      for (const name of ["equalinterval", "quantile", "headstails", "jenks"]) {
        for (const nothing of ["'{}'", "NULL", "'{NULL, NaN}'"]) {
          assert.equal(await cell(`cdb_${name}bins(${nothing}, 3)`), null);
        }
        await refused(`cdb_${name}bins('{1, 2}', 0)`, /breaks is 0/);
      }
    });
  });

  describe("outliers", () => {
    const visits = "ARRAY[1, 3, 5, 1, 32, 3, 57, NULL, 2]::numeric[]";
    const outlying = async (name: string, more: string, ids = "ARRAY[1, 2, 3, 4, 5, 6, 7, 8, 9]"): Promise<unknown> =>
      cell(`ARRAY(SELECT rowid FROM ${name}(${visits}, ${more.split(";")[0]}, ${ids}${more.split(";")[1] ?? ""}) o
        WHERE is_outlier ORDER BY rowid)`);

    it("CDB_StaticOutlier", async () => {
      assert.deepEqual(await rows("SELECT cdb_staticoutlier(v, 11) FROM unnest(ARRAY[1, 11, 11.5, NULL]) v"), [
        [false],
        [false],
        [true],
        [null],
      ]);
    });
    it("CDB_PercentOutlier", async () => {
      // the mean is 13
      assert.deepEqual(await outlying("cdb_percentoutlier", "2.0"), [5, 7]);
      // 1 is 0.75 of the mean, which has no end as a decimal
      assert.equal(
        await cell("bool_or(is_outlier AND rowid < 3) FROM cdb_percentoutlier('{1,1,2}', 0.75, '{1,2,3}')"),
        false,
      );
      assert.deepEqual(await rows("SELECT * FROM cdb_percentoutlier(ARRAY[-3, -1, NULL], 1, ARRAY[1, 2, 3])"), [
        [true, 1],
        [false, 2],
        [null, 3],
      ]);
      await refused("cdb_percentoutlier(ARRAY[-1, 1], 1, ARRAY[1, 2])", /Mean value is zero/);
      await refused("cdb_percentoutlier(ARRAY[-1, 1], 1, ARRAY[1])", /column_values has 2 elements, but ids has 1/);
    });
    it("CDB_StdDevOutlier", async () => {
      // the deviation is 20.5
      assert.deepEqual(await outlying("cdb_stddevoutlier", "2.0"), [7]);
      assert.deepEqual(await outlying("cdb_stddevoutlier", "0.58"), [1, 4, 5, 7]);
      assert.deepEqual(await outlying("cdb_stddevoutlier", "0.58;, false"), [5, 7]);
      await refused("cdb_stddevoutlier(ARRAY[4, 4], 1, ARRAY[1, 2])", /Standard deviation of input data is zero/);
      assert.deepEqual(await rows("SELECT * FROM cdb_stddevoutlier('{}', 1, '{}')"), []);
    });
  });
});

/** The sum of squares within classes, each up to an edge. */
function within(values: number[], edges: number[]): number {
  let sum = 0;
  edges.forEach((edge, i) => {
    const members = values.filter((value) => value <= edge && (i === 0 || value > edges[i - 1]!));
    const center = mean(members);
    for (const value of members) sum += (value - center) ** 2;
  });
  return sum;
}

/** The least such sum, by trying all edges. */
function leastWithin(values: number[], classes: number): number {
  const different = [...new Set(values)];
  const tries = (edges: number[], next: number): number[] =>
    edges.length === classes - 1
      ? [within(values, [...edges, different.at(-1)])]
      : different.slice(next, -1).flatMap((edge, i) => tries([...edges, edge], next + i + 1));
  return Math.min(...tries([], 0));
}
