import assert from "node:assert/strict";
import { getResolution, latLngToCell, polygonToCells } from "h3-js";
import { checkParameters } from "#dist/analyses/check-parameters.js";
import { hotSpotsAnalysis } from "#dist/analyses/hot_spots.js";
import { compute } from "#dist/compute/compute.js";
import type { ReadTable } from "#dist/compute/read-table.js";
import { readCsv } from "#dist/files/csv.js";
import { readGeoJsonFile } from "#dist/files/geojson.js";
import { askedOf } from "#dist/job/asked.js";
import { chooseColumns, chooseTableColumns, propertiesOf } from "#dist/job/choose-columns.js";
import { tableOf } from "#dist/job/result-table.js";
import type { Source } from "#dist/job/source.js";
import { resultMaps } from "#dist/report/map.js";
import type { Cell } from "#dist/table/cell.js";
import { cell } from "#dist/table/column.js";
import type { Table } from "#dist/table/table.js";
import { chooseScale } from "#dist/weights/scale.js";
import { cellWeights, distanceBand, getisOrdLocal, moran, moranLocal, queen, transform } from "driveshaft";
import { close, failure } from "../support/assertions.js";
import { ask, run } from "../support/jobs.js";
import { square } from "../support/places.js";
import { generator } from "../support/random.js";
import { createDatabase, type TestDatabase } from "../support/server.js";

type Row = Record<string, Cell>;

interface Result {
  rows: Row[];
  table: Table;
  summary: Record<string, unknown> & { warnings: string[] };
}

/** Runs the analysis on rows of a file, with further tables. */
async function hotSpots(source: Source, parameters: object, tables: Record<string, Source> = {}): Promise<Result> {
  const named = Object.fromEntries(Object.keys(tables).map((name) => [name, "file"]));
  const given = checkParameters(hotSpotsAnalysis, { ...parameters, ...named });
  const choice = chooseColumns(hotSpotsAnalysis, given, source.columns);
  const read: Record<string, ReadTable> = {};
  for (const asked of askedOf(propertiesOf(hotSpotsAnalysis), given).tables) {
    const table = tables[asked.table]!;
    const chosen = chooseTableColumns(hotSpotsAnalysis, given, asked, table.columns);
    read[asked.table] = { choice: chosen, rows: await table.read(chosen.readings, () => undefined) };
  }
  const rows = await source.read(choice.readings, () => undefined);
  const task = { parameters: given, choice, rows, tables: read, threads: 1 };
  const computed = compute(hotSpotsAnalysis, task, () => undefined);
  const table = tableOf(computed, task);
  const names = table.columns.map(({ name }) => name);
  const cells = Array.from({ length: table.n }, (_, row): Row => {
    return Object.fromEntries(table.columns.map(({ column }, c) => [names[c]!, cell(column, row)]));
  });
  return { rows: cells, table, summary: computed.summary };
}

const points = (places: (readonly [x: number, y: number, v?: number])[]): Source =>
  readCsv("points.csv", ["x,y,v", ...places.map(([x, y, v = 1]) => `${x},${y},${v}`)].join("\n"));
const xy = { x: "x", y: "y" };

const polygons = (rings: number[][][], properties: (i: number) => object): Source =>
  readGeoJsonFile(
    "polygons",
    JSON.stringify({
      type: "FeatureCollection",
      features: rings.map((ring, i) => ({
        type: "Feature",
        properties: properties(i),
        geometry: { type: "Polygon", coordinates: [ring] },
      })),
    }),
  );

/** One event in each square of a lattice, some of which have more. */
function lattice(side: number, size: number, more: (column: number, row: number) => number): [number, number][] {
  return Array.from({ length: side * side }, (_, i) => [i % side, Math.floor(i / side)] as const).flatMap(
    ([column, row]) =>
      Array.from({ length: 1 + more(column, row) }, (_, event): [number, number] => [
        1000 + size * (column + 0.5) + (event % 7) / 10,
        2000 + size * (row + 0.5) + (event % 5) / 10,
      ]),
  );
}

const isHot = (column: number, row: number): boolean => column >= 3 && column <= 6 && row >= 11 && row <= 14;
const events = lattice(
  20,
  100,
  (column, row) => (isHot(column, row) ? 5 : 0) + ((column * 7 + row * 3) % 5 === 0 ? 1 : 0),
);
const squares = { ...xy, cells: { type: "square", size: 100 }, study_area: "extent" };
const classesOf = (rows: Row[]): string[] => rows.map((row) => row.class as string);

