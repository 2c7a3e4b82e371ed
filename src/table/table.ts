import type { Places } from "../geometry/place.js";
import type { NamedColumn } from "./column.js";

/** A table ready for a sink. */
export interface Table {
  n: number;
  /** Names of the columns that identify its rows, which come first; none in a table without ids. */
  key: string[];
  /** Values that make groups are in the key: of any type, so that the database may not be able to make one of them. */
  isKeyOfGroups?: boolean | undefined;
  columns: NamedColumn[];
  /** Places of the rows beside the columns, for sinks that draw or write them. */
  places?: Places | undefined;
  /** The place of each row, where it is not that of its number: rows of many variables have one together. */
  placeOf?: Int32Array | undefined;
}

/** The number of a row's place. */
export const placeNumber = ({ placeOf }: Table, row: number): number => placeOf?.[row] ?? row;

/** The columns of places that a result has of its own. */
export const placesColumns = ({ columns }: Table): { name: string; column: Places }[] =>
  columns.flatMap(({ name, column }) => (column.type === "geometry" ? [{ name, column }] : []));
