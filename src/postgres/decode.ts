import { DriveshaftError } from "../errors.js";
import { addPoint, buildGeometry, type GeometryBuilder } from "../geometry/geometry.js";
import { readGeoJsonText } from "../geometry/geojson.js";
import { readWkb } from "../geometry/wkb.js";
import type { Reading, Rows } from "../job/source.js";
import type { Column } from "../table/column.js";
import { growFloat64 } from "../table/growable.js";
import { buildLabels } from "../table/labels.js";
import { numericText } from "../table/numeric.js";
import { buildRaw, rawText, type Encoding } from "../table/raw.js";
import { SIGNATURE } from "./signature.js";
import type { PostgresColumn } from "./types.js";

/** COPY BINARY begins with this signature, flags, and the length of an extension, which is empty. */
const HEADER = 19;
/** Bytes of one GeoJSON geometry, which takes many times as many when it is parsed. */
const MOST_JSON = 64 * 1024 * 1024;
/** Bytes decoded at a time; a row that is longer makes the buffer grow. */
const STAGE = 1 << 18;

export interface Decoder {
  /** Takes bytes as they come; rows may lie across chunks. */
  take(chunk: Uint8Array): void;
  readonly rows: number;
  /** All rows. Call once, after the last chunk. */
  finish(): Rows;
}

/** How messages name the query that has the rows. */
const THE_QUERY = "the query";

/** What is read of each row, and what that makes. */
interface ColumnReader {
  read(): void;
  take(): Column;
}

/**
 * Decodes COPY BINARY into columns, as the bytes arrive.
 * @param query how messages name it
 * @throws ROW_LIMIT at the first row above the limit
 */
export function decoder(
  columns: PostgresColumn[],
  readings: Reading[],
  rowLimit = Infinity,
  query = THE_QUERY,
): Decoder {
  let stage = new Uint8Array(STAGE);
  let view = new DataView(stage.buffer);
  let filled = 0;
  let begun = false;
  let ended = false;
  let rows = 0;

  const starts = new Int32Array(columns.length);
  const lengths = new Int32Array(columns.length);
  const id = readings.find((reading) => reading.as === "id")?.column;
  const readers = readings.map(readerOf);

  function readerOf(reading: Reading): ColumnReader {
    switch (reading.as) {
      case "id":
        return idReader(reading.column!);
      case "number":
        return numberReader(reading.column);
      case "label":
        return labelReader(reading.column);
      case "raw":
        return rawReader(reading.column);
      case "place":
        return "geometry" in reading ? geometryReader(reading.geometry) : pointReader(reading);
    }
  }
  function idReader(at: number): ColumnReader {
    const { name, reading } = columns[at]!;
    const width = reading.number ?? reading.encoding;
    const raw = rawReader(at);
    return {
      read() {
        if (lengths[at]! < 0) {
          throw new DriveshaftError("NULL_ID", `${where()}: the id column ${JSON.stringify(name)} is null`, {
            hint: "Leave such rows out of the query, or name another column with the parameter id.",
          });
        }
        checkWidth(view, starts[at]!, lengths[at]!, width);
        raw.read();
      },
      take: raw.take,
    };
  }
  function rawReader(at: number): ColumnReader {
    const { name, type, reading } = columns[at]!;
    const into = buildRaw(name);
    return {
      read() {
        const start = starts[at]!;
        if (lengths[at]! < 0) into.none();
        else into.push(stage, start, start + lengths[at]!);
      },
      take: () => ({ type: "raw", sqlType: type, encoding: reading.encoding, ...into.take() }),
    };
  }
  function numberReader(at: number): ColumnReader {
    const into = growFloat64();
    return {
      read() {
        const value = number(at);
        into.push(Number.isFinite(value) ? value : NaN);
      },
      take: () => ({ type: "float8", values: into.take() }),
    };
  }
  function labelReader(at: number): ColumnReader {
    const into = buildLabels(columns[at]!.reading.encoding);
    return {
      read() {
        const start = starts[at]!;
        if (lengths[at]! < 0) into.none();
        else into.push(stage, start, start + lengths[at]!);
      },
      take: () => ({ type: "int4", values: into.take() }),
    };
  }
  function geometryReader(at: number): ColumnReader {
    const { reading, geography } = columns[at]!;
    const geometry = buildGeometry();
    let srid = 0;
    return {
      read() {
        const start = starts[at]!;
        const end = start + lengths[at]!;
        if (lengths[at]! < 0) {
          geometry.nowhere();
          return;
        }
        const own = readGeometry(view, start, end, reading.geometry!, geometry, where);
        if (own <= 0) return;
        if (srid > 0 && own !== srid) throw mixed(where(), own, srid);
        srid = own;
      },
      take: () => ({ type: "geometry", geometry: geometry.take(), srid, geography }),
    };
  }
  function pointReader({ x, y }: { x: number; y: number }): ColumnReader {
    const geometry = buildGeometry();
    return {
      read: () => addPoint(geometry, number(x), number(y), where),
      take: () => ({ type: "geometry", geometry: geometry.take(), srid: 0, geography: false }),
    };
  }

  /** How messages name the row at hand: by its id, once that is read. */
  function where(): string {
    if (id === undefined || lengths[id]! < 0) return `row ${rows + 1} of ${query}`;
    const { name, type, reading } = columns[id]!;
    const start = starts[id]!;
    // long ids are shown by their beginning; a numeric ends of itself
    const end = start + (reading.encoding === "numeric" ? lengths[id]! : Math.min(lengths[id]!, 100));
    const offsets = Uint32Array.of(start, end);
    const only = { type: "raw" as const, sqlType: type, encoding: reading.encoding, bytes: stage, offsets };
    const row = `the row with ${name} ${rawText(only, 0)}`;
    return query === THE_QUERY ? row : `${row} of ${query}`;
  }

  function number(column: number): number {
    return lengths[column]! < 0
      ? NaN
      : readNumber(view, starts[column]!, lengths[column]!, columns[column]!.reading.number!);
  }

  /** Decodes the row at `at` and returns where the next begins; -1 if it is not all there. */
  function row(at: number): number {
    if (at + 2 > filled) return -1;
    const count = view.getInt16(at);
    at += 2;
    if (count === -1) {
      ended = true;
      return at;
    }
    if (count !== columns.length) throw malformed(`a row has ${count} fields, expected ${columns.length}`);
    for (let column = 0; column < count; column++) {
      if (at + 4 > filled) return -1;
      const length = view.getInt32(at);
      if (length < -1) throw malformed(`a field has the length ${length}`);
      at += 4;
      starts[column] = at;
      lengths[column] = length;
      if (length > 0) at += length;
      if (at > filled) return -1;
    }
    if (rows >= rowLimit) {
      throw new DriveshaftError("ROW_LIMIT", `${query} returns more than ${rowLimit} rows`, {
        hint: "Narrow the query, or raise the parameter row_limit.",
      });
    }
    for (const reader of readers) reader.read();
    rows++;
    return at;
  }

  function decodeStage(): void {
    let at = 0;
    if (!begun) {
      if (filled < HEADER) return;
      for (let i = 0; i < SIGNATURE.length; i++) {
        if (stage[i] !== SIGNATURE[i]) throw malformed("no signature of COPY BINARY");
      }
      const extension = view.getInt32(HEADER - 4);
      if (view.getInt32(HEADER - 8) !== 0 || extension !== 0) throw malformed("an unknown extension of the format");
      at = HEADER;
      begun = true;
    }
    while (!ended) {
      const next = row(at);
      if (next < 0) break;
      at = next;
    }
    stage.copyWithin(0, at, filled);
    filled -= at;
  }

  return {
    get rows() {
      return rows;
    },
    take(chunk) {
      if (filled + chunk.length > stage.length) decodeStage();
      if (filled + chunk.length > stage.length) {
        const larger = new Uint8Array(Math.max(2 * stage.length, filled + chunk.length));
        larger.set(stage.subarray(0, filled));
        stage = larger;
        view = new DataView(stage.buffer);
      }
      stage.set(chunk, filled);
      filled += chunk.length;
    },
    finish() {
      decodeStage();
      if (!ended) throw new DriveshaftError("QUERY_FAILED", "the rows ended early: the server sent no end of data");
      return { n: rows, columns: readers.map((reader) => reader.take()) };
    },
  };
}

