import { hasIds, columnsWith, type Analysis, type Output } from "../analyses/analysis.js";
import type { Places } from "../geometry/place.js";
import { takeFeatures } from "../geometry/take-features.js";
import { labelled, take, type Column, type NamedColumn } from "../table/column.js";
import { concat, concatInt32 } from "../table/concat.js";
import type { Raw } from "../table/raw.js";
import { placesOf, readFor, readingsFor, type Task } from "./read-table.js";
import { lengthOf, type Part } from "./run-group.js";
import type { FurtherRows } from "./used.js";

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
  columns: (NamedColumn | Taken)[];
  /** Places of its rows, where they are rows that were read. */
  places?: Places | undefined;
}

/** The table of a result, whose rows come from all its parts. */
export function resultOf(analysis: Analysis, task: Task, parts: Part[], further: Record<string, FurtherRows>): Result {
  const computed = parts.filter((part): part is Part & { output: Output } => part.output !== undefined);
  const specs = columnsWith(analysis, task.parameters);
  const columnOf = (name: string): Column =>
    concat(computed.map(({ output }) => output.columns[name] as Exclude<Column, Raw>));
  /** Rows of the groups, one after the other, as rows that were read. */
  const origin = (rowsOf: (part: Part & { output: Output }) => Int32Array | undefined): Int32Array =>
    concatInt32(computed.map((part) => (rowsOf(part) ?? new Int32Array(0)).map((i) => part.group.rows[i]!)));
  const by = readingsFor(task, "by");
  const taken = (readings: number[], table: string | undefined, rows: Int32Array | undefined): Taken[] =>
    readings.map((reading) => ({
      name: (table === undefined ? task : task.tables[table]!).choice.names[reading]!,
      from: { table, reading },
      rows,
    }));

  if (analysis.rows === "each") {
    const used = concatInt32(computed.map(({ group }) => group.rows));
    const ranks = ranksOf(used, task.rows.n);
    const kept = computed.some(({ output }) => output.rows) ? origin(({ output }) => output.rows).sort() : undefined;
    const from = kept ? kept.map((row) => ranks[row]!) : ranks;
    const columns = specs.map(({ name, unused }) => ({ name, column: labelled(take(columnOf(name), from), unused) }));
    const places = placesOf(task);
    return {
      n: from.length,
      key: [task.choice.id!],
      columns: [
        ...taken(by, undefined, kept),
        ...taken(readingsFor(task, "id"), undefined, kept),
        ...columns,
        ...taken(readingsFor(task, "include"), undefined, kept),
      ],
      places: places && (kept ? takePlaces(places, kept) : places),
    };
  }

  const lengths = computed.map(({ output }) => output.rows?.length ?? lengthOf(output));
  const groupRows = concatInt32(computed.map(({ group }, i) => new Int32Array(lengths[i]!).fill(group.of)));
  const columns = specs.map(({ name, type, of }): NamedColumn | Taken => {
    if (type !== "id") return { name, column: columnOf(name) };
    const rows = (part: Part & { output: Output }): Int32Array =>
      (part.output.columns[name] as { values: Int32Array }).values;
    if (of === undefined) return { ...taken(readingsFor(task, "id"), undefined, origin(rows))[0]!, name };
    const all = concatInt32(computed.map(rows)).map((i) => further[of]!.rows[i]!);
    return { ...taken(readingsFor(task.tables[of]!, "id"), of, all)[0]!, name };
  });
  const groupColumns = taken(by, undefined, groupRows);
  if (!hasIds(analysis)) {
    return {
      n: groupRows.length,
      key: keyOf(analysis, task, groupColumns),
      columns: [...groupColumns, ...columns],
    };
  }

  const { of } = analysis;
  const rows =
    of === undefined
      ? origin(({ output }) => output.rows)
      : concatInt32(computed.map(({ output }) => output.rows!)).map((i) => further[of]!.rows[i]!);
  const table = of === undefined ? task : task.tables[of]!;
  const places = placesOf(table);
  return {
    n: rows.length,
    key: keyOf(analysis, task, groupColumns, table.choice.id),
    columns: [
      ...groupColumns,
      ...taken(readingsFor(table, "id"), of, rows),
      ...columns,
      ...taken(readingsFor(task, "include"), undefined, rows),
    ],
    places: places && takePlaces(places, rows),
  };
}

const takePlaces = (places: Places, rows: Int32Array): Places => ({
  ...places,
  geometry: takeFeatures(places.geometry, rows),
});

/** What identifies the rows of a result. @param id its column, where the rows are such that have one */
function keyOf({ rows, of, key, columns }: Analysis, task: Task, groupColumns: Taken[], id?: string): string[] {
  const own = id === undefined ? key : [id, ...key];
  // a row of the query is in one group only
  const isOfQuery = columns.some(
    (column) => column.type === "id" && column.of === undefined && key.includes(column.name),
  );
  if (groupColumns.length === 0 || isOfQuery || (id !== undefined && of === undefined)) return own;
  // no key has nulls
  const hasNulls = readFor(task, "by").some(({ column }) => (column as Raw).nulls);
  if (hasNulls || (own.length === 0 && rows !== "one")) return [];
  return [...groupColumns.map(({ name }) => name), ...own];
}

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