describe("hot spots", () => {
  it("are G* of the events in cells, with exact p, and by their level of confidence", async () => {
    const { rows, summary, table } = await hotSpots(points(events), { ...squares, k: 1 });
    assert.equal(rows.length, 400);
    assert.deepEqual(table.key, ["cell"]);
    const count = new Map<string, number>();
    for (const [x, y] of events) {
      const id = `${Math.floor(x / 100)}:${Math.floor(y / 100)}`;
      count.set(id, (count.get(id) ?? 0) + 1);
    }
    for (const row of rows) assert.deepEqual([row.n, row.value], [count.get(row.cell as string), row.n]);
    // the same by the library, of weights by contiguity
    const geometry = table.columns.find(({ name }) => name === "geometry")!.column;
    assert.ok(geometry.type === "geometry");
    const weights = transform(queen(geometry.geometry), "B");
    const value = Float64Array.from(rows, (row) => row.value as number);
    const expected = getisOrdLocal(value, weights, { star: true, inference: "exact" });
    rows.forEach((row, i) => {
      close(row.z as number, expected.zScore[i]!);
      close(row.p as number, expected.p[i]!);
      const p = row.p_adjusted as number;
      const level = p <= 0.01 ? " 99%" : p <= 0.05 ? " 95%" : p <= 0.1 ? " 90%" : "";
      assert.equal(
        row.class,
        level === "" ? "not significant" : (expected.zConditional[i]! > 0 ? "hot" : "cold") + level,
      );
    });
    const hot = rows.filter((row) => row.class === "hot 99%").map((row) => (row.cell as string).split(":").map(Number));
    for (const [column, row] of hot) assert.ok(column! >= 12 && column! <= 17 && row! >= 30 && row! <= 35);
    assert.ok(hot.length >= 12, String(hot.length));
    assert.deepEqual(summary.cells, { type: "square", size: 100, chosen: false, count: 400, occupied: 400 });
    assert.equal((summary.classes as Row)["hot 99%"], hot.length);
    assert.equal((summary.inference as Row).used, "exact");
    assert.deepEqual(summary.warnings, []);
  });

  it("have cells without events in the study area, by its hull, its extent or polygons", async () => {
    const corners: [number, number][] = [
      [10, 10],
      [990, 10],
      [10, 990],
      [15, 20],
    ];
    const found = async (more: object, tables = {}): Promise<string[]> =>
      (await hotSpots(points(corners), { ...xy, cells: { type: "square", size: 100 }, k: 1, ...more }, tables)).rows
        .map((row) => row.cell as string)
        .sort();
    assert.equal((await found({ study_area: "extent" })).length, 100);
    const hull = await found({});
    // centers on the line from corner to corner are not below it, but for two cells with events
    assert.equal(hull.length, 45 + 2);
    assert.ok(hull.includes("0:9") && hull.includes("9:0") && !hull.includes("9:9"));
    const area = polygons([square(0, 0, 300), square(200, 200, 200)], () => ({}));
    const { rows, summary } = await hotSpots(
      points(corners),
      { ...xy, cells: { type: "square", size: 100 }, k: 1 },
      { area },
    );
    assert.equal(rows.length, 9 + 4 - 1);
    assert.deepEqual(summary.events, { used: 2, outside: 2 });
    assert.match(summary.warnings.join(), /2 events lie outside the study area/);
    assert.match(summary.warnings.join(), /only 12 cells; with fewer than 30/);
    await assert.rejects(
      () => found({}, { area: polygons([square(5000, 0, 9)], () => ({})) }),
      failure("TOO_FEW_ROWS", /no event lies in the study area/),
    );
  });

  it("of values are of their sums", async () => {
    const valued = events.map(([x, y], i) => [x, y, (i % 4) + 0.5] as const);
    const { rows } = await hotSpots(points(valued), { ...squares, value: "v", k: 1 });
    const sums = new Map<string, number>();
    for (const [x, y, v] of valued) {
      const id = `${Math.floor(x / 100)}:${Math.floor(y / 100)}`;
      sums.set(id, (sums.get(id) ?? 0) + v);
    }
    for (const row of rows) close(row.value as number, sums.get(row.cell as string)!);
  });

  it("of a size that follows from the events, in H3 or squares by the coordinates", async () => {
    const planar = await hotSpots(points(events), xy);
    const { type, size, chosen, count } = planar.summary.cells as {
      type: string;
      size: number;
      chosen: boolean;
      count: number;
    };
    assert.deepEqual([type, chosen], ["square", true]);
    const area = 1900.6 * 1900.4;
    assert.equal(size, Number(Math.sqrt((2 * area) / events.length).toPrecision(2)));
    assert.ok(Math.abs(count / (events.length / 2) - 1) < 0.2);

    const geographic = await hotSpots(points(events.map(([x, y]) => [x / 1e5 - 3.7, y / 1e5 + 40.4])), xy);
    assert.match(geographic.summary.warnings.join(), /nothing says what coordinates these are/);
    const { resolution } = geographic.summary.cells as { resolution: number };
    for (const { cell: id, n, geometry } of geographic.rows) {
      assert.equal(getResolution(id as string), resolution);
      assert.ok((n as number) >= 0 && (geometry as Row).type === "Polygon");
    }
  });

  it("of H3 have the cells and weights of H3", async () => {
    const random = generator(12);
    const places = Array.from(
      { length: 600 },
      () => [-3.7 + random() / 5, 40.4 + random() ** 2 / 5] as [number, number],
    );
    const { rows, summary } = await hotSpots(points(places), {
      ...xy,
      cells: { type: "h3", resolution: 8 },
      study_area: "extent",
      k: 2,
    });
    const [west, east] = [Math.min(...places.map(([x]) => x)), Math.max(...places.map(([x]) => x))];
    const [south, north] = [Math.min(...places.map(([, y]) => y)), Math.max(...places.map(([, y]) => y))];
    const ring = [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ];
    const expected = new Set([...polygonToCells([ring], 8, true), ...places.map(([x, y]) => latLngToCell(y, x, 8))]);
    assert.deepEqual(rows.map((row) => row.cell).sort(), [...expected].sort());
    const { weights } = cellWeights(
      rows.map((row) => row.cell as string),
      { k: 2 },
    );
    const value = Float64Array.from(rows, (row) => row.value as number);
    const { p } = getisOrdLocal(value, transform(weights, "B"), { star: true, inference: "exact" });
    rows.forEach((row, i) => close(row.p as number, p[i]!));
    assert.deepEqual(summary.neighbors, { k: 2, chosen: false });
    assert.equal((summary.events as Row).used, 600);
  });

  it("of polygons with values are those of the polygons, within a distance", async () => {
    const rings = Array.from({ length: 100 }, (_, i) => square(1e5 + 10 * (i % 10), 10 * Math.floor(i / 10), 10));
    const source = polygons(rings, (i) => ({ id: `p${i}`, v: (i % 10 < 3 ? 9 : 1) + (i % 4) }));
    const { rows, summary } = await hotSpots(source, { value: "v" });
    assert.deepEqual(
      rows.map((row) => [row.cell, row.n]),
      rings
        .map((_, i) => `p${i}`)
        .sort()
        .map((id) => [id, 1]),
    );
    const { distance, chosen } = summary.neighbors as { distance: number; chosen: boolean };
    assert.ok(chosen && distance >= 10 && distance < 60);
    const at = rows.map((row) => Number((row.cell as string).slice(1)));
    const xs = Float64Array.from(at, (i) => 1e5 + 10 * (i % 10) + 5);
    const ys = Float64Array.from(at, (i) => 10 * Math.floor(i / 10) + 5);
    const weights = transform(distanceBand(xs, ys, { threshold: distance }), "B");
    const value = Float64Array.from(rows, (row) => row.value as number);
    const { p } = getisOrdLocal(value, weights, { star: true, inference: "auto" });
    rows.forEach((row, i) => close(row.p as number, p[i]!));
    const near = polygons(
      rings.map((ring) => ring.map(([x, y]) => [(x! - 1e5) / 100, y! / 100])),
      (i) => ({ id: i, v: i % 7 }),
    );
    assert.match((await hotSpots(near, { value: "v" })).summary.warnings.join(), /taken as longitudes and latitudes/);
    await assert.rejects(
      () =>
        hotSpots(
          polygons(rings, (i) => ({ id: i })),
          {},
        ),
      failure("INVALID_PARAMETER", /the rows have polygons, so each is a cell, but no value/),
    );
  });

  it("may be counted in polygons of another table", async () => {
    const zones = polygons(
      Array.from({ length: 36 }, (_, i) => square(1000 + 300 * (i % 6), 2000 + 300 * Math.floor(i / 6), 300)),
      (i) => ({ id: i + 1 }),
    );
    const { rows, summary } = await hotSpots(points(events), { ...xy, distance: 300 }, { zones });
    const expected = Array.from({ length: 36 }, (_, i) => {
      const [x, y] = [1000 + 300 * (i % 6), 2000 + 300 * Math.floor(i / 6)];
      return [String(i + 1), events.filter(([ex, ey]) => ex >= x && ex < x + 300 && ey >= y && ey < y + 300).length];
    });
    assert.deepEqual(
      rows.map((row) => [row.cell, row.n]),
      expected,
    );
    const outside = events.length - expected.reduce((sum, [, n]) => sum + (n as number), 0);
    assert.deepEqual(summary.events, { used: events.length - outside, outside });
    assert.match(summary.warnings.join(), new RegExp(`${outside} events lie in none of the zones`));
    await assert.rejects(
      () => hotSpots(points(events), squares, { zones }),
      failure("INVALID_PARAMETER", /cells does not go with zones/),
    );
  });

  it("by local Moran are clusters and outliers", async () => {
    const { rows } = await hotSpots(points(events), { ...squares, statistic: "moran", k: 1, correction: "none" });
    const value = Float64Array.from(rows, (row) => row.value as number);
    const ids = rows.map((row) => (row.cell as string).split(":").map(Number));
    const xs = Float64Array.from(ids, ([x]) => x!);
    const ys = Float64Array.from(ids, ([, y]) => y!);
    const weights = transform(distanceBand(xs, ys, { threshold: 1.5 }), "R");
    const expected = moranLocal(value, weights, { inference: "exact" });
    rows.forEach((row, i) => {
      close(row.p as number, expected.p[i]!);
      const quadrant = (expected.high[i] ? "H" : "L") + (expected.highLag[i] ? "H" : "L");
      assert.equal(row.class, expected.p[i]! <= 0.05 ? quadrant : "not significant");
    });
    assert.ok(classesOf(rows).includes("HH"));
  });

  it("in groups are those of each group", async () => {
    const lines = ["x,y,g", ...events.map(([x, y], i) => `${x},${y},${i % 2}`)];
    const grouped = await hotSpots(readCsv("points.csv", lines.join("\n")), { ...squares, k: 1, by: ["g"] });
    assert.deepEqual(grouped.table.key, ["g", "cell"]);
    const own = await hotSpots(points(events.filter((_, i) => i % 2 === 1)), { ...squares, k: 1 });
    const ours = grouped.rows.filter((row) => row.g === "1");
    assert.deepEqual(
      ours,
      own.rows.map((row) => ({ g: "1", ...row })),
    );
  });

  it("are drawn on the map of a report, in colors of their classes", async () => {
    const { table } = await hotSpots(points(events), { ...squares, k: 1 });
    const map = resultMaps(table)[0]!;
    assert.match(map.caption, /class of 400 rows/);
    assert.match(map.legend, /hot 99% \(\d+\)/);
    assert.match(map.svg, /fill="#d7191c"/);
    assert.equal(map.svg.match(/<path/g)!.length >= 400, true);
  });
});

