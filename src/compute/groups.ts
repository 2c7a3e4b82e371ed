import { DriveshaftError } from "../errors.js";
import { labelsOf } from "../table/labels.js";
import { NULL_INT4, type NamedColumn } from "../table/column.js";
import { compareRaws } from "../table/order.js";
import { isNull, rawCell, rawText, type Raw } from "../table/raw.js";
import { sortedBy } from "../weights/given.js";

/** Groups of rows, numbered in the order of their values. An analysis is run in each. */
export interface Groups {
  count: number;
  /**
   * The rows that can be used, one group after the other, in each in canonical order: those of group g are
   * rows[offsets[g] .. offsets[g + 1]).
   */
  rows: Int32Array;
  offsets: Int32Array;
  /** By group: how many rows were read, and a row that has the group's values. */
  read: Int32Array;
  of: Int32Array;
}

/** The rows of a group that can be used. */
export const rowsOf = ({ rows, offsets }: Groups, group: number): Int32Array =>
  rows.subarray(offsets[group], offsets[group + 1]);

/** Groups of one job, at most. */
const MOST_GROUPS = 1_000_000;

/** All rows as one group. */
export const ungrouped = (usable: Int32Array, n: number): Groups => ({
  count: 1,
  rows: usable,
  offsets: Int32Array.of(0, usable.length),
  read: Int32Array.of(n),
  of: Int32Array.of(0),
});

/**
 * The groups that the values of columns make; nulls are a value, the last one.
 * @param usable rows in canonical order
 * @throws INVALID_PARAMETER where there are too many
 */
export function groupsOf(columns: NamedColumn[], usable: Int32Array, n: number): Groups {
  const raws = columns.map(({ column }) => column as Raw);
  const { numbers, count } = numbered(raws, n);
  if (count > MOST_GROUPS) {
    const message = `by makes ${count} groups of ${n} rows, at most ${MOST_GROUPS}`;
    throw new DriveshaftError("INVALID_PARAMETER", message, { hint: "Name columns with fewer values." });
  }
  const first = new Int32Array(count).fill(-1);
  for (let row = n - 1; row >= 0; row--) first[numbers[row]!] = row;
  const compare = comparing(raws);
  const of = first.toSorted(compare);
  const place = new Int32Array(count);
  of.forEach((row, group) => (place[numbers[row]!] = group));
  const read = new Int32Array(count);
  const groupOf = numbers.map((number) => place[number]!);
  for (const group of groupOf) read[group]!++;
  const { order: rows, offsets } = sortedBy(usable, (row) => groupOf[row]!, count);
  return { count, rows, offsets, read, of };
}

/** By row: a number that is the same where the values of all columns are; how many numbers there are. */
function numbered(columns: Raw[], n: number): { numbers: Int32Array; count: number } {
  let numbers = new Int32Array(n);
  let count = Math.min(n, 1);
  for (const column of columns) {
    const labels = labelsOf(column);
    const found = new Map<number, number>();
    numbers = numbers.map((number, row) => {
      // there are fewer labels than rows
      const label = labels[row] === NULL_INT4 ? n : labels[row]!;
      const key = number * (n + 1) + label;
      let known = found.get(key);
      if (known === undefined) found.set(key, (known = found.size));
      return known;
    });
    count = found.size;
  }
  return { numbers, count };
}

/** Compares two rows by one column after the other. */
function comparing(columns: Raw[]): (a: number, b: number) => number {
  const compares = columns.map((column) => {
    const compare = compareRaws(column);
    return (a: number, b: number) => Number(isNull(column, a)) - Number(isNull(column, b)) || compare(a, b);
  });
  return (a, b) => {
    for (const compare of compares) {
      const order = compare(a, b);
      if (order !== 0) return order;
    }
    return 0;
  };
}

/** The values of a group, by the names of their columns. */
export const valuesOf = (columns: NamedColumn[], { of }: Groups, group: number): Record<string, unknown> =>
  Object.fromEntries(columns.map(({ name, column }) => [name, rawCell(column as Raw, of[group]!)]));

/** A group as messages name it. */
export const groupText = (columns: NamedColumn[], { of }: Groups, group: number): string =>
  columns
    .map(({ name, column }) => {
      const [raw, row] = [column as Raw, of[group]!];
      return `${name} = ${isNull(raw, row) ? "null" : rawText(raw, row)}`;
    })
    .join(", ");

/** What is to be said of rows that have no value in a column that makes groups. */
export function nullGroups(columns: NamedColumn[]): string[] {
  return columns.flatMap(({ name, column }) => {
    const nulls = (column as Raw).nulls?.reduce((sum, isOne) => sum + isOne, 0) ?? 0;
    return nulls === 0 ? [] : [`${nulls} rows have no value in ${name}; they are a group of their own`];
  });
}
