import pg from "pg";
import type { Column } from "../table/column.js";
import type { Table } from "../table/table.js";

const sqlTypes: Record<Exclude<Column["type"], "raw">, string> = {
  float8: "double precision",
  int4: "integer",
  int8: "bigint",
  bool: "boolean",
  text: "text",
  jsonb: "jsonb",
  "float8[]": "double precision[]",
  "int4[]": "integer[]",
  "text[]": "text[]",
  geometry: "geometry",
};

/** The columns of a result as SQL defines them, in the order in which they are written. */
export const columnTypes = ({ columns }: Table): { name: string; type: string }[] =>
  columns.map(({ name, column }) => ({ name, type: column.type === "raw" ? column.sqlType : sqlTypes[column.type] }));

/** The statement that creates a table for a result, without its key. */
export function createTable(name: string, table: Table): string {
  const definitions = columnTypes(table).map(({ name, type }) => `${pg.escapeIdentifier(name)} ${type}`);
  return `CREATE TABLE ${name} (${definitions.join(", ")})`;
}
