import pg from "pg";
import type { Table } from "../table/columns.js";

const sqlTypes = { float8: "double precision", int4: "integer", text: "text" } as const;

/** The columns of a result as SQL defines them, in the order in which they are written. */
export function columnTypes({ ids, columns, carried }: Table): { name: string; type: string }[] {
  return [
    ...(ids ? [{ name: ids.name, type: ids.ids.type }] : []),
    ...columns.map(({ name, data }) => ({ name, type: sqlTypes[data.type] })),
    ...(carried?.columns ?? []),
  ];
}

/** The statement that creates a table for a result, without its key. */
export function createTable(name: string, table: Table): string {
  const definitions = columnTypes(table).map(({ name, type }) => `${pg.escapeIdentifier(name)} ${type}`);
  return `CREATE TABLE ${name} (${definitions.join(", ")})`;
}
