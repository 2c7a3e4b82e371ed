import { writeFile } from "node:fs/promises";
import path from "node:path";
import { stringify } from "csv-stringify/sync";
import { carriedCells } from "../carry.js";
import { cell, type Cell, type Table } from "../columns.js";
import { DriveshaftError } from "../errors.js";
import { toGeoJson } from "../geometry/to-geojson.js";
import { idText } from "../ids.js";
import type { Sink } from "../job.js";

type Format = (table: Table, summary: Parameters<Sink["write"]>[1]) => string | Promise<string>;

const formats: Record<string, Format> = {
  ".csv": (table) => stringify([...rows(table)], { header: true, columns: header(table), cast: { number: String } }),
  ".geojson": geojson,
  ".json": geojson,
  // drawing needs a large library, which nothing else should wait for
  ".html": async (table, summary) => (await import("../report/page.js")).reportPage(table, summary),
};

/** A file as a sink: CSV, GeoJSON or an HTML page, by its ending. */
export function fileSink(file: string): Sink {
  const ending = path.extname(file).toLowerCase();
  const format = formats[ending];
  if (!format) {
    throw new DriveshaftError(
      "INVALID_FILE",
      `${file}: the ending is ${ending || "missing"}, expected ${Object.keys(formats).join(", ")}`,
    );
  }
  return {
    async write(table, summary) {
      await writeFile(file, await format(table, summary));
    },
  };
}

function header(table: Table): string[] {
  const names = [...table.columns, ...(table.carried?.columns ?? [])].map((column) => column.name);
  return table.ids ? [table.ids.name, ...names] : names;
}

function* rows(table: Table): Generator<Cell[]> {
  const carried = table.carried && (carriedCells(table.carried) as Iterator<Cell[], Cell[]>);
  for (let row = 0; row < table.n; row++) {
    const cells = table.columns.map((column) => cell(column.data, row));
    if (carried) cells.push(...carried.next().value);
    yield table.ids ? [idText(table.ids.ids, row), ...cells] : cells;
  }
}

function geojson(table: Table): string {
  const geometries = table.geometry ? toGeoJson(table.geometry) : [];
  const names = table.columns.map((column) => column.name);
  const carried = table.carried && (carriedCells(table.carried) as Iterator<Cell[], Cell[]>);
  const features = Array.from({ length: table.n }, (_, row) => {
    const properties = Object.fromEntries(names.map((name, c) => [name, cell(table.columns[c]!.data, row)]));
    carried?.next().value!.forEach((value, c) => (properties[table.carried!.columns[c]!.name] = value));
    const id = table.ids && idText(table.ids.ids, row);
    return JSON.stringify({
      type: "Feature",
      geometry: geometries[row] ?? null,
      properties: table.ids
        ? { [table.ids.name]: table.ids.ids.encoding === "integer text" ? Number(id) : id, ...properties }
        : properties,
    });
  });
  return `{"type":"FeatureCollection","features":[\n${features.join(",\n")}\n]}\n`;
}
