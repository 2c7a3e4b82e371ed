import { VARIABLE_COLUMN } from "../analyses/variables.js";
import { take } from "../table/column.js";
import { placeNumber, type Table } from "../table/table.js";

/** Variables that are drawn, the first of a result. */
const SHOWN = 10;

/** A result as it is drawn: of many variables each on its own. */
export function drawnParts(table: Table): { parts: { name?: string; table: Table }[]; more: number } {
  const variable = table.columns.find(({ name }) => name === VARIABLE_COLUMN)?.column;
  if (variable?.type !== "text") return { parts: [{ table }], more: 0 };
  const { codes, labels } = variable;
  const parts = labels.slice(0, SHOWN).map((label, code) => {
    const rows = Int32Array.from(codes.keys()).filter((row) => codes[row] === code);
    return { name: String(label), table: rowsOfTable(table, rows) };
  });
  return { parts, more: labels.length - parts.length };
}

const rowsOfTable = (table: Table, rows: Int32Array): Table => ({
  ...table,
  n: rows.length,
  columns: table.columns.map(({ name, column }) => ({ name, column: take(column, rows) })),
  placeOf: rows.map((row) => placeNumber(table, row)),
});
