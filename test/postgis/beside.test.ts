import assert from "node:assert/strict";
import { gridOf } from "#dist/cells/choose.js";
import type { Server } from "#dist/demo/server.js";
import { buildGeometry } from "#dist/geometry/geometry.js";
import { toGeoJson } from "#dist/geometry/to-geojson.js";
import { dotDensity, gravity, overlaps, type Geometry } from "#dist/index.js";
import { allClose, close } from "../support/assertions.js";
import { fixture } from "../support/fixtures.js";
import { startPostgis } from "../support/postgis.js";
import { generator, uniform } from "../support/random.js";
import { createDatabase, type TestDatabase } from "../support/server.js";

/** The polygons of a geometry, as rows of the parameters that hold them. */
const polygons = (parameter: number): string =>
  `(SELECT o - 1 AS i, ST_GeomFromGeoJSON(g) AS g FROM unnest($${parameter}::text[]) WITH ORDINALITY t (g, o))`;

const asTexts = (geometry: Geometry): string[] =>
  Array.from(geometry.kinds, (_, i) => JSON.stringify(toGeoJson(geometry, i)));

describe("beside PostGIS", () => {
  let server: Server | undefined;
  let db: TestDatabase;
  const { geometry } = fixture("nc_sids");
  const n = geometry.kinds.length;
  before(async function () {
    server = await startPostgis();
    if (!server) {
      console.log("      PostGIS is not installed: these tests are skipped");
      return this.skip();
    }
    db = await createDatabase(server);
    await db.admin.query("CREATE EXTENSION postgis");
  });
  after(async () => {
    await db?.close();
    await server?.stop();
  });
  const rowsOf = async <Row extends object>(text: string, values: unknown[]): Promise<Row[]> =>
    (await db.admin.query<Row>(text, values)).rows;

  it("gravity measures the distances of geographies", async () => {
    const random = generator(7);
    const [from, to] = [0, 1].map(() => ({
      xs: uniform(300, random).map((x) => 360 * x - 180),
      ys: uniform(300, random).map((y) => 180 * y - 90),
    }));
    const rows = await rowsOf<{ metres: number }>(
      `SELECT ST_Distance(ST_Point(a, b)::geography, ST_Point(c, d)::geography) AS metres
         FROM ROWS FROM (unnest($1::float8[]), unnest($2::float8[]), unnest($3::float8[]), unnest($4::float8[]))
              WITH ORDINALITY t (a, b, c, d, o) ORDER BY o`,
      [from!, to!].flatMap(({ xs, ys }) => [[...xs], [...ys]]),
    );
    rows.forEach(({ metres }, i) => {
      const [a, b, c, d] = [from!, to!].flatMap(({ xs, ys }) => [xs.subarray(i, i + 1), ys.subarray(i, i + 1)]);
      close(gravity(a!, b!, c!, d!, Float64Array.of(1), { greatCircle: true }).distances[0]!, metres, 1e-10);
    });
  });

  it("overlaps have the areas of ST_Intersection", async () => {
    const moved = { ...geometry, xs: geometry.xs.map((x) => x + 0.07), ys: geometry.ys.map((y) => y + 0.05) };
    const rows = await rowsOf<{ i: number; j: number; area: number }>(
      `SELECT a.i::int, b.i::int AS j, ST_Area(ST_Intersection(a.g, b.g)) AS area
         FROM ${polygons(1)} a JOIN ${polygons(2)} b ON ST_Intersects(a.g, b.g)`,
      [asTexts(geometry), asTexts(moved)],
    );
    const { offsets, others, areas } = overlaps(geometry, moved);
    const found = new Map<string, number>();
    for (let i = 0; i < n; i++) {
      for (let q = offsets[i]!; q < offsets[i + 1]!; q++) found.set(`${i}:${others[q]}`, areas[q]!);
    }
    for (const { i, j, area } of rows) {
      const own = found.get(`${i}:${j}`) ?? 0;
      assert.ok(Math.abs(own - area) < 1e-12, `${i} and ${j} have ${own}, not ${area}`);
      found.delete(`${i}:${j}`);
    }
    assert.ok([...found.values()].every((area) => area < 1e-12));
  });

  it("dots are where ST_Contains has them", async () => {
    const { polygons: owners, points } = dotDensity(geometry, new Float64Array(n).fill(100));
    const [row] = await rowsOf<{ inside: number }>(
      `SELECT count(*)::int AS inside
         FROM ROWS FROM (unnest($2::int[]), unnest($3::float8[]), unnest($4::float8[])) t (i, x, y)
         JOIN ${polygons(1)} a USING (i) WHERE ST_Contains(a.g, ST_SetSRID(ST_Point(x, y), ST_SRID(a.g)))`,
      [asTexts(geometry), [...owners], [...points.xs], [...points.ys]],
    );
    assert.equal(row!.inside, 100 * n);
  });

  for (const [type, name] of [
    ["square", "ST_SquareGrid"],
    ["hexagon", "ST_HexagonGrid"],
  ] as const) {
    it(`${type}s are those of ${name}, with the same numbers`, async () => {
      const random = generator(6);
      const xs = Float64Array.from({ length: 300 }, () => 40 * random() - 20);
      const ys = Float64Array.from({ length: 300 }, () => 40 * random() - 20);
      const size = 1.3;
      const { rows } = await db.admin.query<{ i: number; j: number; corners: number[] }>(
        `SELECT g.i, g.j, ARRAY(SELECT v FROM ST_DumpPoints(g.geom) d,
             LATERAL (VALUES (ST_X(d.geom)), (ST_Y(d.geom))) t (v) ORDER BY v) AS corners
           FROM ROWS FROM (unnest($1::float8[]), unnest($2::float8[])) WITH ORDINALITY p (x, y, place)
           CROSS JOIN LATERAL ${name}($3, ST_Expand(ST_Point(x, y), 0.001)) g
          WHERE ST_Contains(g.geom, ST_Point(x, y)) ORDER BY p.place`,
        [[...xs], [...ys], size],
      );
      assert.equal(rows.length, xs.length);
      const grid = gridOf({ type, size });
      const { highs, lows } = grid.cellsOf(xs, ys);
      rows.forEach(({ i, j, corners }, place) => {
        assert.equal(grid.idOf(highs[place]!, lows[place]!), `${i}:${j}`);
        const into = buildGeometry();
        grid.outline(highs[place]!, lows[place]!, into);
        const outline = into.take();
        // PostGIS repeats the first corner
        const own = [...outline.xs, ...outline.ys].sort((a, b) => a - b);
        const theirs = [...new Set(corners.map((value) => value.toFixed(9)))].sort();
        assert.deepEqual([...new Set(own.map((value) => value.toFixed(9)))].sort(), theirs);
        allClose([own[0]!, own.at(-1)], [corners[0]!, corners.at(-1)]);
      });
    });
  }
});