describe("the scale of hot spots", () => {
  it("is the first peak of Moran's z over rings, else the highest", async () => {
    const { summary, rows } = await hotSpots(points(events), squares);
    const { k, moran: zs } = summary.neighbors as { k: number; moran: { k: number; z: number }[] };
    const ids = rows.map((row) => (row.cell as string).split(":").map(Number));
    const value = Float64Array.from(rows, (row) => row.value as number);
    for (const one of zs) {
      const w = Array.from(ids, ([x, y], i) =>
        ids.flatMap(([ox, oy], j) => (i !== j && Math.max(Math.abs(x! - ox!), Math.abs(y! - oy!)) <= one.k ? [j] : [])),
      );
      const offsets = Int32Array.from([0, ...w.map(() => 0)]);
      w.forEach((row, i) => (offsets[i + 1] = offsets[i]! + row.length));
      const weights = { n: w.length, offsets, neighbors: Int32Array.from(w.flat()) };
      close(one.z, moran(value, weights, { permutations: 0 }).zRandom);
    }
    assert.equal(k, zs.reduce((best, one) => (one.z > best.z ? one : best)).k);
  });

  it("is looked for no further than its first peak", () => {
    // values in stripes: z by distance goes up and down
    const n = 60;
    const xs = Float64Array.from({ length: n }, (_, i) => i);
    const ys = new Float64Array(n);
    const y = xs.map((x) => Math.floor(x / 6) % 2);
    let made = 0;
    function* scales() {
      for (let at = 1; at < 30; at++, made++) yield { at, weights: distanceBand(xs, ys, { threshold: at }) };
    }
    const { at, z } = chooseScale(y, scales());
    const all = Array.from(
      { length: 8 },
      (_, i) => moran(y, distanceBand(xs, ys, { threshold: i + 1 }), { permutations: 0 }).zRandom,
    );
    const peak = all.findIndex((one, i) => i > 0 && one > all[i - 1]! && one > all[i + 1]!);
    assert.equal(at, peak + 1);
    assert.equal(z.length, peak + 2);
    assert.equal(made, peak + 1);
  });
});

