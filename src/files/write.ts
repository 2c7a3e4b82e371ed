import { createWriteStream } from "node:fs";
import { chmod, realpath, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { stringify } from "csv-stringify/sync";
import type { Cell } from "../table/cell.js";
import { cell, type Column, type NamedColumn } from "../table/column.js";
import { placeNumber, placesColumns, type Table } from "../table/table.js";
import { DriveshaftError } from "../errors.js";
import { toGeoJson } from "../geometry/to-geojson.js";
import { toWkt } from "../geometry/to-wkt.js";
import type { Sink } from "../job/job.js";
import { crsMember, foreignCoordinates } from "./crs.js";

/** A table as text, in pieces. */
type Format = (table: Table, summary: Parameters<Sink["write"]>[1]) => Iterable<string> | AsyncIterable<string>;

const formats: Record<string, Format> = { ".csv": csv, ".geojson": geojson, ".json": geojson, ".html": page };

/** Rows that are written at a time. */
const BATCH = 1024;

/**
 * A file as a sink: CSV, GeoJSON or an HTML page, by its ending. The file is there whole or not at all; one that it
 * replaces keeps its place, also behind a link, and its permissions.
 * @param signal ends the writing, and leaves what stood there
 */
export function fileSink(file: string, signal?: AbortSignal): Sink {
  const ending = path.extname(file).toLowerCase();
  const format = formats[ending];
  if (!format) {
    throw new DriveshaftError(
      "INVALID_FILE",
      `${file}: the ending is ${ending || "missing"}, expected ${Object.keys(formats).join(", ")}`,
    );
  }
  return {
    async write(table, summary, progress) {
      const { place, mode } = await standing(file);
      const partial = `${place}.${process.pid}.partial`;
      async function* pieces(): AsyncGenerator<string> {
        let rows = 0;
        for await (const piece of format!(table, summary)) {
          yield piece;
          progress(Math.min(1, (rows += BATCH) / table.n));
        }
      }
      const stream = createWriteStream(partial, { mode });
      try {
        await pipeline(Readable.from(pieces(), { objectMode: false }), stream, { signal });
        if (mode !== undefined) await chmod(partial, mode);
        await rename(partial, place);
      } catch (cause) {
        // one that is being opened would come up again
        if (!stream.closed) await new Promise<void>((resolve) => stream.once("close", () => resolve()));
        await rm(partial, { force: true });
        if (!(cause as NodeJS.ErrnoException).syscall) throw cause;
        throw new DriveshaftError("WRITE_FAILED", `${file} cannot be written: ${(cause as Error).message}`, { cause });
      }
      return format === geojson ? foreignCoordinates(table) : [];
    },
  };
}

/** Where a file is, and the permissions of the one that stands there. */
async function standing(file: string): Promise<{ place: string; mode?: number }> {
  try {
    const place = await realpath(file);
    return { place, mode: (await stat(place)).mode & 0o777 };
  } catch {
    // there is none; what else is wrong shows when it is written
    return { place: file };
  }
}

function* csv(table: Table): Generator<string> {
  yield stringify([table.columns.map(({ name }) => name)]);
  for (const rows of batches(cells(table, wktCell))) yield stringify(rows, { cast: { number: String } });
}

/** A value as tables of text have it: a geometry is well-known text. */
function wktCell(column: Column, row: number): Cell {
  if (column.type !== "geometry") return cell(column, row);
  const geometry = toGeoJson(column.geometry, row);
  return geometry && toWkt(geometry);
}

/** Features with the first geometry that the result has of its own, else with the places of its rows. */
function* geojson(table: Table): Generator<string> {
  const [own] = placesColumns(table);
  const places = own?.column ?? table.places;
  const placeAt = (row: number): number => (own ? row : placeNumber(table, row));
  const columns = table.columns.filter(({ column }) => column !== own?.column);
  let row = 0;
  yield `{"type":"FeatureCollection",${places ? crsMember(places) : ""}"features":[\n`;
  for (const rows of batches(cells({ ...table, columns }, cell))) {
    const features = rows.map((values, i) => {
      return JSON.stringify({
        type: "Feature",
        geometry: places ? toGeoJson(places.geometry, placeAt(row + i)) : null,
        properties: Object.fromEntries(columns.map(({ name }, at) => [name, values[at]])),
      });
    });
    row += rows.length;
    yield features.join(",\n") + (row < table.n ? ",\n" : "\n");
  }
  yield "]}\n";
}

async function* page(table: Table, summary: Parameters<Sink["write"]>[1]): AsyncGenerator<string> {
  // drawing needs a large library, which nothing else should wait for
  yield (await import("../report/page.js")).reportPage(table, summary);
}

/** The rows as they are shown. @throws WRONG_COLUMN_TYPE for types that only the server understands */
function* cells({ n, columns }: Table, show: (column: Column, row: number) => Cell): Generator<Cell[]> {
  columns.forEach(checkShown);
  for (let row = 0; row < n; row++) yield columns.map(({ column }) => show(column, row));
}

function checkShown({ name, column }: NamedColumn): void {
  if (column.type !== "raw" || column.encoding !== "bytes") return;
  const message = `the column ${JSON.stringify(name)} is of type ${column.sqlType}, which a file cannot show`;
  throw new DriveshaftError("WRONG_COLUMN_TYPE", message, {
    hint: "Cast it to text in the query, or write to a table.",
  });
}

function* batches<T>(items: Iterable<T>): Generator<T[]> {
  let batch: T[] = [];
  for (const item of items) {
    if (batch.push(item) < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
