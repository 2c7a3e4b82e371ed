import { hasIds, type Analysis } from "../analyses/analysis.js";
import type { Computed } from "../compute/compute.js";
import type { ReadTable, Task } from "../compute/read-table.js";
import { take, type NamedColumn } from "../table/column.js";
import type { Table } from "../table/table.js";

/** The columns of the query that a result has as they are. */
export function takenColumns(analysis: Analysis, { choice, rows }: ReadTable): NamedColumn[] {
  const taken = hasIds(analysis) && analysis.of === undefined ? ["id", "by", "include"] : ["by"];
  return rows.columns
    .map((column, i) => ({ name: choice.names[i]!, column }))
    .filter((_, i) => taken.includes(choice.parameters[i]!));
}

/** The whole result: what was computed, and what is taken from the rows. */
export function tableOf({ n, key, isKeyOfGroups, columns, places, placeOf }: Computed, task: Task): Table {
  return {
    n,
    key,
    isKeyOfGroups,
    columns: columns.map((column): NamedColumn => {
      if ("column" in column) return { name: column.name, column: column.column };
      const { name, from, rows } = column;
      const whole = (from.table === undefined ? task : task.tables[from.table]!).rows.columns[from.reading]!;
      return { name, column: rows ? take(whole, rows) : whole };
    }),
    places,
    placeOf,
  };
}
