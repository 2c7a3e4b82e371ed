import { isNull, type Raw } from "../table/raw.js";
import { NULL_BOOL, NULL_CODE, NULL_INT4, NULL_INT8, type Column } from "../table/column.js";
import type { Table } from "../table/table.js";
import { wkbOf } from "../geometry/to-wkb.js";
import { SIGNATURE } from "./signature.js";

/** Bytes of a chunk, about. */
const CHUNK = 1 << 18;

/** A table as COPY BINARY, in chunks. Each chunk is used before the next is made: they share a buffer. */
export function* encode(table: Table, progress: (share: number) => void): Generator<Uint8Array> {
  const writers = table.columns.map(({ column }) => writerOf(column));
  const fixed = 2 + writers.reduce((sum, { widest }) => sum + 4 + (widest ?? 0), 0);
  const varying = writers.filter(({ widest }) => widest === undefined);

  let chunk = Buffer.allocUnsafe(CHUNK);
  let at = SIGNATURE.copy(chunk);
  at = chunk.writeInt32BE(0, at);
  at = chunk.writeInt32BE(0, at);
  for (let row = 0; row < table.n; row++) {
    let size = fixed;
    for (const { bytes } of varying) size += bytes!(row);
    if (at + size > chunk.length) {
      yield chunk.subarray(0, at);
      progress(row / table.n);
      if (size > chunk.length) chunk = Buffer.allocUnsafe(size);
      at = 0;
    }
    at = chunk.writeInt16BE(writers.length, at);
    for (const { write } of writers) at = write(chunk, at, row);
  }
  if (at + 2 > chunk.length) {
    yield chunk.subarray(0, at);
    at = 0;
  }
  at = chunk.writeInt16BE(-1, at);
  yield chunk.subarray(0, at);
}

interface Writer {
  /** Most bytes of a value, where they are few. */
  widest?: number;
  /** Bytes of the value of a row, where they may be many. */
  bytes?(row: number): number;
  /** Writes the field of a row, with its length, and returns where the next begins. */
  write(chunk: Buffer, at: number, row: number): number;
}

const writeNull = (chunk: Buffer, at: number): number => chunk.writeInt32BE(-1, at);

function writerOf(column: Column): Writer {
  switch (column.type) {
    case "float8":
      return {
        widest: 8,
        write(chunk, at, row) {
          const value = column.values[row]!;
          if (Number.isNaN(value)) return writeNull(chunk, at);
          return chunk.writeDoubleBE(value, chunk.writeInt32BE(8, at));
        },
      };
    case "int4":
      return {
        widest: 4,
        write(chunk, at, row) {
          const value = column.values[row]!;
          if (value === NULL_INT4) return writeNull(chunk, at);
          return chunk.writeInt32BE(value, chunk.writeInt32BE(4, at));
        },
      };
    case "int8":
      return {
        widest: 8,
        write(chunk, at, row) {
          const value = column.values[row]!;
          if (value === NULL_INT8) return writeNull(chunk, at);
          return chunk.writeBigInt64BE(value, chunk.writeInt32BE(8, at));
        },
      };
    case "bool":
      return {
        widest: 1,
        write(chunk, at, row) {
          const value = column.values[row]!;
          if (value === NULL_BOOL) return writeNull(chunk, at);
          return chunk.writeUInt8(value, chunk.writeInt32BE(1, at));
        },
      };
    case "text":
      return labelWriter(column);
    case "raw":
      return rawWriter(column);
    case "jsonb":
      // the binary form begins with a version
      return bytesWriter((row) => {
        const value = column.values[row];
        return value == null ? undefined : Buffer.from(`\x01${value}`);
      });
    case "float8[]":
    case "int4[]":
    case "text[]":
      return bytesWriter((row) => {
        const values = column.values[row];
        return values == null ? undefined : array(column.type, values);
      });
    case "geometry":
      return bytesWriter(wkbOf(column));
  }
}

function labelWriter({ codes, labels: texts }: Column & { type: "text" }): Writer {
  const labels = texts.map((label) => (label === null ? undefined : Buffer.from(label)));
  return {
    widest: labels.reduce((most, label) => Math.max(most, label?.length ?? 0), 0),
    write(chunk, at, row) {
      const code = codes[row]!;
      const label = code === NULL_CODE ? undefined : labels[code];
      if (!label) return writeNull(chunk, at);
      at = chunk.writeInt32BE(label.length, at);
      chunk.set(label, at);
      return at + label.length;
    },
  };
}

function rawWriter(column: Raw): Writer {
  const { bytes, offsets } = column;
  return {
    bytes: (row) => offsets[row + 1]! - offsets[row]!,
    write(chunk, at, row) {
      if (isNull(column, row)) return writeNull(chunk, at);
      const [begin, end] = [offsets[row]!, offsets[row + 1]!];
      at = chunk.writeInt32BE(end - begin, at);
      // few bytes are copied faster one by one than by a view
      if (end - begin <= 32) for (let from = begin; from < end; from++) chunk[at++] = bytes[from]!;
      else {
        chunk.set(bytes.subarray(begin, end), at);
        at += end - begin;
      }
      return at;
    },
  };
}

/** Values that are made one by one, each twice: for its length, then to be written. */
function bytesWriter(valueOf: (row: number) => Buffer | undefined): Writer {
  let last = -1;
  let value: Buffer | undefined;
  function at(row: number): Buffer | undefined {
    if (row !== last) [last, value] = [row, valueOf(row)];
    return value;
  }
  return {
    bytes: (row) => at(row)?.length ?? 0,
    write(chunk, place, row) {
      const bytes = at(row);
      if (!bytes) return writeNull(chunk, place);
      place = chunk.writeInt32BE(bytes.length, place);
      return place + bytes.copy(chunk, place);
    },
  };
}

/** Oids of the elements of arrays, from pg_type.dat. */
const elementOids = { "float8[]": 701, "int4[]": 23, "text[]": 25 };

/** The binary form of a one-dimensional array: dimensions, nulls, oid, length, lower bound, then fields. */
function array(type: keyof typeof elementOids, values: ArrayLike<number | string>): Buffer {
  const header = Buffer.alloc(20);
  header.writeInt32BE(1, 0);
  header.writeInt32BE(elementOids[type], 8);
  header.writeInt32BE(values.length, 12);
  header.writeInt32BE(1, 16);
  const fields = Array.from(values, (value) => {
    if (typeof value === "string") return field(Buffer.from(value));
    if (type === "int4[]") return field(int32(value));
    return Number.isNaN(value) ? Buffer.from([255, 255, 255, 255]) : field(float64(value));
  });
  if (type === "float8[]" && Array.prototype.some.call(values, Number.isNaN)) header.writeInt32BE(1, 4);
  return Buffer.concat([header, ...fields]);
}

const field = (bytes: Buffer): Buffer => Buffer.concat([int32(bytes.length), bytes]);

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function float64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}
