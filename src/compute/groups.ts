import { VARIABLE_COLUMN, VARIABLES } from "../analyses/variables.js";
import { DriveshaftError } from "../errors.js";
import { labelsOf } from "../table/labels.js";
import { NULL_INT4, type NamedColumn } from "../table/column.js";
import { concatInt32 } from "../table/concat.js";
import { compareRaws } from "../table/order.js";
import { isNull, rawCell, rawText, type Raw } from "../table/raw.js";
import { sortedBy } from "../weights/given.js";

/**
 * Groups of rows, numbered in the order of their values. An analysis is run in each. Where it is run on many variables,
 * each set of rows makes as many groups, one after the other.
 */
export interface Groups {
  count: number;
  /** The names of the variables, where they are many. */
  variables: string[] | undefined;
  /**
   * The rows that can be used, in each group in canonical order: those of group g are rows[begins[g] .. ends[g]).
   * Groups of variables that can use the same rows begin at the same place.
   */
  rows: Int32Array;
  begins: Int32Array;
  ends: Int32Array;
  /** By group: how many rows were read, and a row that has the group's values. */
  read: Int32Array;
  of: Int32Array;
}

/** The rows of a group that can be used. */
export const rowsOf = ({ rows, begins, ends }: Groups, group: number): Int32Array =>
  rows.subarray(begins[group], ends[group]);

export const sizeOf = ({ begins, ends }: Groups, group: number): number => ends[group]! - begins[group]!;

/** The rows of all groups that can be used, each row once a variable. */
export const rowsInAll = ({ begins, ends }: Groups): number =>
  ends.reduce((sum, end, group) => sum + end - begins[group]!, 0);

/** How many groups each set of rows makes. */
export const variablesIn = ({ variables }: Groups): number => variables?.length ?? 1;

/** The number of a group's variable, 0 where there is one only. */
export const variableOf = (groups: Groups, group: number): number => group % variablesIn(groups);

/** The number of a group's set of rows. */
export const setOf = (groups: Groups, group: number): number => Math.floor(group / variablesIn(groups));

/** Groups of one job, at most. */
const MOST_GROUPS = 1_000_000;

/**
 * The groups that the values of columns make, all rows where there are none; nulls are a value, the last one.
 * @param usable by variable, rows in canonical order
 * @throws INVALID_PARAMETER where there are too many
 */
export function groupsOf(
  columns: NamedColumn[],
  usable: Int32Array[],
  n: number,
  variables: string[] | undefined,
): Groups {
  const sets = columns.length > 0 ? setsOf(columns, n) : { count: 1, read: Int32Array.of(n), of: Int32Array.of(0) };
  const many = usable.length;
  const count = sets.count * many;
  if (count > MOST_GROUPS) {
    const what = variables ? `by and ${VARIABLES} make` : "by makes";
    const message = `${what} ${count} groups of ${n} rows, at most ${MOST_GROUPS}`;
    throw new DriveshaftError("INVALID_PARAMETER", message, { hint: "Name columns with fewer values." });
  }
  const begins = new Int32Array(count);
  const ends = new Int32Array(count);
  const laid: Int32Array[] = [];
  let at = 0;
  for (const rows of new Set(usable)) {
    const { order, offsets } = divided(rows, sets);
    usable.forEach((other, variable) => {
      if (other !== rows) return;
      for (let set = 0; set < sets.count; set++) {
        begins[set * many + variable] = at + offsets[set]!;
        ends[set * many + variable] = at + offsets[set + 1]!;
      }
    });
    laid.push(order);
    at += order.length;
  }
  const repeated = (of: Int32Array): Int32Array =>
    new Int32Array(count).map((_, group) => of[Math.floor(group / many)]!);
  const rows = laid.length === 1 ? laid[0]! : concatInt32(laid);
  return { count, variables, rows, begins, ends, read: repeated(sets.read), of: repeated(sets.of) };
}

/** Sets of rows, as groups have them. */
interface Sets extends Pick<Groups, "count" | "read" | "of"> {
  /** By row: the number of its set, where there are several. */
  setOf?: Int32Array;
}

/** The sets of rows that the values of columns make, in their order. */
function setsOf(columns: NamedColumn[], n: number): Sets {
  const raws = columns.map(({ column }) => column as Raw);
  const { numbers, count } = numbered(raws, n);
  const first = new Int32Array(count).fill(-1);
  for (let row = n - 1; row >= 0; row--) first[numbers[row]!] = row;
  const of = first.toSorted(comparing(raws));
  const place = new Int32Array(count);
  of.forEach((row, set) => (place[numbers[row]!] = set));
  const read = new Int32Array(count);
  const setOf = numbers.map((number) => place[number]!);
  for (const set of setOf) read[set]!++;
  return { count, read, of, setOf };
}

/** Rows one set after the other, and where those of each begin. */
function divided(rows: Int32Array, { count, setOf }: Sets): { order: Int32Array; offsets: Int32Array } {
  if (!setOf) return { order: rows, offsets: Int32Array.of(0, rows.length) };
  return sortedBy(rows, (row) => setOf[row]!, count);
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
export const valuesOf = (columns: NamedColumn[], groups: Groups, group: number): Record<string, unknown> => ({
  ...Object.fromEntries(columns.map(({ name, column }) => [name, rawCell(column as Raw, groups.of[group]!)])),
  ...(groups.variables && { [VARIABLE_COLUMN]: groups.variables[variableOf(groups, group)]! }),
});

/** A group as messages name it. */
export function groupText(columns: NamedColumn[], groups: Groups, group: number): string {
  const values = columns.map(({ name, column }) => {
    const [raw, row] = [column as Raw, groups.of[group]!];
    return `${name} = ${isNull(raw, row) ? "null" : rawText(raw, row)}`;
  });
  const { variables } = groups;
  return [...values, ...(variables ? [`${VARIABLE_COLUMN} ${variables[variableOf(groups, group)]}`] : [])].join(", ");
}

/** What is to be said of rows that have no value in a column that makes groups. */
export function nullGroups(columns: NamedColumn[]): string[] {
  return columns.flatMap(({ name, column }) => {
    const nulls = (column as Raw).nulls?.reduce((sum, isOne) => sum + isOne, 0) ?? 0;
    return nulls === 0 ? [] : [`${nulls} rows have no value in ${name}; they are a group of their own`];
  });
}