describe("hot spots of what cannot be", () => {
  const refused = (places: [number, number][], more: object, code: string, message: RegExp): Promise<void> =>
    assert.rejects(() => hotSpots(points(places), { ...xy, ...more }), failure(code, message));
  const line: [number, number][] = Array.from({ length: 50 }, (_, i) => [1000 + i, 2000 + i]);

  it("are refused: too many cells, too few, other coordinates, a line without a size of cells", async () => {
    const many = { cells: { type: "square", size: 0.1 } };
    await refused(events, many, "INVALID_PARAMETER", /the study area has .*more.* 1000000/);
    await refused(events, { cells: { type: "hexagon", size: 1e5 } }, "TOO_FEW_ROWS", /there are 1 cells with events/);
    const h3 = { cells: { type: "h3", resolution: 8 } };
    await refused(events, h3, "INVALID_PARAMETER", /cells of type h3 need longitudes and latitudes/);
    await refused(line, {}, "INVALID_PARAMETER", /the study area has no area/);
    await refused(events, { distance: 5 }, "INVALID_PARAMETER", /distance is of polygons; cells have rings/);
    await refused(events, { cells: { type: "h3", resolution: 16 } }, "INVALID_PARAMETER", /resolution is 16/);
    await refused(events, { cells: { type: "square", size: 0 } }, "INVALID_PARAMETER", /size is 0/);
  });

  it("are refused where every cell has the same", async () => {
    await refused(
      lattice(9, 100, () => 0),
      { ...squares, study_area: "hull" },
      "CONSTANT_VALUES",
      /./,
    );
  });

  it("are computed of events on a line, in cells of a size, and of many at one place", async () => {
    const { rows, summary } = await hotSpots(points([...line, [1001, 2001]]), {
      ...xy,
      cells: { type: "square", size: 5 },
    });
    assert.ok(rows.length >= 10 && rows.every((row) => (row.n as number) > 0));
    assert.match(summary.warnings.join(), /there are only 1\d cells/);
    const heap = [...line, ...Array.from({ length: 500 }, (): [number, number] => [1020, 2020])];
    assert.ok(
      classesOf((await hotSpots(points(heap), { ...xy, cells: { type: "square", size: 5 } })).rows).length >= 10,
    );
  });
});

