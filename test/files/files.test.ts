import assert from "node:assert/strict";
import { chmod, lstat, mkdtemp, readdir, readFile, rm, writeFile, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { queen, moranLocal } from "driveshaft";
import { findAnalysis } from "#dist/analyses/index.js";
import { openFile } from "#dist/files/read.js";
import { fileSink } from "#dist/files/write.js";
import { runJob } from "#dist/job/job.js";
import type { Summary } from "#dist/compute/summary.js";
import { failure } from "../support/assertions.js";
import { fixture, fixturePath } from "../support/fixtures.js";

describe("files", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "driveshaft-files-"));
  });
  after(() => rm(folder, { recursive: true }));

  async function write(name: string, text: string): Promise<string> {
    const file = path.join(folder, name);
    await writeFile(file, text);
    return file;
  }
  async function run(
    analysis: string,
    input: string,
    parameters: object,
    output: string,
  ): Promise<{ text: string; summary: Summary }> {
    const out = path.join(folder, output);
    const summary = await runJob(
      { analysis: findAnalysis(analysis), parameters },
      await openFile(input),
      fileSink(out),
    );
    return { text: await readFile(out, "utf8"), summary };
  }

  it("give a CSV with the declared columns, rows in input order, nulls empty, numbers in full precision", async () => {
    const { text } = await run(
      "moran_local",
      fixturePath("columbus.geojson"),
      { value: "CRIME", permutations: 99 },
      "columbus.csv",
    );
    const lines = text.trimEnd().split("\n");
    assert.equal(lines[0], "id,value,value_std,lag,lag_std,local_i,quadrant,p,p_adjusted,z,cluster");
    assert.equal(lines.length, 50);
    const { geometry, column } = fixture("columbus");
    const { localI } = moranLocal(column("CRIME"), queen(geometry), { permutations: 99 });
    lines.slice(1).forEach((line, i) => {
      const cells = line.split(",");
      assert.equal(cells[0], String(i + 1));
      assert.equal(Number(cells[5]), localI[i]);
    });
  });

  it("keep the order of the input and the spelling of ids, with gaps as undefined rows", async () => {
    const file = await write(
      "points.csv",
      'name,lon,lat,v\nz,0,0,1\na,1,0,2\nm,0,1,\nb,1,1,5\n"q,""1""",2,2,9\nk,3,1,4\n',
    );
    const parameters = { id: "name", x: "lon", y: "lat", value: "v", weights: { type: "knn", k: 2 }, permutations: 9 };
    const { text, summary } = await run("moran_local", file, parameters, "points-out.csv");
    const lines = text.trimEnd().split("\n").slice(1);
    assert.deepEqual(
      lines.map((line) => (line.startsWith('"') ? line.slice(0, 8) : line.split(",")[0])),
      ["z", "a", "m", "b", '"q,""1""', "k"],
    );
    assert.equal(lines[2], "m,,,,,,,,,,undefined");
    assert.deepEqual(summary.rows, { read: 6, used: 5, undefined: 1 });
  });

  it("do not let the order of the rows change a result, with ids compared as numbers where all are", async () => {
    const rows = Array.from({ length: 30 }, (_, i) => `${i + 1},${(i * 7) % 5},${(i * 3) % 7},${(i * i) % 11}`);
    const parameters = { x: "x", y: "y", value: "v", weights: { type: "knn", k: 3 } };
    const header = "id,x,y,v\n";
    const forward = await run(
      "moran_local",
      await write("forward.csv", header + rows.join("\n")),
      parameters,
      "forward-out.csv",
    );
    const backward = await run(
      "moran_local",
      await write("backward.csv", header + rows.toReversed().join("\n")),
      parameters,
      "backward-out.csv",
    );
    const sorted = (text: string): string[] => text.trimEnd().split("\n").sort();
    assert.deepEqual(sorted(backward.text), sorted(forward.text));
  });

  it("give GeoJSON that reads back to the same geometry, and a page that stands alone", async () => {
    const { text } = await run(
      "moran_local",
      fixturePath("columbus.geojson"),
      { value: "CRIME", permutations: 99 },
      "columbus.geojson",
    );
    const again = path.join(folder, "columbus.geojson");
    const second = await run("moran_local", again, { value: "value", permutations: 99 }, "columbus2.csv");
    const first = await readFile(path.join(folder, "columbus.csv"), "utf8");
    assert.equal(second.text, first);
    assert.equal((JSON.parse(text) as { features: unknown[] }).features.length, 49);
    const page = (
      await run("moran_local", fixturePath("columbus.geojson"), { value: "CRIME", permutations: 99 }, "columbus.html")
    ).text;
    assert.match(page, /^<!doctype html>/);
    assert.equal(page.match(/<svg/g)?.length, 2);
    assert.match(page, /Moran scatterplot, Moran's I 0\.5002/);
    assert.doesNotMatch(page, /src=|href="http/);
  });

  it("carry columns as they are: texts, numbers, nulls, objects", async () => {
    const input = await write(
      "include.csv",
      'id,x,y,v,name,note\n1,0,0,1,"a ""quoted"", ☂",\n2,1,0,5,b,x\n3,0,1,2,,007\n',
    );
    const parameters = { x: "x", y: "y", value: "v", weights: { type: "knn", k: 1 }, include: ["note", "name"] };
    const { text } = await run("moran_local", input, parameters, "include-out.csv");
    const lines = text.trimEnd().split("\n");
    assert.match(lines[0]!, /,cluster,note,name$/);
    assert.deepEqual(
      lines.slice(1).map((line) => /,not significant,(.*)$/.exec(line)?.[1]),
      [',"a ""quoted"", ☂"', "x,b", "007,"],
    );
    const feature = (id: number, tags: unknown): object => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: [id, id * id] },
      properties: { id, v: id % 3, tags },
    });
    const features = [feature(1, { a: [1] }), feature(2, null), feature(3, "t"), feature(4, 0.5)];
    const collection = await write("tags.geojson", JSON.stringify({ type: "FeatureCollection", features }));
    const out = await run(
      "moran_local",
      collection,
      { value: "v", weights: { type: "knn", k: 1 }, include: ["tags"] },
      "tags-out.geojson",
    );
    const { features: written } = JSON.parse(out.text) as { features: { properties: { tags: unknown } }[] };
    assert.deepEqual(
      written.map(({ properties }) => properties.tags),
      ['{"a":[1]}', null, "t", "0.5"],
    );
  });

  it("are written whole or not at all, in pieces that wait for the disk", async () => {
    const n = 5000;
    const lines = Array.from({ length: n }, (_, i) => `${i},${(i * 7919) % 5003},${(i * 104729) % 5003},${i % 17}`);
    const input = await write("many.csv", `id,x,y,v\n${lines.join("\n")}\n`);
    const parameters = { x: "x", y: "y", value: "v", permutations: 0, weights: { type: "knn", k: 2 } };
    const { text } = await run("moran_local", input, parameters, "many-out.csv");
    assert.deepEqual(
      text
        .trimEnd()
        .split("\n")
        .slice(1)
        .map((line) => Number(line.split(",")[0])),
      Array.from({ length: n }, (_, i) => i),
    );
    const geojson = await run("moran_local", input, parameters, "many-out.geojson");
    const { features } = JSON.parse(geojson.text) as { features: { properties: { id: number } }[] };
    assert.deepEqual(
      features.map(({ properties }) => properties.id),
      Array.from({ length: n }, (_, i) => i),
    );
    await assert.rejects(
      run("moran_local", input, parameters, "no-such-folder/out.csv"),
      failure("WRITE_FAILED", /no-such-folder\/out\.csv cannot be written: ENOENT/),
    );
    assert.ok((await readdir(folder)).every((name) => !name.endsWith(".partial")));
  });

  it("replace a file where it is, also behind a link, with the permissions that it has", async () => {
    const real = await write("real.csv", "old");
    await chmod(real, 0o640);
    await symlink(real, path.join(folder, "link.csv"));
    const { text } = await run("moran_local", fixturePath("columbus.geojson"), { value: "CRIME" }, "link.csv");
    assert.ok((await lstat(path.join(folder, "link.csv"))).isSymbolicLink());
    assert.equal(await readFile(real, "utf8"), text);
    assert.equal((await stat(real)).mode & 0o777, 0o640);
  });

  it("number rows without an id from 1, and use the feature's own id", async () => {
    const point = (x: number, extra: object): object => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: [x, 0] },
      properties: { v: x },
      ...extra,
    });
    const collection = (features: object[]): string => JSON.stringify({ type: "FeatureCollection", features });
    const bare = await write("bare.geojson", collection([1, 2, 4, 8].map((x) => point(x, {}))));
    assert.match((await run("kmeans", bare, { k: 2 }, "bare.csv")).text, /\n1,.*\n2,.*\n3,.*\n4,/);
    const named = await write("named.geojson", collection([1, 2, 4, 8].map((x) => point(x, { id: `f${x}` }))));
    assert.match((await run("kmeans", named, { k: 2 }, "named.csv")).text, /\nf1,.*\nf2,.*\nf4,.*\nf8,/);
  });

  const malformed: [title: string, name: string, text: string, code: string, message: RegExp][] = [
    ["a CSV line with too few fields", "few.csv", "id,x,y\n1,2,3\n4,5\n", "INVALID_FILE", /few\.csv, line 3: /],
    ["an open quote", "quote.csv", 'id,x,y\n1,2,3\n4,"5,6\n', "INVALID_FILE", /quote\.csv, line \d/],
    ["an empty file", "empty.csv", "", "INVALID_FILE", /empty\.csv: the file is empty/],
    ["a repeated column", "twice.csv", "id,x,x\n1,2,3\n", "INVALID_FILE", /line 1: the column "x" comes twice/],
    [
      "a word for a number",
      "word.csv",
      "id,x,y\n1,2,3\n2,three,4\n",
      "WRONG_COLUMN_TYPE",
      /word\.csv, line 3: the column "x" has "three"/,
    ],
    ["a missing id", "noid.csv", "id,x,y\n1,2,3\n,5,6\n", "NULL_ID", /noid\.csv, line 3: the id is missing/],
    ["a missing column", "column.csv", "id,a,b\n1,2,3\n", "MISSING_COLUMN", /no column "x"/],
    [
      "JSON that ends early",
      "early.geojson",
      '{"type":\n"FeatureCollection",\n"features":[',
      "INVALID_FILE",
      /early\.geojson, line 3: /,
    ],
    [
      "JSON with a slip",
      "slip.geojson",
      '{"type":\n"FeatureCollection" "features":[]}',
      "INVALID_FILE",
      /slip\.geojson, line 2: /,
    ],
    ["JSON that is no feature collection", "other.json", "[1]", "INVALID_FILE", /not a GeoJSON FeatureCollection/],
    ["an unknown ending", "points.shp", "", "INVALID_FILE", /the ending is \.shp, expected \.geojson, \.json or \.csv/],
  ];
  for (const [title, name, text, code, message] of malformed) {
    it(`are refused for ${title}, saying where`, async () => {
      const file = await write(name, text);
      await assert.rejects(run("kmeans", file, { k: 2, x: "x", y: "y" }, "never.csv"), failure(code, message));
      await assert.rejects(readFile(path.join(folder, "never.csv")), { code: "ENOENT" });
    });
  }

  it("are refused where there is none", async () => {
    await assert.rejects(openFile(path.join(folder, "nothing.csv")), failure("INVALID_FILE", /there is no such file/));
  });
});
