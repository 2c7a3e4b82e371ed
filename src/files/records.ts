import { DriveshaftError, shown } from "../errors.js";
import { addPoint, buildGeometry, type GeometryBuilder } from "../geometry/geometry.js";
import type { Reading, Rows, SourceColumn } from "../job/source.js";
import type { Column } from "../table/column.js";
import { buildLabels } from "../table/labels.js";
import { buildRaw } from "../table/raw.js";

/** Records of a file: values by column, and how to name a record in an error. */
export interface Records {
  n: number;
  value(record: number, column: number): unknown;
  where(record: number): string;
  /** Adds the place of a record that has a geometry column. */
  place(record: number, column: number, builder: GeometryBuilder): void;
  /** An id that the record has beside its columns. */
  ownId?(record: number): unknown;
}

/**
 * The columns of records that are asked for.
 * @throws ROW_LIMIT, WRONG_COLUMN_TYPE, NULL_ID
 */
export function rowsOfRecords(
  records: Records,
  readings: Reading[],
  columns: SourceColumn[],
  rowLimit = Infinity,
): Rows {
  if (records.n > rowLimit) {
    throw new DriveshaftError("ROW_LIMIT", `the file has ${records.n} rows, more than ${rowLimit}`, {
      hint: "Use a smaller file, or raise the parameter row_limit.",
    });
  }
  const readers = readings.map((reading) => readerOf(records, reading, columns));
  for (let record = 0; record < records.n; record++) for (const reader of readers) reader.read(record);
  return { n: records.n, columns: readers.map((reader) => reader.take()) };
}

/** What is read of each record, and what that makes. */
interface ColumnReader {
  read(record: number): void;
  take(): Column;
}

function readerOf(records: Records, reading: Reading, columns: SourceColumn[]): ColumnReader {
  function number(record: number, column: number): number {
    const value = records.value(record, column);
    if (isNone(value) || value === "") return NaN;
    const result = typeof value === "number" ? value : typeof value === "string" ? parse(value) : undefined;
    if (result === undefined) {
      throw new DriveshaftError(
        "WRONG_COLUMN_TYPE",
        `${records.where(record)}: the column ${JSON.stringify(columns[column]!.name)} has ${shown(value)}, expected a number`,
      );
    }
    return Number.isFinite(result) ? result : NaN;
  }
  switch (reading.as) {
    case "id":
      return idReader(records, reading.column);
    case "number": {
      const values = new Float64Array(records.n);
      return {
        read: (record) => (values[record] = number(record, reading.column)),
        take: () => ({ type: "float8", values }),
      };
    }
    case "label":
      return labelReader(records, reading.column);
    case "raw":
      return textReader(records, reading.column, columns[reading.column]!.name);
    case "place": {
      const geometry = buildGeometry();
      return {
        read(record) {
          if ("geometry" in reading) records.place(record, reading.geometry, geometry);
          else addPoint(geometry, number(record, reading.x), number(record, reading.y), () => records.where(record));
        },
        take: () => ({ type: "geometry", geometry: geometry.take(), srid: 0, geography: false }),
      };
    }
  }
}

function idReader(records: Records, column: number | undefined): ColumnReader {
  const ids = buildRaw("id");
  let whole = true;
  return {
    read(record) {
      const id = column === undefined ? (records.ownId?.(record) ?? record + 1) : records.value(record, column);
      if (isNone(id) || id === "") {
        throw new DriveshaftError("NULL_ID", `${records.where(record)}: the id is missing`, {
          hint: "Name another column with the parameter id.",
        });
      }
      const text = textOf(id);
      whole &&= /^-?\d{1,15}$/.test(text);
      ids.push(Buffer.from(text));
    },
    take: () => ({ type: "raw", sqlType: "text", encoding: whole ? "integer text" : "text", ...ids.take() }),
  };
}

function labelReader(records: Records, column: number): ColumnReader {
  const into = buildLabels("text");
  return {
    read(record) {
      const value = records.value(record, column);
      const text = isNone(value) || value === "" ? undefined : Buffer.from(textOf(value));
      if (text) into.push(text, 0, text.length);
      else into.none();
    },
    take: () => ({ type: "int4", values: into.take() }),
  };
}

/** Values of a file as text, or as nothing where there is none. */
function textReader(records: Records, column: number, name: string): ColumnReader {
  const into = buildRaw(name);
  return {
    read(record) {
      const value = records.value(record, column);
      if (isNone(value)) into.none();
      else into.push(Buffer.from(textOf(value)));
    },
    take: () => ({ type: "raw", sqlType: "text", encoding: "text", ...into.take() }),
  };
}

const isNone = (value: unknown): value is null | undefined => value === null || value === undefined;
const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** A number as files write it; undefined where the text is none. */
function parse(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) return Number(trimmed);
  return /^([+-]?inf(inity)?|nan|na|null)$/i.test(trimmed) ? NaN : undefined;
}
