import { DriveshaftError } from "../errors.js";
import { labelsOf } from "../table/labels.js";
import { NULL_INT4, type NamedColumn } from "../table/column.js";
import { compareRaws } from "../table/order.js";
import { isNull, rawCell, rawText, type Raw } from "../table/raw.js";

/** Rows that an analysis is run of. */
export interface Group {
  /** Those that can be used, in canonical order. */
  rows: Int32Array;
  /** Number of those that were read. */
  read: number;
  /** A row that has the values of the group. */
  of: number;
}

/** Groups of one job, at most. */
const MOST_GROUPS = 1_000_000;

/** All rows as one group. */
export const ungrouped = (usable: Int32Array, n: number): Group[] => [{ rows: usable, read: n, of: 0 }];

/**
 * The groups that the values of columns make, in the order of these values; nulls are a value, the last one.
 * @param usable rows in canonical order, in which those of each group stay
 * @throws INVALID_PARAMETER where there are too many
 */
export function groupsOf(columns: NamedColumn[], usable: Int32Array, n: number): Group[] {
  const raws = columns.map(({ column }) => column as Raw);
  const { numbers, count } = numbered(raws, n);
  if (count > MOST_GROUPS) {
    const message = `by makes ${count} groups of ${n} rows, at most ${MOST_GROUPS}`;
    throw new DriveshaftError("INVALID_PARAMETER", message, { hint: "Name columns with fewer values." });
  }
  const groups = Array.from({ length: count }, () => ({ read: 0, of: -1, used: 0 }));
  for (let row = 0; row < n; row++) {
    const group = groups[numbers[row]!]!;
    if (group.read++ === 0) group.of = row;
  }
  for (const row of usable) groups[numbers[row]!]!.used++;
  const rows = groups.map(({ used }) => new Int32Array(used));
  const filled = new Int32Array(count);
  for (const row of usable) {
    const number = numbers[row]!;
    rows[number]![filled[number]!++] = row;
  }
  return groups
    .map(({ read, of }, number) => ({ rows: rows[number]!, read, of }))
    .sort((a, b) => compareRows(raws, a.of, b.of));
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

function compareRows(columns: Raw[], a: number, b: number): number {
  for (const column of columns) {
    const order = Number(isNull(column, a)) - Number(isNull(column, b)) || compareRaws(column)(a, b);
    if (order !== 0) return order;
  }
  return 0;
}

/** The values of a group, by the names of their columns. */
export const valuesOf = (columns: NamedColumn[], { of }: Group): Record<string, unknown> =>
  Object.fromEntries(columns.map(({ name, column }) => [name, rawCell(column as Raw, of)]));

/** A group as messages name it. */
export const groupText = (columns: NamedColumn[], { of }: Group): string =>
  columns
    .map(({ name, column }) => {
      const raw = column as Raw;
      return `${name} = ${isNull(raw, of) ? "null" : rawText(raw, of)}`;
    })
    .join(", ");

/** What is to be said of rows that have no value in a column that makes groups. */
export function nullGroups(columns: NamedColumn[]): string[] {
  return columns.flatMap(({ name, column }) => {
    const nulls = (column as Raw).nulls?.reduce((sum, isOne) => sum + isOne, 0) ?? 0;
    return nulls === 0 ? [] : [`${nulls} rows have no value in ${name}; they are a group of their own`];
  });
}
