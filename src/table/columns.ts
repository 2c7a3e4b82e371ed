import { geometryArrays, type Geometry } from "../geometry/geometry.js";
import { reorder } from "../geometry/reorder.js";
import { idArrays, type Ids } from "./raw.js";

/** What a source hands to an analysis: columns in the order of the rows read. */
export interface Rows {
  n: number;
  ids: Ids;
  /** Of a query of pairs: the ids at the other ends. */
  neighbors?: Ids;
  /** Where the rows are. Rows without a place have no vertices. */
  geometry: Geometry;
  /** Whether the geometry is of the type geography, whose coordinates are longitudes and latitudes. */
  geography: boolean;
  /** Spatial reference system, 0 where none was said. */
  srid: number;
  /** Numbers by the parameter that names their column; NaN where the row has none or one that is not finite. */
  values: Record<string, Float64Array>;
  /** Labels by the name of their column: equal ones as equal numbers, NaN where the row has none. */
  labels: Record<string, Float64Array>;
  carried?: Carried | undefined;
  /** Weights that were given. */
  given?: PairsOfIds | undefined;
}

/** The buffers of the large arrays of rows, except their ids, for moving them between threads. */
export function rowBuffers({ geometry, values, labels, given, carried }: Rows): ArrayBuffer[] {
  return buffersOf([
    ...geometryArrays(geometry),
    ...Object.values(values),
    ...Object.values(labels),
    ...(given ? pairArrays(given) : []),
    ...(carried ? [carried.lengths, ...carried.chunks] : []),
  ]);
}

export const pairArrays = ({ focal, neighbor, weights }: PairsOfIds): ArrayBufferView[] => [
  ...idArrays(focal),
  ...idArrays(neighbor),
  weights,
];

/** The buffers of arrays, each once. */
export function buffersOf(arrays: ArrayBufferView[]): ArrayBuffer[] {
  return [...new Set(arrays.map((array) => array.buffer as ArrayBuffer))];
}

/** Weights as a source has them: the ids at both ends of each pair, and how much the neighbor weighs for the focal row. */
export interface PairsOfIds {
  focal: Ids;
  neighbor: Ids;
  weights: Float64Array;
}

/**
 * Columns that go from the query into the result untouched, in the order of the rows: fields of COPY BINARY, each with its
 * length before it, so that no type need be known.
 */
export interface Carried {
  columns: { name: string; type: string }[];
  /** Bytes of each row. */
  lengths: Int32Array;
  /** The rows, one after the other; each chunk ends with a row. */
  chunks: Uint8Array[];
}

/** A null of an integer column, which has no NaN. */
export const NULL_INT = -2147483648;

/** One column of a result. NaN and NULL_INT are nulls; a label may be null. */
export type ColumnData =
  | { type: "float8"; values: Float64Array }
  | { type: "int4"; values: Int32Array }
  | { type: "text"; codes: Uint8Array; labels: readonly (string | null)[] };

/** Number of rows of a column. */
export const length = (data: ColumnData): number => (data.type === "text" ? data.codes : data.values).length;

/** What an analysis declares of a column it returns. */
export interface ColumnSpec {
  name: string;
  type: ColumnData["type"];
  description: string;
  /** Label of rows that were read but not used; null where there is none. */
  unused?: string;
}

/** A table ready for a sink: one row per id, in input order, or rows without ids. */
export interface Table {
  n: number;
  ids?: { name: string; ids: Ids };
  /** Columns of the primary key, where it is not the id alone. */
  key?: string[];
  /** Places of the rows, for sinks that draw or write them. */
  geometry?: Geometry;
  columns: { name: string; data: ColumnData }[];
  /** Columns of the query, after those of the analysis. */
  carried?: Carried | undefined;
}

export type Cell = number | string | null;

/** The value of a column in one row. */
export function cell(data: ColumnData, row: number): Cell {
  if (data.type === "text") return data.labels[data.codes[row]!]!;
  const value = data.values[row]!;
  return Number.isNaN(value) || (data.type === "int4" && value === NULL_INT) ? null : value;
}

/** The rows `kept` of a table without ids, in that order. */
export function select(table: Omit<Table, "ids">, kept: Int32Array): Omit<Table, "ids"> {
  const at = <A extends Float64Array | Int32Array | Uint8Array>(values: A): A => {
    const chosen = values.slice(0, kept.length) as A;
    kept.forEach((row, i) => (chosen[i] = values[row]!));
    return chosen;
  };
  return {
    n: kept.length,
    ...(table.geometry && { geometry: reorder(table.geometry, kept) }),
    columns: table.columns.map(({ name, data }) => ({
      name,
      data:
        data.type === "text"
          ? { ...data, codes: at(data.codes) }
          : data.type === "int4"
            ? { ...data, values: at(data.values) }
            : { ...data, values: at(data.values) },
    })),
  };
}

/** Spreads results of the used rows over all rows read: `used[i]` is the row of result i. */
export function spread(data: ColumnData, used: Int32Array, n: number, spec: ColumnSpec): ColumnData {
  if (data.type === "text") {
    const labels = [...data.labels, spec.unused ?? null];
    const codes = new Uint8Array(n).fill(labels.length - 1);
    for (let i = 0; i < used.length; i++) codes[used[i]!] = data.codes[i]!;
    return { type: "text", codes, labels };
  }
  if (data.type === "int4") {
    const values = new Int32Array(n).fill(NULL_INT);
    for (let i = 0; i < used.length; i++) values[used[i]!] = data.values[i]!;
    return { type: "int4", values };
  }
  const values = new Float64Array(n).fill(NaN);
  for (let i = 0; i < used.length; i++) values[used[i]!] = data.values[i]!;
  return { type: "float8", values };
}
