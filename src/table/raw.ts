import { DriveshaftError } from "../errors.js";
import type { Cell } from "./cell.js";
import { growUint32, growUint8 } from "./growable.js";
import { dateText, timestampText } from "./dates.js";
import { numericText } from "./numeric.js";

/**
 * A column as the bytes in which it came, so that it goes back as it was: ids, and what is carried from the query into
 * the result. The bytes of row i are offsets[i] .. offsets[i + 1].
 */
export interface Raw {
  type: "raw";
  /** As the server writes it: `bigint`, `numeric(8,2)`, `uuid`. */
  sqlType: string;
  encoding: Encoding;
  bytes: Uint8Array;
  offsets: Uint32Array;
  /** By row: 1 where it is null; absent where none is. */
  nulls?: Uint8Array;
}

/**
 * How a value is laid out in its bytes: PostgreSQL's binary forms, or text as in files. Nothing is known of `bytes`.
 */
export type Encoding =
  | "integer"
  | "float4"
  | "float8"
  | "numeric"
  | "boolean"
  | "uuid"
  | "date"
  | "timestamp"
  | "timestamptz"
  | "text"
  | "integer text"
  | "bytes";

export interface RawBuilder {
  /** Adds a value: the bytes of `from` between `start` and `end`. */
  push(from: Uint8Array, start?: number, end?: number): void;
  /** Adds a null. */
  none(): void;
  take(): Pick<Raw, "bytes" | "offsets" | "nulls">;
}

/** Offsets are 32-bit integers. */
const MOST_BYTES = 2 ** 32 - 1;

/** @param name of the column, for errors */
export function buildRaw(name: string): RawBuilder {
  const bytes = growUint8();
  const offsets = growUint32();
  offsets.push(0);
  const nullRows: number[] = [];
  return {
    push(from, start = 0, end = from.length) {
      if (bytes.length + end - start > MOST_BYTES) {
        throw new DriveshaftError("OUT_OF_MEMORY", `the column ${JSON.stringify(name)} takes more than 4 GiB`, {
          hint: "Leave it out, or take fewer rows.",
        });
      }
      bytes.append(from, start, end);
      offsets.push(bytes.length);
    },
    none() {
      nullRows.push(offsets.length - 1);
      offsets.push(bytes.length);
    },
    take() {
      const taken = { bytes: bytes.view(), offsets: offsets.take() };
      if (nullRows.length === 0) return taken;
      const nulls = new Uint8Array(taken.offsets.length - 1);
      for (const row of nullRows) nulls[row] = 1;
      return { ...taken, nulls };
    },
  };
}

export const isNull = ({ nulls }: Raw, row: number): boolean => nulls?.[row] === 1;

/** The bytes of a row; none where it is null. */
export const bytesOf = ({ bytes, offsets }: Raw, row: number): Uint8Array =>
  bytes.subarray(offsets[row], offsets[row + 1]);

export function viewOf({ bytes, offsets }: Raw, row: number): DataView {
  const from = offsets[row]!;
  return new DataView(bytes.buffer, bytes.byteOffset + from, offsets[row + 1]! - from);
}

/** The rows of a column, in any order; null where a row is -1. All of them as they are need no copy. */
export function takeRaw(column: Raw, rows: Int32Array): Raw {
  const { bytes, offsets } = column;
  if (rows.length === offsets.length - 1 && rows.every((row, i) => row === i)) return column;
  let size = 0;
  for (const row of rows) if (row >= 0) size += offsets[row + 1]! - offsets[row]!;
  const taken = { bytes: new Uint8Array(size), offsets: new Uint32Array(rows.length + 1) };
  let nulls: Uint8Array | undefined;
  let at = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (row < 0 || isNull(column, row)) (nulls ??= new Uint8Array(rows.length))[i] = 1;
    else for (let from = offsets[row]!; from < offsets[row + 1]!; from++) taken.bytes[at++] = bytes[from]!;
    taken.offsets[i + 1] = at;
  }
  const { type, sqlType, encoding } = column;
  return { type, sqlType, encoding, ...taken, ...(nulls && { nulls }) };
}

/** A value as people write it, and as it is compared with one of another type. */
export function rawText(column: Raw, row: number): string {
  const view = viewOf(column, row);
  switch (column.encoding) {
    case "integer":
      return String(
        view.byteLength === 8 ? view.getBigInt64(0) : view.byteLength === 4 ? view.getInt32(0) : view.getInt16(0),
      );
    case "float4":
      return floatText(view.getFloat32(0));
    case "float8":
      return floatText(view.getFloat64(0));
    case "boolean":
      return String(view.getUint8(0) === 1);
    case "numeric":
      return numericText(view);
    case "uuid":
      return hex(view).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    case "date":
      return dateText(view.getInt32(0));
    case "timestamp":
      return timestampText(view.getBigInt64(0));
    case "timestamptz":
      return timestampText(view.getBigInt64(0), "+00");
    case "bytes":
      return `\\x${hex(view)}`;
    default:
      return bufferOf(view).toString("utf8");
  }
}

/** A value as files have it: numbers where no digit is lost. */
export function rawCell(column: Raw, row: number): Cell {
  if (isNull(column, row)) return null;
  const text = rawText(column, row);
  switch (column.encoding) {
    case "integer":
      return viewOf(column, row).byteLength === 8 ? text : Number(text);
    case "float4":
    case "float8":
      return Number(text);
    case "integer text":
      return String(Number(text)) === text ? Number(text) : text;
    default:
      return text;
  }
}

const floatText = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));

const bufferOf = (view: DataView): Buffer => Buffer.from(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength);
const hex = (view: DataView): string => bufferOf(view).toString("hex");
