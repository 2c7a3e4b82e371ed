import type { Carried, Cell } from "./columns.js";
import { DriveshaftError } from "../errors.js";
import { growInt32 } from "./growable.js";
import { numericText, type Ids } from "./raw.js";

/** Bytes of a chunk, about; a longer row has one of its own. */
const CHUNK = 1 << 20;

export interface Carrier {
  /** Begins a row. */
  begin(): void;
  /** Adds a field: its length and its bytes, as COPY BINARY has them. */
  field(from: Uint8Array, start: number, end: number): void;
  take(columns: Carried["columns"]): Carried;
}

/** Collects fields that are carried through without being parsed. */
export function carrier(): Carrier {
  const lengths = growInt32();
  const chunks: Uint8Array[] = [];
  let chunk = new Uint8Array();
  let rowAt = 0;
  let at = 0;

  function close(): void {
    if (at > 0) chunks.push(chunk.subarray(0, at));
  }
  function endRow(): void {
    if (at - rowAt > 2 ** 31 - 1) throw new DriveshaftError("OUT_OF_MEMORY", "a row has more than 2 GiB to carry");
    lengths.push(at - rowAt);
  }
  let begun = false;
  return {
    begin() {
      if (begun) endRow();
      begun = true;
      rowAt = at;
    },
    field(from, start, end) {
      if (at + end - start > chunk.length) {
        // the row at hand moves to the next chunk, so that no row lies across two
        const row = chunk.subarray(rowAt, at);
        const next = new Uint8Array(Math.max(CHUNK, 2 * (row.length + end - start)));
        next.set(row);
        at = rowAt;
        close();
        [chunk, rowAt, at] = [next, 0, row.length];
      }
      chunk.set(from.subarray(start, end), at);
      at += end - start;
    },
    take(columns) {
      if (begun) endRow();
      close();
      return { columns, lengths: lengths.take(), chunks };
    },
  };
}

/** Gives the rows back in their order. */
export function unpack({ lengths, chunks }: Carried): { next(row: number): Uint8Array } {
  let chunk = 0;
  let at = 0;
  return {
    next(row) {
      while (chunk < chunks.length && at === chunks[chunk]!.length) {
        chunk++;
        at = 0;
      }
      const from = at;
      at += lengths[row]!;
      return chunks[chunk]!.subarray(from, at);
    },
  };
}

/** The ids of `rows`, in that order, as a column that is carried. */
export function carriedIds(name: string, ids: Ids, rows: Int32Array): Carried {
  const column = carrier();
  const { bytes, offsets } = ids;
  let field = new Uint8Array(64);
  for (const row of rows) {
    const [begin, end] = [offsets[row]!, offsets[row + 1]!];
    const size = 4 + end - begin;
    if (size > field.length) field = new Uint8Array(2 * size);
    new DataView(field.buffer).setInt32(0, end - begin);
    field.set(bytes.subarray(begin, end), 4);
    column.begin();
    column.field(field, 0, size);
  }
  return column.take([{ name, type: ids.type }]);
}

/** The rows `kept`, which ascend. */
export function selectCarried(all: Carried, kept: Int32Array): Carried {
  const some = carrier();
  const rows = unpack(all);
  let next = 0;
  for (let row = 0; row < all.lengths.length; row++) {
    const bytes = rows.next(row);
    if (kept[next] !== row) continue;
    some.begin();
    some.field(bytes, 0, bytes.length);
    next++;
  }
  return some.take(all.columns);
}

/** How files show a carried field, by its type as SQL writes it, without what stands in brackets. */
const readers: Record<string, (view: DataView) => Cell> = {
  text: readText,
  "character varying": readText,
  character: readText,
  name: readText,
  json: readText,
  uuid: (view) => hex(view).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"),
  boolean: (view) => String(view.getUint8(0) === 1),
  smallint: (view) => view.getInt16(0),
  integer: (view) => view.getInt32(0),
  bigint: (view) => String(view.getBigInt64(0)),
  real: (view) => view.getFloat32(0),
  "double precision": (view) => view.getFloat64(0),
  numeric: numericText,
};

/** How the binary form of a type is shown; undefined where only the server can. */
export const readerOf = (type: string): ((view: DataView) => Cell) | undefined => readers[type.replace(/\(.*\)/, "")];

const bytesOf = (view: DataView): Buffer => Buffer.from(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength);

function readText(view: DataView): string {
  return bytesOf(view).toString("utf8");
}

function hex(view: DataView): string {
  return bytesOf(view).toString("hex");
}

/** The refusal to write a type to a file that only the server can print. */
export function notShown(column: string, type: string): DriveshaftError {
  return new DriveshaftError(
    "WRONG_COLUMN_TYPE",
    `the column ${JSON.stringify(column)} is of type ${type}, which a file cannot show`,
    { hint: "Cast it to text in the query, or write to a table." },
  );
}

/**
 * The carried fields of each row, as cells: what a sink needs that does not write COPY BINARY.
 * @throws WRONG_COLUMN_TYPE for types that only the server understands
 */
export function* carriedCells(carried: Carried): Generator<Cell[]> {
  const read = carried.columns.map(({ name, type }) => {
    const reader = readerOf(type);
    if (reader) return reader;
    throw notShown(name, type);
  });
  const rows = unpack(carried);
  for (let row = 0; row < carried.lengths.length; row++) {
    const bytes = rows.next(row);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    yield read.map((reader) => {
      const length = view.getInt32(at);
      const from = bytes.byteOffset + at + 4;
      at += 4 + Math.max(0, length);
      return length < 0 ? null : reader(new DataView(bytes.buffer, from, length));
    });
  }
}
