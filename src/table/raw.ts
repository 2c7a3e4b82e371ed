import { DriveshaftError } from "../errors.js";
import { growInt32, growUint8 } from "./growable.js";

/**
 * Ids as the bytes in which they came, so that they go back as they were. `compare` orders two rows by the value of
 * their ids, `text` shows one in messages; both belong to the type and know its encoding.
 */
export interface Ids {
  /** The SQL type, as the server writes it: `bigint`, `numeric(8,2)`, `uuid`. */
  type: string;
  bytes: Uint8Array;
  offsets: Int32Array;
  encoding: IdEncoding;
}

/** How an id is laid out in its bytes: PostgreSQL's binary forms, or text as in files. Nothing is known of `bytes`. */
export type IdEncoding = "integer" | "uuid" | "text" | "numeric" | "integer text" | "bytes";

/** The arrays of ids, for moving them between threads. */
export const idArrays = ({ bytes, offsets }: Ids): (Uint8Array | Int32Array)[] => [bytes, offsets];

export interface IdBuilder {
  /** Adds an id: the bytes of `from` between `start` and `end`. */
  push(from: Uint8Array, start?: number, end?: number): void;
  readonly length: number;
  take(): { bytes: Uint8Array; offsets: Int32Array };
}

/** Offsets are 32-bit integers. */
const MOST_BYTES = 2 ** 31 - 1;

export function buildIds(): IdBuilder {
  const bytes = growUint8();
  const offsets = growInt32();
  offsets.push(0);
  return {
    push(from, start = 0, end = from.length) {
      bytes.append(from, start, end);
      if (bytes.length > MOST_BYTES) {
        throw new DriveshaftError("OUT_OF_MEMORY", "the ids take more than 2 GiB", {
          hint: "Use a shorter id, such as a bigint.",
        });
      }
      offsets.push(bytes.length);
    },
    get length() {
      return offsets.length - 1;
    },
    take: () => ({ bytes: bytes.take(), offsets: offsets.take() }),
  };
}

function idBytes(ids: Ids, row: number): Uint8Array {
  return ids.bytes.subarray(ids.offsets[row], ids.offsets[row + 1]);
}

/** The ids of rows `kept`, in that order. */
export function selectIds(ids: Ids, kept: Int32Array): Ids {
  const builder = buildIds();
  for (const row of kept) builder.push(ids.bytes, ids.offsets[row], ids.offsets[row + 1]);
  return { ...ids, ...builder.take() };
}

/** An id as people write it. */
export function idText(ids: Ids, row: number): string {
  const bytes = idBytes(ids, row);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (ids.encoding) {
    case "integer":
      return String(
        bytes.length === 8 ? view.getBigInt64(0) : bytes.length === 4 ? view.getInt32(0) : view.getInt16(0),
      );
    case "uuid":
      return Buffer.from(bytes)
        .toString("hex")
        .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    case "numeric":
      return numericText(view);
    case "bytes":
      return `\\x${Buffer.from(bytes).toString("hex")}`;
    default:
      return Buffer.from(bytes).toString("utf8");
  }
}

/**
 * The canonical order: rows in ascending order of their ids. Every kernel sees rows in this order, so that no result
 * depends on the order in which the rows came.
 * @throws DUPLICATE_ID where two rows have the same id by value, as far as their bytes tell
 */
export function canonicalOrder(ids: Ids): Int32Array {
  const n = ids.offsets.length - 1;
  const compare = comparator(ids);
  const order = new Int32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  let sorted = true;
  for (let i = 1; i < n && sorted; i++) sorted = compare(i - 1, i) < 0;
  if (sorted) return order;
  order.sort(compare);
  const repeated = new Set<string>();
  for (let i = 1; i < n && repeated.size < 5; i++) {
    if (compare(order[i - 1]!, order[i]!) === 0) repeated.add(idText(ids, order[i]!));
  }
  if (repeated.size > 0) {
    throw new DriveshaftError(
      "DUPLICATE_ID",
      `ids must be unique, but these come more than once: ${[...repeated].join(", ")}`,
      {
        hint: "Name a unique column with the parameter id, or remove the repetition in the query.",
      },
    );
  }
  return order;
}

