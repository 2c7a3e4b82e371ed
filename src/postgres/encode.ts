import { NULL_INT, type Table } from "../table/columns.js";
import { unpack } from "../table/carry.js";
import { SIGNATURE } from "./signature.js";

/** Bytes of a chunk, about. */
const CHUNK = 1 << 18;

/** A table as COPY BINARY, in chunks. Each chunk is used before the next is made: they share a buffer. */
export function* encode(table: Table, progress: (share: number) => void): Generator<Uint8Array> {
  const columns = table.columns.map(({ data }) => writer(data));
  const { bytes, offsets } = table.ids?.ids ?? { bytes: new Uint8Array(), offsets: new Int32Array() };
  const widest = 2 + columns.reduce((sum, column) => sum + 4 + column.widest, 0);
  const fields = columns.length + (table.ids ? 1 : 0) + (table.carried?.columns.length ?? 0);
  const carried = table.carried && unpack(table.carried);

  let chunk = Buffer.allocUnsafe(CHUNK);
  let at = SIGNATURE.copy(chunk);
  at = chunk.writeInt32BE(0, at);
  at = chunk.writeInt32BE(0, at);
  for (let row = 0; row < table.n; row++) {
    const idLength = table.ids ? offsets[row + 1]! - offsets[row]! : 0;
    const size = widest + 4 + idLength + (table.carried?.lengths[row] ?? 0);
    if (at + size > chunk.length) {
      yield chunk.subarray(0, at);
      progress(row / table.n);
      if (size > chunk.length) chunk = Buffer.allocUnsafe(size);
      at = 0;
    }
    at = chunk.writeInt16BE(fields, at);
    if (table.ids) {
      at = chunk.writeInt32BE(idLength, at);
      chunk.set(bytes.subarray(offsets[row], offsets[row + 1]), at);
      at += idLength;
    }
    for (const { write } of columns) at = write(chunk, at, row);
    if (carried) {
      const bytes = carried.next(row);
      chunk.set(bytes, at);
      at += bytes.length;
    }
  }
  if (at + 2 > chunk.length) {
    yield chunk.subarray(0, at);
    at = 0;
  }
  at = chunk.writeInt16BE(-1, at);
  yield chunk.subarray(0, at);
}

interface Writer {
  /** Most bytes of a value. */
  widest: number;
  /** Writes the field of a row, with its length, and returns where the next begins. */
  write(chunk: Buffer, at: number, row: number): number;
}

function writer(data: Table["columns"][number]["data"]): Writer {
  switch (data.type) {
    case "float8":
      return {
        widest: 8,
        write(chunk, at, row) {
          const value = data.values[row]!;
          if (Number.isNaN(value)) return chunk.writeInt32BE(-1, at);
          return chunk.writeDoubleBE(value, chunk.writeInt32BE(8, at));
        },
      };
    case "int4":
      return {
        widest: 4,
        write(chunk, at, row) {
          const value = data.values[row]!;
          if (value === NULL_INT) return chunk.writeInt32BE(-1, at);
          return chunk.writeInt32BE(value, chunk.writeInt32BE(4, at));
        },
      };
    case "text": {
      const labels = data.labels.map((label) => (label === null ? undefined : Buffer.from(label)));
      return {
        widest: Math.max(0, ...labels.map((label) => label?.length ?? 0)),
        write(chunk, at, row) {
          const label = labels[data.codes[row]!];
          if (!label) return chunk.writeInt32BE(-1, at);
          at = chunk.writeInt32BE(label.length, at);
          chunk.set(label, at);
          return at + label.length;
        },
      };
    }
  }
}
