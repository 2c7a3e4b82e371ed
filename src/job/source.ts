import type { Column } from "../table/column.js";
import type { ColumnKind } from "../table/kinds.js";
import type { Progress } from "./progress.js";

/** A column that a source has: its name, its type as people know it, and what it can hold. */
export interface SourceColumn {
  name: string;
  type: string;
  /** Undefined where that shows only in the values, as in files. */
  kinds?: ColumnKind[];
  /** Its type is one that no table can hold. */
  pseudo?: boolean;
  /** A type inside its type whose functions would run as a table is filled. */
  holds?: string;
}

/**
 * What is read: columns of the source by their index, each as what it is needed for. Ids become raw columns without
 * nulls, numbers float8 (NaN where there is none, or one that is not finite), labels int4 (equal ones alike), raw ones
 * and places what they are called.
 */
export type Reading =
  /** Undefined where a file has no column for it: its rows are numbered from 1. */
  | { as: "id"; column: number | undefined }
  | { as: "number"; column: number }
  | { as: "label"; column: number }
  | { as: "raw"; column: number }
  | { as: "place"; geometry: number }
  | { as: "place"; x: number; y: number };

/** What was read: a column for each reading, in their order. */
export interface Rows {
  n: number;
  columns: Column[];
}

/** Where rows come from. Opened first, so that the columns are known before anything is read. */
export interface Source {
  columns: SourceColumn[];
  /** @throws ROW_LIMIT where there are more rows than that */
  read(readings: Reading[], progress: Progress, rowLimit?: number): Promise<Rows>;
  /** A further query beside it, where there can be one. @param name how messages call it, such as `the query` */
  further?(query: string, name: string): Promise<Source>;
  /** All has been read: what was held for it is let go. */
  close?(): Promise<void>;
}