/** What a server never sends. */
function malformed(what: string): DriveshaftError {
  return new DriveshaftError("QUERY_FAILED", `the rows cannot be read: ${what}`);
}

type NumberType = NonNullable<PostgresColumn["reading"]["number"]>;

/** Bytes of a number; a numeric has as many as it needs. */
const widths: Record<NumberType, number> = { int2: 2, int4: 4, int8: 8, float4: 4, float8: 8, numeric: 8 };

/** The width that a field's type demands; what it has instead is never sent by a server. */
function checkWidth(view: DataView, at: number, length: number, type: NumberType | Encoding): void {
  let expected = widths[type as NumberType];
  if (type === "numeric") expected = length < 8 ? 8 : 8 + 2 * view.getUint16(at);
  else if (type === "uuid") expected = 16;
  if (expected !== undefined && length !== expected) throw malformed(`a field of type ${type} has ${length} bytes`);
}

function readNumber(view: DataView, at: number, length: number, type: NumberType): number {
  checkWidth(view, at, length, type);
  switch (type) {
    case "float8":
      return view.getFloat64(at);
    case "int4":
      return view.getInt32(at);
    case "int8":
      return view.getInt32(at) * 4294967296 + view.getUint32(at + 4);
    case "int2":
      return view.getInt16(at);
    case "float4":
      return view.getFloat32(at);
    case "numeric":
      return Number(numericText(new DataView(view.buffer, at, length)));
  }
}

/** Reads a geometry by the type of its column and returns its SRID, 0 where it has none. */
function readGeometry(
  view: DataView,
  start: number,
  end: number,
  type: "wkb" | "json" | "jsonb",
  builder: GeometryBuilder,
  where: () => string,
): number {
  if (type === "wkb") return readWkb(view, start, end, builder, where);
  // jsonb comes as a version byte and text
  const from = type === "jsonb" ? start + 1 : start;
  if (end - from > MOST_JSON) {
    throw new DriveshaftError("INVALID_GEOMETRY", `${where()}: GeoJSON of ${end - from} bytes, at most ${MOST_JSON}`, {
      hint: "Send large geometries as geometry or WKB.",
    });
  }
  readGeoJsonText(Buffer.from(view.buffer as ArrayBuffer, from, end - from).toString("utf8"), builder, where);
  return 0;
}

const mixed = (where: string, srid: number, before: number): DriveshaftError =>
  new DriveshaftError("MIXED_GEOMETRY", `${where}: the place is of SRID ${srid}, those before it of SRID ${before}`, {
    hint: "Bring all into one system by ST_Transform and ST_SetSRID.",
  });
