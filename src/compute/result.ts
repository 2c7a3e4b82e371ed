import { hasIds, columnsWith, type Analysis } from "../analyses/analysis.js";
import { VARIABLE_COLUMN } from "../analyses/variables.js";
import type { Places } from "../geometry/place.js";
import { labelled, take, type Column, type NamedColumn } from "../table/column.js";
import type { Raw } from "../table/raw.js";
import { rowsOf, variableOf, variablesIn, type Groups } from "./groups.js";
import type { Part } from "./part.js";
import { placesOf, readFor, readingsFor, type ReadTable, type Task } from "./read-table.js";

/** A column of a result that is taken from the rows as they came. */
export interface Taken {
  name: string;
  /** The further table that has it, where it is not the query; and which of the columns that were read. */
  from: { table: string | undefined; reading: number };
  /** The row of each; absent where they are all rows, in the order in which they came. */
  rows?: Int32Array | undefined;
}

/** A result without what is taken from the rows as it came. */
export interface Result {
  n: number;
  /** Names of the columns that identify its rows. */
  key: string[];
  /** Columns that make groups are among them. */
  isKeyOfGroups?: boolean;
  columns: (NamedColumn | Taken)[];
  /** Places of its rows, where they are rows that were read; and the place of each, where it is not that of its number. */
  places?: Places | undefined;
  placeOf?: Int32Array | undefined;
}

/** The table of a result, of what was computed of all groups. */
export function resultOf(analysis: Analysis, task: Task, groups: Groups, whole: Part): Result {
  return analysis.rows === "each"
    ? ofEachRow(analysis, task, groups, whole)
    : ofRowsOfGroups(analysis, task, groups, whole);
}

/**
 * A result of every row of the query, or some, in the order in which they came; of many variables the rows of one after
 * those of the other. Row r of variable v is then number v n + r.
 */
function ofEachRow(analysis: Analysis, task: Task, groups: Groups, whole: Part): Result {
  const { n } = task.rows;
  const { variables } = groups;
  const ranks = ranksOf(groups, whole, n);
  const kept = whole.rows && numbersOf(whole.rows, groups, whole, n).sort();
  const from = kept ? takeRows(ranks, kept) : ranks;
  // as where all rows are used, and came in the order of their ids
  const isAsComputed = from.every((rank, i) => rank === i);
  const numbers = kept ?? (variables && from.map((_, number) => number));
  const rows = variables ? numbers!.map((number) => number % n) : numbers;
  const columns = columnsWith(analysis, task.parameters).map(({ name, type, of, unused }): NamedColumn | Taken => {
    const column = whole.columns[name]!;
    if (type === "id") {
      return { ...taken(task, "id", takeRows((column as { values: Int32Array }).values, from), of)[0]!, name };
    }
    return { name, column: labelled(isAsComputed ? column : take(column, from), unused) };
  });
  const { id } = task.choice;
  const variable = variableColumns(groups, () => numbers!.map((number) => Math.floor(number / n)));
  return {
    n: from.length,
    key: id === undefined ? [] : [...variable.map(({ name }) => name), id],
    columns: [
      ...taken(task, "by", rows),
      ...variable,
      ...taken(task, "id", rows),
      ...columns,
      ...taken(task, "include", rows),
    ],
    ...placesAt(task, rows),
  };
}

/** The column that says of which variable each row is, where these are many. */
const variableColumns = ({ variables: labels }: Groups, codes: () => Int32Array): NamedColumn[] =>
  labels ? [{ name: VARIABLE_COLUMN, column: { type: "text", codes: codes(), labels } }] : [];

/** A result of rows of groups, in the order of these. */
function ofRowsOfGroups(analysis: Analysis, task: Task, groups: Groups, whole: Part): Result {
  const { order, groupOf } = inOrder(whole);
  const ordered = (rows: Int32Array): Int32Array => (order ? order.map((i) => rows[i]!) : rows);
  const columns = columnsWith(analysis, task.parameters).map(({ name, type, of }): NamedColumn | Taken => {
    const column = whole.columns[name]!;
    if (type !== "id") return { name, column: order ? take(column, order) : column };
    const rows = ordered((column as { values: Int32Array }).values);
    return { ...taken(task, "id", rows, of)[0]!, name };
  });
  const groupColumns = taken(
    task,
    "by",
    groupOf.map((group) => groups.of[group]!),
  );
  const variable = variableColumns(groups, () => groupOf.map((group) => variableOf(groups, group)));
  const front = [...groupColumns, ...variable];
  if (!hasIds(analysis)) {
    return { n: groupOf.length, ...keyOf(analysis, task, front), columns: [...front, ...columns] };
  }
  const { of } = analysis;
  const rows = ordered(whole.rows!);
  const table = tableOf(task, of);
  return {
    n: rows.length,
    ...keyOf(analysis, task, front, table.choice.id),
    columns: [...front, ...taken(task, "id", rows, of), ...columns, ...taken(task, "include", rows)],
    ...placesAt(table, rows),
  };
}

