import { DriveshaftError } from "../errors.js";
import type { Geometry } from "../geometry/geometry.js";
import type { Column } from "./column.js";
import { compareNumerics } from "./numeric.js";
import { rawText, type Raw } from "./raw.js";

/**
 * The canonical order: rows in ascending order of their ids. Every kernel sees rows in this order, so that no result
 * depends on the order in which the rows came.
 * @throws DUPLICATE_ID where two rows have the same id by value, as far as their bytes tell
 */
export function canonicalOrder(ids: Raw): Int32Array {
  const n = ids.offsets.length - 1;
  const compare = compareRaws(ids);
  const order = new Int32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  let sorted = true;
  for (let i = 1; i < n && sorted; i++) sorted = compare(i - 1, i) < 0;
  if (sorted) return order;
  order.sort(compare);
  const repeated = new Set<string>();
  for (let i = 1; i < n && repeated.size < 5; i++) {
    if (compare(order[i - 1]!, order[i]!) === 0) repeated.add(rawText(ids, order[i]!));
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

/**
 * The order of rows without ids: ascending by their numbers and coordinates, one column after the other, so that rows
 * in another order make the same result. Rows that are alike in all of them stay as they came.
 */
export function orderByValues(n: number, columns: Column[]): Int32Array {
  const compares = columns.flatMap((column) => {
    if (column.type === "float8")
      return [(a: number, b: number) => compareNumbers(column.values[a]!, column.values[b]!)];
    return column.type === "geometry" ? [compareFeatures(column.geometry)] : [];
  });
  const order = new Int32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  return order.sort((a, b) => {
    for (const compare of compares) {
      const difference = compare(a, b);
      if (difference !== 0) return difference;
    }
    return a - b;
  });
}

/** NaN comes last. */
const compareNumbers = (a: number, b: number): number =>
  Number.isNaN(a) || Number.isNaN(b) ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) : a - b;

/** By vertex after vertex, then by their number. */
export function compareFeatures({ xs, ys, featureOffsets }: Geometry): (a: number, b: number) => number {
  return (a, b) => {
    const [aEnd, bEnd] = [featureOffsets[a + 1]!, featureOffsets[b + 1]!];
    let [v, w] = [featureOffsets[a]!, featureOffsets[b]!];
    for (; v < aEnd && w < bEnd; v++, w++) {
      const difference = xs[v]! - xs[w]! || ys[v]! - ys[w]!;
      if (difference !== 0) return difference;
    }
    return aEnd - v - (bEnd - w);
  };
}

/** Compares two rows of a column by their values, as far as their bytes tell; none of them is null. */
export function compareRaws(ids: Raw): (a: number, b: number) => number {
  const { bytes, offsets } = ids;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (ids.encoding) {
    case "integer":
    case "date":
    case "timestamp":
    case "timestamptz":
      return (a, b) => compareIntegers(view, offsets[a]!, offsets[b]!, offsets[a + 1]! - offsets[a]!);
    case "numeric":
      return (a, b) => compareNumerics(view, offsets[a]!, offsets[b]!);
    case "float4":
      return (a, b) => compareFloats(view.getFloat32(offsets[a]!), view.getFloat32(offsets[b]!));
    case "float8":
      return (a, b) => compareFloats(view.getFloat64(offsets[a]!), view.getFloat64(offsets[b]!));
    case "integer text": {
      const numbers = Float64Array.from({ length: offsets.length - 1 }, (_, row) => Number(rawText(ids, row)));
      return (a, b) => numbers[a]! - numbers[b]!;
    }
    default:
      return (a, b) => compareBytes(bytes, offsets[a]!, offsets[a + 1]!, offsets[b]!, offsets[b + 1]!);
  }
}

/** NaN comes last, after infinity. */
const compareFloats = (a: number, b: number): number =>
  a < b ? -1 : a > b ? 1 : Number(Number.isNaN(a)) - Number(Number.isNaN(b));

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
