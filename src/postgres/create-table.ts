import pg from "pg";
import type { Column } from "../table/column.js";
import type { Table } from "../table/table.js";

const sqlTypes: Record<Exclude<Column["type"], "raw" | "geometry">, string> = {
  float8: "double precision",
  int4: "integer",
  int8: "bigint",
  bool: "boolean",
  text: "text",
  jsonb: "jsonb",
  "float8[]": "double precision[]",
  "int4[]": "integer[]",
  "text[]": "text[]",
};

function sqlType(column: Column): string {
  switch (column.type) {
    case "raw":
      return column.sqlType;
    case "geometry":
      return column.sqlType ?? "bytea";
    default:
      return sqlTypes[column.type];
  }
}

/** The columns of a result as SQL defines them, in the order in which they are written. */
export const columnTypes = ({ columns }: Table): { name: string; type: string }[] =>
  columns.map(({ name, column }) => ({ name, type: sqlType(column) }));

/** The statement that creates a table for a result, without its key. */
export function createTable(name: string, table: Table): string {
  const definitions = columnTypes(table).map(({ name, type }) => `${pg.escapeIdentifier(name)} ${type}`);
  return `CREATE TABLE ${name} (${definitions.join(", ")})`;
}
