import assert from "node:assert/strict";
import { gridOf } from "#dist/cells/choose.js";
import type { Server } from "#dist/demo/server.js";
import { buildGeometry } from "#dist/geometry/geometry.js";
import { allClose } from "../support/assertions.js";
import { startPostgis } from "../support/postgis.js";
import { generator } from "../support/random.js";
import { createDatabase, type TestDatabase } from "../support/server.js";

describe("squares and hexagons", () => {
  let server: Server | undefined;
  let db: TestDatabase;
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

  for (const [type, name] of [
    ["square", "ST_SquareGrid"],
    ["hexagon", "ST_HexagonGrid"],
  ] as const) {
    it(`of type ${type} are those of ${name}, with the same numbers`, async () => {
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