function comparator(ids: Ids): (a: number, b: number) => number {
  const { bytes, offsets } = ids;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (ids.encoding) {
    case "integer":
      return (a, b) => compareIntegers(view, offsets[a]!, offsets[b]!, offsets[a + 1]! - offsets[a]!);
    case "numeric":
      return (a, b) => compareNumerics(view, offsets[a]!, offsets[b]!);
    case "integer text": {
      const numbers = Float64Array.from({ length: offsets.length - 1 }, (_, row) => Number(idText(ids, row)));
      return (a, b) => numbers[a]! - numbers[b]!;
    }
    default:
      return (a, b) => compareBytes(bytes, offsets[a]!, offsets[a + 1]!, offsets[b]!, offsets[b + 1]!);
  }
}

function compareIntegers(view: DataView, a: number, b: number, size: number): number {
  if (size === 2) return view.getInt16(a) - view.getInt16(b);
  const high = view.getInt32(a) - view.getInt32(b);
  return high !== 0 || size === 4 ? high : view.getUint32(a + 4) - view.getUint32(b + 4);
}

function compareBytes(bytes: Uint8Array, a: number, aEnd: number, b: number, bEnd: number): number {
  while (a < aEnd && b < bEnd) {
    const difference = bytes[a++]! - bytes[b++]!;
    if (difference !== 0) return difference;
  }
  return aEnd - a - (bEnd - b);
}

/** The binary form of numeric: digit count, weight of the first digit, sign, display scale, digits in base 10,000. */
const NEGATIVE = 0x4000;
const NAN = 0xc000;
const INFINITE = 0xd000;
const NEGATIVE_INFINITE = 0xf000;

/** Rank of the sign: -infinity, negative, zero, positive, infinity, NaN, in PostgreSQL's order. */
function numericRank(view: DataView, at: number): number {
  const sign = view.getUint16(at + 4);
  if (sign === NAN) return 3;
  if (sign === INFINITE) return 2;
  if (sign === NEGATIVE_INFINITE) return -2;
  if (view.getUint16(at) === 0) return 0;
  return sign === NEGATIVE ? -1 : 1;
}

function compareNumerics(view: DataView, a: number, b: number): number {
  const rank = numericRank(view, a);
  const other = numericRank(view, b);
  if (rank !== other || Math.abs(rank) !== 1) return rank - other;
  const weight = view.getInt16(a + 2) - view.getInt16(b + 2);
  if (weight !== 0) return weight * rank;
  const digits = view.getUint16(a);
  const otherDigits = view.getUint16(b);
  for (let i = 0; i < Math.max(digits, otherDigits); i++) {
    const x = i < digits ? view.getUint16(a + 8 + 2 * i) : 0;
    const y = i < otherDigits ? view.getUint16(b + 8 + 2 * i) : 0;
    if (x !== y) return (x - y) * rank;
  }
  return 0;
}

/** A numeric in its binary form as decimal digits. */
export function numericText(view: DataView): string {
  const rank = numericRank(view, 0);
  if (rank === 3) return "NaN";
  if (Math.abs(rank) === 2) return rank > 0 ? "Infinity" : "-Infinity";
  const count = view.getUint16(0);
  const weight = view.getInt16(2);
  const scale = view.getUint16(6);
  const group = (i: number): string =>
    i >= 0 && i < count ? String(view.getUint16(8 + 2 * i)).padStart(4, "0") : "0000";
  let whole = "";
  for (let i = 0; i <= weight; i++) whole += group(i);
  let fraction = "";
  for (let i = weight + 1; fraction.length < scale; i++) fraction += group(i);
  whole = whole.replace(/^0+(?=\d)/, "") || "0";
  return (rank < 0 ? "-" : "") + whole + (scale > 0 ? `.${fraction.slice(0, scale)}` : "");
}
