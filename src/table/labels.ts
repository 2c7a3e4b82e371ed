import { DriveshaftError } from "../errors.js";
import { NULL_INT4 } from "./column.js";
import { growInt32 } from "./growable.js";
import { isNull, type Encoding, type Raw } from "./raw.js";

/** Labels of rows as numbers: rows with the same value have the same, those without a value NULL_INT4. */
export interface LabelBuilder {
  /** Adds a label: the bytes of `from` between `start` and `end`. */
  push(from: Uint8Array, start: number, end: number): void;
  /** Adds the label before once more. */
  again(): void;
  none(): void;
  take(): Int32Array;
}

/** Bytes 6 and 7 of a numeric say how many digits are shown, which are not part of its value. */
const SHOWN = [6, 8] as const;

/** Bytes of a label, which are kept. */
const MOST_BYTES = 1024 * 1024;

export function buildLabels(encoding: Encoding): LabelBuilder {
  const labels = growInt32();
  const numbers = new Map<string, number>();
  let last = NULL_INT4;
  return {
    push(from, start, end) {
      if (end - start > MOST_BYTES) {
        throw new DriveshaftError("WRONG_COLUMN_TYPE", `a label has ${end - start} bytes, at most ${MOST_BYTES}`, {
          hint: "Use a shorter one, such as its md5.",
        });
      }
      const bytes = Buffer.from(from.buffer, from.byteOffset + start, end - start);
      const key = valueOf(bytes, encoding);
      let number = numbers.get(key);
      if (number === undefined) numbers.set(key, (number = numbers.size));
      labels.push((last = number));
    },
    again: () => labels.push(last),
    none: () => labels.push((last = NULL_INT4)),
    take: () => labels.take(),
  };
}

/** A text that is the same for values that are equal, though their bytes differ. */
function valueOf(bytes: Buffer, encoding: Encoding): string {
  const text = bytes.toString("latin1");
  switch (encoding) {
    case "numeric":
      return text.slice(0, SHOWN[0]) + text.slice(SHOWN[1]);
    case "float4":
    case "float8": {
      const value = encoding === "float4" ? bytes.readFloatBE() : bytes.readDoubleBE();
      return value === 0 || Number.isNaN(value) ? String(value) : text;
    }
    default:
      return text;
  }
}

/** The labels of a column's values. */
export function labelsOf(column: Raw): Int32Array {
  const { encoding, bytes, offsets } = column;
  const into = buildLabels(encoding);
  for (let row = 0; row < offsets.length - 1; row++) {
    if (isNull(column, row)) into.none();
    else if (row > 0 && !isNull(column, row - 1) && isAsBefore(column, row)) into.again();
    else into.push(bytes, offsets[row]!, offsets[row + 1]!);
  }
  return into.take();
}

/** Rows of the same value often come one after the other, which is cheaper to see than to look up. */
function isAsBefore({ bytes, offsets }: Raw, row: number): boolean {
  const [before, from, to] = [offsets[row - 1]!, offsets[row]!, offsets[row + 1]!];
  if (from - before !== to - from) return false;
  for (let at = from; at < to; at++) if (bytes[at] !== bytes[at - (from - before)]) return false;
  return true;
}
