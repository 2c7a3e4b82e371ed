import { cellText, type Cell } from "../table/cell.js";

/** Rows as psql prints them. */
export function textTable(names: string[], rows: Record<string, Cell>[]): string {
  const cells = rows.map((row) => names.map((name) => (row[name] === null ? "" : cellText(row[name]!))));
  const widths = names.map((name, c) => Math.max(name.length, ...cells.map((row) => row[c]!.length)));
  const line = (row: string[]): string =>
    ` ${row.map((cell, c) => (isNaN(Number(cell)) ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!))).join(" | ")}`;
  return (
    [
      line(names),
      widths.map((width) => "-".repeat(width + 2)).join("+"),
      ...cells.map(line),
      `(${rows.length} rows)`,
    ].join("\n") + "\n"
  );
}