const tableOf = (task: Task, table: string | undefined): ReadTable =>
  table === undefined ? task : task.tables[table]!;

/** What a parameter named, as columns of the result with these rows. @param table that has it; without, the query */
function taken(task: Task, parameter: string, rows: Int32Array | undefined, table?: string): Taken[] {
  const of = tableOf(task, table);
  return readingsFor(of, parameter).map((reading) => ({
    name: of.choice.names[reading]!,
    from: { table, reading },
    rows,
  }));
}

/** Where the rows of groups are in the order of these, undefined where they are so already; and the group of each. */
function inOrder({ groups, lengths }: Part): { order: Int32Array | undefined; groupOf: Int32Array } {
  const isAscending = groups.every((group, i) => i === 0 || group > groups[i - 1]!);
  const begins = new Int32Array(groups.length + 1);
  lengths.forEach((length, i) => (begins[i + 1] = begins[i]! + length));
  const runs = Int32Array.from(groups.keys()).sort((a, b) => groups[a]! - groups[b]!);
  const n = begins.at(-1)!;
  const order = new Int32Array(n);
  const groupOf = new Int32Array(n);
  let at = 0;
  for (const run of runs) {
    groupOf.fill(groups[run]!, at, at + lengths[run]!);
    for (let i = begins[run]!; i < begins[run + 1]!; i++) order[at++] = i;
  }
  return { order: isAscending ? undefined : order, groupOf };
}

/** The places of rows of a table, which stay as they are. */
const placesAt = (table: ReadTable, placeOf: Int32Array | undefined): Pick<Result, "places" | "placeOf"> => ({
  places: placesOf(table),
  placeOf,
});

/**
 * What identifies the rows of a result.
 * @param front its columns that say which group and which variable a row is of
 * @param id its column, where the rows are such that have one
 */
function keyOf(
  analysis: Analysis,
  task: Task,
  front: (NamedColumn | Taken)[],
  id?: string,
): Pick<Result, "key" | "isKeyOfGroups"> {
  const { rows, of, key, columns } = analysis;
  // rows of a query without ids
  if (hasIds(analysis) && id === undefined) return { key: [] };
  const own = id === undefined ? key : [id, ...key];
  // a row of the query is in one group only, but not what several rows are of
  const isOfQuery =
    !task.choice.repeats &&
    columns.some((column) => column.type === "id" && column.of === undefined && key.includes(column.name));
  if (own.length === 0 && rows !== "one") return { key: [] };
  const isInOneGroup = isOfQuery || (id !== undefined && of === undefined);
  const telling = front.filter((column) => "column" in column || !isInOneGroup);
  const names = [...telling.map(({ name }) => name), ...own];
  if (telling.every((column) => "column" in column)) return { key: names };
  // no key has nulls
  if (readFor(task, "by").some(({ column }) => (column as Raw).nulls)) return { key: [] };
  return { key: names, isKeyOfGroups: true };
}

/** Those of rows that are chosen; none where one is negative. */
const takeRows = (rows: Int32Array, chosen: Int32Array): Int32Array => chosen.map((i) => (i < 0 ? -1 : rows[i]!));

/** By row read, of each variable: its number among those that were computed, -1 where it is not one. */
function ranksOf(groups: Groups, whole: Part, n: number): Int32Array {
  const ranks = new Int32Array(n * variablesIn(groups)).fill(-1);
  let at = 0;
  for (const group of whole.groups) {
    const before = variableOf(groups, group) * n;
    for (const row of rowsOf(groups, group)) ranks[before + row] = at++;
  }
  return ranks;
}

/** Rows read of groups, one after the other, as the numbers that they have of their variables. */
function numbersOf(rows: Int32Array, groups: Groups, { groups: computed, lengths }: Part, n: number): Int32Array {
  if (!groups.variables) return rows;
  const numbers = rows.slice();
  let at = 0;
  computed.forEach((group, i) => {
    const before = variableOf(groups, group) * n;
    for (const end = at + lengths[i]!; at < end; at++) numbers[at]! += before;
  });
  return numbers;
}

/** The columns of a result that move to another thread: what is not taken from the rows. */
export const ownColumns = ({ columns, places }: Result): Column[] => [
  ...columns.flatMap((each) => ("column" in each ? [each.column] : [])),
  ...(places ? [places] : []),
];
