import { hasIds, columnsWith, type Analysis } from "../analyses/analysis.js";
import type { Places } from "../geometry/place.js";
import { takeFeatures } from "../geometry/take-features.js";
import { labelled, take, type Column, type NamedColumn } from "../table/column.js";
import { concatInt32 } from "../table/concat.js";
import type { Raw } from "../table/raw.js";
import { rowsOf, type Groups } from "./groups.js";
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
  /** Places of its rows, where they are rows that were read. */
  places?: Places | undefined;
}

/** The table of a result, of what was computed of all groups. */
export function resultOf(analysis: Analysis, task: Task, groups: Groups, whole: Part): Result {
  return analysis.rows === "each"
    ? ofEachRow(analysis, task, groups, whole)
    : ofRowsOfGroups(analysis, task, groups, whole);
}

/** A result of every row of the query, or some, in the order in which they came. */
function ofEachRow(analysis: Analysis, task: Task, groups: Groups, whole: Part): Result {
  const used = concatInt32([...whole.groups].map((group) => rowsOf(groups, group)));
  const ranks = ranksOf(used, task.rows.n);
  const kept = whole.rows?.sort();
  const from = kept ? takeRows(ranks, kept) : ranks;
  const columns = columnsWith(analysis, task.parameters).map(({ name, type, of, unused }): NamedColumn | Taken => {
    const column = whole.columns[name]!;
    if (type !== "id") return { name, column: labelled(take(column, from), unused) };
    return { ...taken(task, "id", takeRows((column as { values: Int32Array }).values, from), of)[0]!, name };
  });
  const places = placesOf(task);
  const { id } = task.choice;
  return {
    n: from.length,
    key: id === undefined ? [] : [id],
    columns: [...taken(task, "by", kept), ...taken(task, "id", kept), ...columns, ...taken(task, "include", kept)],
    places: places && (kept ? takePlaces(places, kept) : places),
  };
}

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
  if (!hasIds(analysis)) {
    return { n: groupOf.length, ...keyOf(analysis, task, groupColumns), columns: [...groupColumns, ...columns] };
  }
  const { of } = analysis;
  const rows = ordered(whole.rows!);
  const table = tableOf(task, of);
  const places = placesOf(table);
  return {
    n: rows.length,
    ...keyOf(analysis, task, groupColumns, table.choice.id),
    columns: [...groupColumns, ...taken(task, "id", rows, of), ...columns, ...taken(task, "include", rows)],
    places: places && takePlaces(places, rows),
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

const takePlaces = (places: Places, rows: Int32Array): Places => ({
  ...places,
  geometry: takeFeatures(places.geometry, rows),
});

/** What identifies the rows of a result. @param id its column, where the rows are such that have one */
function keyOf(
  analysis: Analysis,
  task: Task,
  groupColumns: Taken[],
  id?: string,
): Pick<Result, "key" | "isKeyOfGroups"> {
  const { rows, of, key, columns } = analysis;
  // rows of a query without ids
  if (hasIds(analysis) && id === undefined) return { key: [] };
  const own = id === undefined ? key : [id, ...key];
  // a row of the query is in one group only
  const isOfQuery = columns.some(
    (column) => column.type === "id" && column.of === undefined && key.includes(column.name),
  );
  if (groupColumns.length === 0 || isOfQuery || (id !== undefined && of === undefined)) return { key: own };
  // no key has nulls
  const hasNulls = readFor(task, "by").some(({ column }) => (column as Raw).nulls);
  if (hasNulls || (own.length === 0 && rows !== "one")) return { key: [] };
  return { key: [...groupColumns.map(({ name }) => name), ...own], isKeyOfGroups: true };
}

/** Those of rows that are chosen; none where one is negative. */
const takeRows = (rows: Int32Array, chosen: Int32Array): Int32Array => chosen.map((i) => (i < 0 ? -1 : rows[i]!));

/** By row read: its number among those used, -1 where it is not one. */
function ranksOf(used: Int32Array, n: number): Int32Array {
  const ranks = new Int32Array(n).fill(-1);
  used.forEach((row, i) => (ranks[row] = i));
  return ranks;
}

/** The columns of a result that move to another thread: what is not taken from the rows. */
export const ownColumns = ({ columns, places }: Result): Column[] => [
  ...columns.flatMap((each) => ("column" in each ? [each.column] : [])),
  ...(places ? [places] : []),
];
