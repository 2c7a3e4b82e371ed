import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { fileSink } from "#dist/files/write.js";
import { reportPage } from "#dist/report/page.js";
import type { Table } from "#dist/table/table.js";
import { placesOf, shapes, square, summaryOf, tableOfPlaces, wkt } from "../support/places.js";

interface Collection {
  crs?: object;
  features: { geometry: object | null; properties: Record<string, unknown> }[];
}

describe("places of a result in a file", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "driveshaft-places-"));
  });
  after(() => rm(folder, { recursive: true }));

  async function write(name: string, table: Table): Promise<{ text: string; warnings: string[] }> {
    const file = path.join(folder, name);
    const warnings = await fileSink(file).write(table, summaryOf(table), () => {});
    return { text: await readFile(file, "utf8"), warnings };
  }
  const collection = (text: string): Collection => JSON.parse(text) as Collection;
  const each = shapes.Geometry;

  it("are the geometry of the features in GeoJSON, and no property", async () => {
    const { text, warnings } = await write("hulls.geojson", tableOfPlaces({ hull: { of: each, srid: 4326 } }));
    const { features, ...rest } = collection(text);
    assert.deepEqual(rest, { type: "FeatureCollection" });
    assert.deepEqual(
      features.map(({ geometry, properties }) => ({ geometry, properties })),
      each.map((geometry, row) => ({ geometry, properties: { area: row / 2 } })),
    );
    assert.deepEqual(warnings, []);
  });

  it("are a property in GeoJSON after the first, which goes before the places of the rows", async () => {
    const table = tableOfPlaces({ hull: { of: each }, ellipse: { of: each.toReversed() } });
    const { text } = await write("both.geojson", { ...table, places: placesOf(each.map(() => null)) });
    assert.deepEqual(
      collection(text).features.map(({ geometry, properties }) => [geometry, properties.ellipse]),
      each.map((geometry, row) => [geometry, each.at(-1 - row)]),
    );
  });

  it("of another system are in GeoJSON as they are, and named where the EPSG knows the system", async () => {
    for (const [srid, known] of [
      [3857, true],
      [998_000, false],
    ] as const) {
      const { text, warnings } = await write(`${srid}.json`, tableOfPlaces({ hull: { of: each, srid } }));
      const { crs, features } = collection(text);
      assert.deepEqual(
        crs,
        known ? { type: "name", properties: { name: `urn:ogc:def:crs:EPSG::${srid}` } } : undefined,
      );
      assert.deepEqual(features[0]!.geometry, each[0]);
      assert.deepEqual(warnings, [
        `the coordinates of "hull" are of SRID ${srid}; programs expect those of SRID 4326 in GeoJSON`,
      ]);
    }
  });

  it("of the rows are said to be of another system too, where a result has none of its own", async () => {
    const table = { ...tableOfPlaces({ hull: { of: each } }), places: placesOf(each, 3857) };
    const without = { ...table, columns: table.columns.filter(({ column }) => column.type !== "geometry") };
    const { text, warnings } = await write("rows.geojson", without);
    assert.ok(collection(text).crs);
    assert.match(warnings.join(), /^the coordinates of the rows are of SRID 3857/);
  });

  it("are WKT in CSV, and empty where there is none", async () => {
    const table = tableOfPlaces({ hull: { of: each, srid: 3857 }, ellipse: { of: each.toReversed() } });
    const { text, warnings } = await write("hulls.csv", table);
    const [header, ...lines] = parse(text);
    assert.deepEqual(header, ["hull", "ellipse", "area"]);
    const written = each.map((geometry) => wkt.get(geometry) ?? "");
    assert.deepEqual(
      lines.map(([hull]) => hull),
      written,
    );
    assert.deepEqual(
      lines.map(([, ellipse]) => ellipse),
      written.toReversed(),
    );
    assert.deepEqual(warnings, []);
  });

  it("are drawn on the page instead of the places of the rows, with or without classes", async () => {
    const of = [0, 1, 2].map((x) => ({ type: "Polygon", coordinates: [square(x * 2, 0, 1)] }));
    const plain = tableOfPlaces({ hull: { of: [...of, null], srid: 31468 } });
    const outlines = (page: string): number => page.match(/<path[^>]*><title>/g)?.length ?? 0;
    const { text } = await write("plain.html", { ...plain, places: placesOf([null, null, null, null]) });
    assert.match(text, /<figcaption>hull of 4 rows/);
    assert.match(text, /<title>area 0\.5000<\/title>/);
    assert.equal(outlines(text), 3);

    const codes = Int32Array.of(0, 1, 0, 1);
    const cluster = { name: "cluster", column: { type: "text" as const, codes, labels: ["HH", "LL"] } };
    const page = await write("classes.html", { ...plain, columns: [...plain.columns, cluster] });
    assert.match(page.text, /<figcaption>cluster of 4 rows/);
    assert.match(page.text, /HH \(2\)/);
    assert.equal(outlines(page.text), 3);
  });

  it("stand beside what is said of groups, the first ten of them", () => {
    const table = tableOfPlaces({ hull: { of: [null, null] } });
    const results = Array.from({ length: 12 }, (_, i) => ({
      by: { zone: `<${i}>` },
      rows: { read: 4, used: 3 },
      area: 2,
    }));
    const groups = { count: 12, failed: 0, results };
    const page = reportPage(table, { ...summaryOf(table), groups });
    assert.match(page, /<tr><th>groups<td>12<tr>/);
    assert.match(page, /<th>&#60;9&#62;<td>read 4 · used 3 · area 2<tr><th>more groups<td>2</);
  });

  it("are no map where there are none", async () => {
    const { text } = await write("none.html", tableOfPlaces({ hull: { of: [null, null] } }));
    assert.doesNotMatch(text, /<svg/);
  });
});
