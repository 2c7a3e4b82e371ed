import type { Places } from "../geometry/place.js";
import type { ColumnChoice } from "../job/choose-columns.js";
import type { Rows } from "../job/source.js";
import type { Input, Read } from "../analyses/inputs.js";
import type { NamedColumn } from "../table/column.js";
import { canonicalOrder, orderByValues } from "../table/order.js";
import type { Raw } from "../table/raw.js";

/** A table as it was read: the query's rows, or a further one. */
export interface ReadTable {
  /** What each of its columns is for. */
  choice: ColumnChoice;
  rows: Rows;
}

/** What is computed from: the rows of the query and of further tables. */
export interface Task extends ReadTable {
  parameters: Record<string, unknown>;
  tables: Record<string, ReadTable>;
  /** Threads that the computation may use. */
  threads: number;
}

/** The columns that were read for a parameter. */
export function readFor({ choice, rows }: ReadTable, parameter: string): NamedColumn[] {
  return rows.columns
    .map((column, i) => ({ name: choice.names[i]!, column }))
    .filter((_, i) => choice.parameters[i] === parameter);
}

/** The same table with some of what was read. */
export function chosenReadings<Table extends ReadTable>(
  table: Table,
  isChosen: (parameter: string, reading: number) => boolean,
): Table {
  const { choice, rows } = table;
  const kept = choice.parameters.flatMap((parameter, reading) => (isChosen(parameter, reading) ? [reading] : []));
  const those = <Element>(all: Element[]): Element[] => kept.map((reading) => all[reading]!);
  const { readings, parameters, names } = choice;
  return {
    ...table,
    choice: { ...choice, readings: those(readings), parameters: those(parameters), names: those(names) },
    rows: { n: rows.n, columns: those(rows.columns) },
  };
}

/** Where among the columns that were read those of a parameter are. */
export const readingsFor = ({ choice }: ReadTable, parameter: string): number[] =>
  choice.parameters.flatMap((one, i) => (one === parameter ? [i] : []));

/** The ids of the rows, where they have some. */
export const idsOf = (table: ReadTable): Raw | undefined => readFor(table, "id")[0]?.column as Raw | undefined;

/** The places of the rows, where they have some. */
export const placesOf = (table: ReadTable): Places | undefined =>
  readFor(table, "place")[0]?.column as Places | undefined;

/**
 * The rows that can be used for inputs, in canonical order: that of their ids, or without ids that of what they hold.
 * Where ids repeat they are as they came, and their order must count for nothing.
 * @param order rows that are in it, where they were found before
 * @throws DUPLICATE_ID
 */
export function usableRows(
  table: ReadTable,
  inputs: Record<string, Input>,
  parameters: Record<string, unknown>,
  order = inOrder(table),
): Int32Array {
  const { placeless = false } = table.choice;
  const read: Read = { n: table.rows.n, parameters, placeless, named: (parameter) => readFor(table, parameter) };
  const tests = Object.entries(inputs).flatMap(([name, input]) => input.usable?.(name, read) ?? []);
  const isUsable = (row: number): boolean => tests.every((test) => test(row));
  return order.every(isUsable) ? order : order.filter(isUsable);
}

function inOrder(table: ReadTable): Int32Array {
  const { n, columns } = table.rows;
  const ids = idsOf(table);
  if (!ids) return orderByValues(n, columns);
  return table.choice.repeats ? new Int32Array(n).map((_, row) => row) : canonicalOrder(ids);
}
