import type { Geometry } from "../geometry/geometry.js";
import type { NamedColumn } from "./column.js";

/** A table ready for a sink. */
export interface Table {
  n: number;
  /** Names of the columns that identify its rows, which come first; none in a table without ids. */
  key: string[];
  columns: NamedColumn[];
  /** Places of the rows beside the columns, for sinks that draw or write them. */
  places?: Geometry | undefined;
}

/** The column that identifies the rows alone, where there is one. */
export const idColumn = ({ key, columns }: Table): NamedColumn | undefined =>
  key.length === 1 ? columns.find(({ name }) => name === key[0]) : undefined;
