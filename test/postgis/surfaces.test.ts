import assert from "node:assert/strict";
import { convexHull, isobands, nodesOver, surfaceOfNodes, surfaceOfPoints, tinMap, tinOf, voronoi } from "driveshaft";
import type { Server } from "#dist/demo/server.js";
import { NOWHERE, type Geometry } from "#dist/geometry/geometry.js";
import { wkbOf } from "#dist/geometry/to-wkb.js";
import { close } from "../support/assertions.js";
import { pointSets } from "../support/point-sets.js";
import { startPostgis } from "../support/postgis.js";
import { generator } from "../support/random.js";
import { createDatabase, type TestDatabase } from "../support/server.js";

describe("polygons that tile", () => {
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

  /** All are valid, and PostGIS, too, finds their areas to be that of the whole. */
  async function assertTiles(geometry: Geometry, area: number): Promise<void> {
    const wkb = wkbOf({ type: "geometry", geometry, srid: 0, geography: false });
    const there = [...geometry.kinds.keys()].filter((i) => geometry.kinds[i] !== NOWHERE);
    const { rows } = await db.admin.query<{ area: number; wrong: string | null }>(
      `SELECT sum(ST_Area(g)) AS area, min(ST_IsValidReason(g)) FILTER (WHERE NOT ST_IsValid(g)) AS wrong
         FROM unnest($1::text[]) hex, ST_GeomFromWKB(decode(hex, 'hex')) g`,
      [there.map((i) => wkb(i)!.toString("hex"))],
    );
    assert.equal(rows[0]!.wrong, null);
    close(rows[0]!.area, area);
  }

  for (const [name, { xs, ys }] of Object.entries(pointSets)) {
    it(`are Voronoi cells of points ${name}`, async () => {
      for (const [low, high] of [
        [0, 1],
        [0.05, 0.95],
        [-2, 3],
      ] as const) {
        const region = { xs: Float64Array.of(low, high, high, low), ys: Float64Array.of(low, low, high, high) };
        await assertTiles(voronoi(xs, ys, region).cells, (high - low) ** 2);
      }
    });

    it(`are contours over points ${name}, also of values that are equal to breaks`, async () => {
      const random = generator(4);
      const breaks = Float64Array.of(0, 0.5, 1);
      for (const valueAt of [
        (x: number, y: number) => Math.sin(9 * x) + Math.cos(7 * y),
        (x: number) => x,
        () => 2 * random() - 0.5,
        () => Math.floor(3 * random()) / 2,
        () => 0.5,
      ]) {
        const values = xs.map((x, i) => valueAt(x, ys[i]!));
        await assertTiles(isobands(surfaceOfPoints(xs, ys, values), breaks).bands, convexHull(xs, ys).area);
        const nodes = nodesOver([0, 0, 1, 0.5], 1 / 23);
        const surface = surfaceOfNodes(
          nodes,
          nodes.xs.map((x, i) => valueAt(x, nodes.ys[i]!)),
        );
        await assertTiles(isobands(surface, breaks).bands, 0.5);
      }
    });

    it(`are triangles between points ${name}`, async () => {
      await assertTiles(tinMap(xs, ys, tinOf(xs, ys, xs)).triangles, convexHull(xs, ys).area);
    });
  }
});
