import pg from "pg";
import type { Table } from "../columns.js";

const sqlTypes = { float8: "double precision", int4: "integer", text: "text" } as const;

/** The statement that creates a table for a result, without its key. */
export function createTable(name: string, { ids, columns, carried }: Table): string {
  const quote = (column: string): string => pg.escapeIdentifier(column);
  const definitions = columns.map((column) => `${quote(column.name)} ${sqlTypes[column.data.type]}`);
  if (ids) definitions.unshift(`${quote(ids.name)} ${ids.ids.type}`);
  for (const column of carried?.columns ?? []) definitions.push(`${quote(column.name)} ${column.type}`);
  return `CREATE TABLE ${name} (${definitions.join(", ")})`;
}