describe("hot spots in a database", () => {
  let db: TestDatabase;
  let stop: () => Promise<void>;
  before(async () => {
    db = await createDatabase();
    stop = await db.startWorker();
    await db.analyst.query("CREATE TABLE events (x float8, y float8)");
    await db.analyst.query("INSERT INTO events SELECT * FROM unnest($1::float8[], $2::float8[])", [
      events.map(([x]) => x),
      events.map(([, y]) => y),
    ]);
    const zones = Array.from({ length: 36 }, (_, i) =>
      square(1000 + 300 * (i % 6), 2000 + 300 * Math.floor(i / 6), 300),
    );
    const shapes = JSON.stringify(zones.map((ring) => ({ type: "Polygon", coordinates: [ring] })));
    await db.analyst.query(
      `CREATE TABLE zones AS SELECT i AS id, z AS geom
         FROM jsonb_array_elements('${shapes}') WITH ORDINALITY t (z, i)`,
    );
  });
  after(async () => {
    await stop();
    await db.close();
  });

  it("are a table with a key, of events without ids, with further tables or without", async () => {
    const query = "SELECT * FROM events";
    const done = await run(db.analyst, "hot_spots", query, { ...squares, k: 1 }, "spots");
    assert.equal(done.state, "ready", done.error_message ?? "");
    const { rows } = await db.analyst.query<Row>("SELECT cell, n, class FROM spots WHERE class LIKE 'hot%'");
    assert.ok(rows.length >= 16);
    const zoned = await run(db.analyst, "hot_spots", query, { ...xy, zones: "SELECT * FROM zones" }, "zoned");
    assert.equal(zoned.state, "ready", zoned.error_message ?? "");
    const counted = await db.analyst.query<Row>("SELECT z.id FROM zoned JOIN zones z ON z.id::text = cell");
    assert.equal(counted.rows.length, 36);
    await assert.rejects(
      ask(db.analyst, "hot_spots", query, { ...xy, area: "SELECT 1 AS id" }, "never"),
      /MISSING_COLUMN: no column has the places/,
    );
  });
});
