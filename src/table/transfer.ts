import { geometryArrays } from "../geometry/geometry.js";
import type { Column } from "./column.js";

/** The arrays of a column that move between threads; small ones are copied. */
function arraysOf(column: Column): ArrayBufferView[] {
  switch (column.type) {
    case "text":
      return [column.codes];
    case "geometry":
      return geometryArrays(column.geometry);
    case "raw":
      return [column.bytes, column.offsets, ...(column.nulls ? [column.nulls] : [])];
    case "float8":
    case "int4":
    case "int8":
    case "bool":
      return [column.values];
    default:
      return [];
  }
}

/** The buffers of arrays, each once. */
export const buffersOf = (arrays: ArrayBufferView[]): ArrayBuffer[] => [
  ...new Set(arrays.map((array) => array.buffer as ArrayBuffer)),
];

/** The buffers of columns, for moving them to another thread. */
export const columnBuffers = (columns: Column[]): ArrayBuffer[] => buffersOf(columns.flatMap(arraysOf));
