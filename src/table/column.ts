import type { Places } from "../geometry/place.js";
import { takeFeatures } from "../geometry/take-features.js";
import { toGeoJson } from "../geometry/to-geojson.js";
import type { Cell } from "./cell.js";
import { rawCell, takeRaw, type Raw } from "./raw.js";

/** Nulls of types that have no NaN. */
export const NULL_INT4 = -2147483648;
export const NULL_INT8 = -(2n ** 63n);
export const NULL_BOOL = 2;
export const NULL_CODE = -1;

/**
 * A column of a table, of those that are read as of those that are computed. NaN, the nulls above and null itself are
 * nulls; a label may be null too. What is raw goes from the query into the result as it is.
 */
export type Column =
  | { type: "float8"; values: Float64Array }
  | { type: "int4"; values: Int32Array }
  | { type: "int8"; values: BigInt64Array }
  | { type: "bool"; values: Uint8Array }
  | { type: "text"; codes: Int32Array; labels: readonly (string | null)[] }
  | { type: "jsonb"; values: (string | null)[] }
  | { type: "float8[]"; values: (Float64Array | null)[] }
  | { type: "int4[]"; values: (Int32Array | null)[] }
  | { type: "text[]"; values: (string[] | null)[] }
  | Places
  | Raw;

export interface NamedColumn {
  name: string;
  column: Column;
}

/** Number of rows of a column. */
export function length(column: Column): number {
  switch (column.type) {
    case "text":
      return column.codes.length;
    case "geometry":
      return column.geometry.kinds.length;
    case "raw":
      return column.offsets.length - 1;
    default:
      return column.values.length;
  }
}

/** The rows of a column, in any order, a row once, often or never; null where a row is -1. */
export function take(column: Column, rows: Int32Array): Column {
  switch (column.type) {
    case "float8":
      return { type: "float8", values: takeFloat64(column.values, rows, NaN) };
    case "int4":
      return { type: "int4", values: takeInt32(column.values, rows, NULL_INT4) };
    case "int8":
      return { type: "int8", values: BigInt64Array.from(rows, (row) => column.values[row] ?? NULL_INT8) };
    case "bool":
      return { type: "bool", values: Uint8Array.from(rows, (row) => column.values[row] ?? NULL_BOOL) };
    case "text":
      return { ...column, codes: takeInt32(column.codes, rows, NULL_CODE) };
    case "geometry":
      return { ...column, geometry: takeFeatures(column.geometry, rows) };
    case "raw":
      return takeRaw(column, rows);
    default:
      // the elements are of one type on both sides, which the checker cannot see
      return { type: column.type, values: Array.from(rows, (row) => column.values[row] ?? null) } as Column;
  }
}

// two loops, as one for both kinds of arrays would be ten times as slow
function takeFloat64(from: Float64Array, rows: Int32Array, none: number): Float64Array {
  const to = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) to[i] = rows[i]! < 0 ? none : from[rows[i]!]!;
  return to;
}

function takeInt32(from: Int32Array, rows: Int32Array, none: number): Int32Array {
  const to = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) to[i] = rows[i]! < 0 ? none : from[rows[i]!]!;
  return to;
}

/** The same column with a label where it has none. */
export function labelled(column: Column, label: string | undefined): Column {
  if (column.type !== "text" || label === undefined || !column.codes.includes(NULL_CODE)) return column;
  const code = column.labels.length;
  return {
    type: "text",
    codes: column.codes.map((old) => (old === NULL_CODE ? code : old)),
    labels: [...column.labels, label],
  };
}

/** The value of a column in one row; that of a geometry is GeoJSON. */
export function cell(column: Column, row: number): Cell {
  switch (column.type) {
    case "float8":
      return finite(column.values[row]!);
    case "int4":
      return column.values[row] === NULL_INT4 ? null : column.values[row]!;
    case "int8":
      return column.values[row] === NULL_INT8 ? null : String(column.values[row]);
    case "bool":
      return column.values[row] === NULL_BOOL ? null : column.values[row] === 1;
    case "text":
      return column.codes[row] === NULL_CODE ? null : column.labels[column.codes[row]!]!;
    case "jsonb":
      return column.values[row] === null ? null : (JSON.parse(column.values[row]!) as Cell);
    case "float8[]":
      return column.values[row] ? Array.from(column.values[row], finite) : null;
    case "int4[]":
      return column.values[row] ? Array.from(column.values[row]) : null;
    case "text[]":
      return column.values[row]!;
    case "geometry":
      return toGeoJson(column.geometry, row);
    case "raw":
      return rawCell(column, row);
  }
}

const finite = (value: number): number | null => (Number.isNaN(value) ? null : value);
