import { CsvError, parse } from "csv-parse/sync";
import { DriveshaftError } from "../errors.js";
import { readGeoJsonText } from "../geometry/geojson.js";
import { readWkb } from "../geometry/wkb.js";
import type { Source } from "../job/source.js";
import { rowsOfRecords } from "./records.js";

interface Line {
  record: string[];
  info: { lines: number };
}

/** CSV with a header. A geometry column holds GeoJSON or WKB in hexadecimal digits, as PostgreSQL prints it. */
export function readCsv(file: string, text: string): Source {
  let lines: Line[];
  try {
    lines = parse(text, { info: true, skip_empty_lines: true }) as unknown as Line[];
  } catch (cause) {
    const line = cause instanceof CsvError ? `, line ${String((cause as unknown as { lines: number }).lines)}` : "";
    throw new DriveshaftError("INVALID_FILE", `${file}${line}: ${(cause as Error).message}`, { cause });
  }
  const [header, ...body] = lines;
  if (!header) throw new DriveshaftError("INVALID_FILE", `${file}: the file is empty, expected a header`);
  const names = header.record;
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined)
    throw new DriveshaftError("INVALID_FILE", `${file}, line 1: the column ${JSON.stringify(repeated)} comes twice`);
  const where = (record: number): string => `${file}, line ${body[record]!.info.lines}`;
  const columns = names.map((name) => ({ name, type: "text" }));
  return {
    columns,
    read: (readings, _, rowLimit) =>
      Promise.resolve(
        rowsOfRecords(
          {
            n: body.length,
            value: (record, column) => body[record]!.record[column],
            where,
            place(record, column, builder) {
              const value = body[record]!.record[column]!.trim();
              if (value === "") builder.nowhere();
              else if (/^([0-9a-f]{2})+$/i.test(value)) {
                const bytes = Buffer.from(value, "hex");
                readWkb(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length, builder, () =>
                  where(record),
                );
              } else readGeoJsonText(value, builder, () => where(record));
            },
          },
          readings,
          columns,
          rowLimit,
        ),
      ),
  };
}
