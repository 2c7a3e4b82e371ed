import type { Rows } from "../table/columns.js";
import type { ColumnChoice } from "../job/choose-columns.js";
import { DriveshaftError } from "../errors.js";
import { addPoint, buildGeometry, type GeometryBuilder } from "../geometry/geometry.js";
import { readGeoJsonText } from "../geometry/geojson.js";
import { readWkb } from "../geometry/wkb.js";
import { growFloat64, type Growable } from "../table/growable.js";
import { buildIds, idText, numericText, type IdEncoding, type Ids } from "../table/raw.js";
import { carrier } from "../table/carry.js";
import { buildLabels } from "../table/labels.js";
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

/**
 * Decodes COPY BINARY into the chosen columns, as the bytes arrive.
 * @throws ROW_LIMIT at the first row above the limit
 */
export function decoder(columns: PostgresColumn[], choice: ColumnChoice, rowLimit = Infinity): Decoder {
  let stage = new Uint8Array(STAGE);
  let view = new DataView(stage.buffer);
  let filled = 0;
  let begun = false;
  let ended = false;
  let rows = 0;
  let srid = 0;

  /** How messages name the query. */
  const query = choice.neighbor === undefined ? "the query" : "the query of the weights";
  const starts = new Int32Array(columns.length);
  const lengths = new Int32Array(columns.length);
  const geometry = buildGeometry();
  const values = Object.entries(choice.values).map(([name, column]) => ({ name, column, into: growFloat64() }));
  const labels = Object.entries(choice.labels).map(([name, column]) => ({
    name,
    column,
    into: buildLabels(columns[column]!.reading.id),
  }));
  const { place, include } = choice;
  const carried = carrier();
  const id = choice.id!;
  const ids = idReader(id);
  const neighbors = choice.neighbor === undefined ? undefined : idReader(choice.neighbor);

  /** Collects the ids of a column. */
  function idReader(at: number): { read(): void; take(): Ids } {
    const { name, type, reading } = columns[at]!;
    const width = reading.number ?? reading.id;
    const into = buildIds();
    return {
      read() {
        const start = starts[at]!;
        const length = lengths[at]!;
        if (length < 0) {
          if (choice.neighbor !== undefined) throw new DriveshaftError("NULL_ID", `a ${name} in ${query} is null`);
          throw new DriveshaftError("NULL_ID", `${where()}: the id column ${JSON.stringify(name)} is null`, {
            hint: "Leave such rows out of the query, or name another column with the parameter id.",
          });
        }
        checkWidth(view, start, length, width);
        into.push(stage, start, start + length);
      },
      take: () => ({ type, encoding: reading.id, ...into.take() }),
    };
  }

  /** How messages name the row at hand: by its id, once that is read. */
  function where(): string {
    const start = starts[id]!;
    const length = lengths[id]!;
    if (length < 0) return `row ${rows + 1} of ${query}`;
    const { name, type, reading } = columns[id]!;
    // long ids are shown by their beginning; a numeric ends of itself
    const end = start + (reading.id === "numeric" ? length : Math.min(length, 100));
    const only = { bytes: stage, offsets: Int32Array.of(start, end), encoding: reading.id, type };
    return `the row with ${name} ${idText(only, 0)}`;
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
    ids.read();
    neighbors?.read();
    if (!place) geometry.nowhere();
    else if ("geometry" in place) readPlace(place.geometry);
    else addPoint(geometry, number(place.x), number(place.y), where);
    for (const { column, into } of values) pushFinite(into, number(column));
    for (const { column, into } of labels) {
      const start = starts[column]!;
      if (lengths[column]! < 0) into.none();
      else into.push(stage, start, start + lengths[column]!);
    }
    if (include.length > 0) {
      carried.begin();
      for (const column of include) {
        const start = starts[column]!;
        carried.field(stage, start - 4, start + Math.max(0, lengths[column]!));
      }
    }
    rows++;
    return at;
  }

  function readPlace(column: number): void {
    const length = lengths[column]!;
    if (length < 0) return geometry.nowhere();
    const start = starts[column]!;
    srid = readGeometry(view, start, start + length, columns[column]!.reading.geometry!, geometry, where) || srid;
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
      return {
        n: rows,
        ids: ids.take(),
        ...(neighbors && { neighbors: neighbors.take() }),
        geometry: geometry.take(),
        geography: place !== undefined && "geometry" in place && columns[place.geometry]!.geography,
        srid,
        values: Object.fromEntries(values.map(({ name, into }) => [name, into.take()])),
        labels: Object.fromEntries(labels.map(({ name, into }) => [name, into.take()])),
        ...(include.length > 0 && {
          carried: carried.take(include.map((at) => ({ name: columns[at]!.name, type: columns[at]!.type }))),
        }),
      };
    },
  };
}

/** What a server never sends. */
function malformed(what: string): DriveshaftError {
  return new DriveshaftError("QUERY_FAILED", `the rows cannot be read: ${what}`);
}

function pushFinite(into: Growable<Float64Array>, value: number): void {
  into.push(Number.isFinite(value) ? value : NaN);
}

type NumberType = NonNullable<PostgresColumn["reading"]["number"]>;

/** Bytes of a number; a numeric has as many as it needs. */
const widths: Record<NumberType, number> = { int2: 2, int4: 4, int8: 8, float4: 4, float8: 8, numeric: 8 };

/** The width that a field's type demands; what it has instead is never sent by a server. */
function checkWidth(view: DataView, at: number, length: number, type: NumberType | IdEncoding): void {
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
