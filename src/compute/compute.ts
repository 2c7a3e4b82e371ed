import { hasIds, columnsWith, type Analysis, type Output } from "../analyses/analysis.js";
import type { Report } from "../job/progress.js";
import { DriveshaftError } from "../errors.js";
import type { Geometry } from "../geometry/geometry.js";
import { takeFeatures } from "../geometry/take-features.js";
import { labelled, length, take, type Column, type NamedColumn } from "../table/column.js";
import { concat, concatInt32 } from "../table/concat.js";
import type { Raw } from "../table/raw.js";
import { groupsOf, groupText, nullGroups, ungrouped, valuesOf, type Group } from "./groups.js";
import { placesOf, readFor, readingsFor, usableRows, type Task } from "./read-table.js";
import { readFurther, usedOf, type FurtherRows } from "./used.js";
import { pairsWithin } from "./pairs.js";

/** What a job tells when it is done. */
export interface Summary {
  analysis: string;
  version: number;
  parameters: Record<string, unknown>;
  rows: { read: number; used: number; undefined: number };
  warnings: string[];
  [more: string]: unknown;
}

/** A column of a result that is taken from the rows as they came. */
export interface Taken {
  name: string;
  /** The further table that has it, where it is not the query; and which of the columns that were read. */
  from: { table: string | undefined; reading: number };
  /** The row of each; absent where they are all rows, in the order in which they came. */
  rows?: Int32Array | undefined;
}

/** A result without what is taken from the rows as it came. */
export interface Computed {
  n: number;
  /** Names of the columns that identify its rows. */
  key: string[];
  columns: (NamedColumn | Taken)[];
  /** Places of its rows, where they are rows that were read. */
  places?: Geometry | undefined;
  summary: Summary;
}

/** A group with what was computed of it, or why nothing was. */
interface Part {
  group: Group;
  output?: Output;
  /** What was built of the weights. */
  weights?: object | undefined;
  warnings: string[];
  error?: DriveshaftError;
}

/**
 * Rows in, result columns out: leaves out rows that cannot be used, puts the rest in canonical order, runs the
 * analysis, in each group on its own where there are groups, and gives its result the rows that were read, in the order
 * in which they came.
 * @throws NO_ROWS, TOO_FEW_ROWS, DUPLICATE_ID and what the analysis throws; with groups only what concerns all of them
 */
export function compute(analysis: Analysis, task: Task, report: Report): Computed {
  const { n } = task.rows;
  if (n === 0) {
    throw new DriveshaftError("NO_ROWS", "there are no rows", { hint: "Check the conditions of the query." });
  }
  const by = readFor(task, "by");
  const usable = usableRows(task, analysis.inputs, task.parameters);
  const groups = by.length > 0 ? groupsOf(by, usable, n) : ungrouped(usable, n);
  const further = readFurther(analysis, task, report);
  const pairs = pairsWithin(task, groups);
  const parts: Part[] = [];
  let done = 0;
  for (const [number, group] of groups.entries()) {
    const tell: Report =
      by.length > 0 ? (_, share) => report("groups", (done + share * group.rows.length) / usable.length) : report;
    try {
      parts.push(runGroup(analysis, task, group, further, (table) => pairs(table, number), tell));
    } catch (error) {
      if (by.length === 0 || !isOfGroup(error)) throw error;
      parts.push({ group, warnings: [], error });
    }
    done += group.rows.length;
  }
  if (parts.every(({ error }) => error)) throw ofAll(parts);
  return {
    ...resultOf(analysis, task, parts, further),
    summary: summaryOf(analysis, task, by, parts),
  };
}

/** Whether an error says something of the rows of a group, and not of the job. */
const isOfGroup = (error: unknown): error is DriveshaftError =>
  error instanceof DriveshaftError && error.code !== "INTERNAL" && error.code !== "OUT_OF_MEMORY";

function ofAll(parts: Part[]): DriveshaftError {
  const { error } = parts[0]!;
  const { code, message, hint } = error!;
  return new DriveshaftError(code, `no group can be computed; the first: ${message}`, { hint, cause: error });
}

function runGroup(
  analysis: Analysis,
  task: Task,
  group: Group,
  further: Record<string, FurtherRows>,
  pairs: (table: string) => ReturnType<ReturnType<typeof pairsWithin>>,
  report: Report,
): Part {
  checkEnough(analysis, task, group);
  const used = usedOf(analysis, task, task, group.rows, pairs, report);
  const inputs: Record<string, unknown> = {};
  for (const [name, input] of Object.entries(analysis.inputs)) inputs[name] = input.value(name, used);
  for (const [name, { values }] of Object.entries(further)) inputs[name] = values;
  const context = { n: used.n, threads: task.threads, report };
  const output = analysis.run(inputs, task.parameters, context);
  checkLengths(analysis, output, used.n);
  return {
    group,
    output,
    weights: used.built?.summary,
    warnings: [
      ...(used.built?.warnings ?? []),
      ...(output.warnings ?? []),
      ...(placesOf(task) ? used.place().warnings() : []),
    ],
  };
}

/** What the compiler cannot see of an analysis: its columns have a value for each row. */
function checkLengths({ name, rows }: Analysis, output: Output, n: number): void {
  const expected = rows === "each" ? n : (output.rows?.length ?? lengthOf(output));
  for (const [column, values] of Object.entries(output.columns)) {
    if (length(values) === expected) continue;
    throw new Error(`${name} returned ${length(values)} values of ${column} for ${expected} rows`);
  }
}

/** @throws TOO_FEW_ROWS */
function checkEnough({ leastRows }: Analysis, task: Task, { rows, read }: Group): void {
  if (rows.length >= leastRows) return;
  const needs = [
    ...(task.choice.readings.some(({ as }) => as === "number") ? ["a value"] : []),
    ...(placesOf(task) ? ["a place"] : []),
  ];
  const what = needs.length > 0 ? `have ${needs.join(" and ")}` : "can be used";
  throw new DriveshaftError(
    "TOO_FEW_ROWS",
    `${rows.length} of ${read} rows ${what}, at least ${leastRows} ${leastRows === 1 ? "is" : "are"} needed`,
    { hint: "Rows whose value or geometry is null, not finite or empty are not used." },
  );
}

/** The table of a result, whose rows come from all its parts. */
function resultOf(
  analysis: Analysis,
  task: Task,
  parts: Part[],
  further: Record<string, FurtherRows>,
): Omit<Computed, "summary"> {
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
    const places = placesOf(task)?.geometry;
    return {
      n: from.length,
      key: [task.choice.id!],
      columns: [
        ...taken(by, undefined, kept),
        ...taken(readingsFor(task, "id"), undefined, kept),
        ...columns,
        ...taken(readingsFor(task, "include"), undefined, kept),
      ],
      places: kept && places ? takeFeatures(places, kept) : places,
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
  const places = placesOf(table)?.geometry;
  return {
    n: rows.length,
    key: keyOf(analysis, task, groupColumns, table.choice.id),
    columns: [
      ...groupColumns,
      ...taken(readingsFor(table, "id"), of, rows),
      ...columns,
      ...taken(readingsFor(task, "include"), undefined, rows),
    ],
    places: places && takeFeatures(places, rows),
  };
}

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

const lengthOf = ({ columns }: Output): number => length(Object.values(columns)[0]!);

/** By row read: its number among those used, -1 where it is not one. */
function ranksOf(used: Int32Array, n: number): Int32Array {
  const ranks = new Int32Array(n).fill(-1);
  used.forEach((row, i) => (ranks[row] = i));
  return ranks;
}

/** Groups whose results are told one by one, and of which a warning names some. */
const TOLD = 1000;

function summaryOf(analysis: Analysis, task: Task, by: NamedColumn[], parts: Part[]): Summary {
  const { name, version } = analysis;
  const read = task.rows.n;
  const used = parts.reduce((sum, { group, output }) => sum + (output ? group.rows.length : 0), 0);
  const rows = { read, used, undefined: read - used };
  const base = { analysis: name, version, parameters: task.parameters, rows };
  if (by.length === 0) return { ...base, ...saidOf(parts[0]!), warnings: parts[0]!.warnings };
  const failed = parts.filter(({ error }) => error).length;
  return {
    ...base,
    groups: {
      count: parts.length,
      failed,
      results: parts.slice(0, TOLD).map((part) => ({
        by: valuesOf(by, part.group),
        rows: { read: part.group.read, used: part.output ? part.group.rows.length : 0 },
        ...(part.error ? { error: { code: part.error.code, message: part.error.message } } : saidOf(part)),
      })),
    },
    warnings: [...nullGroups(by), ...groupWarnings(by, parts)],
  };
}

/** What an analysis says of a part, and what was built for it. */
const saidOf = ({ output, weights }: Part): object => ({
  ...output!.summary,
  ...(weights && { weights: { ...weights, ...(output!.summary?.weights as object | undefined) } }),
});

/** Warnings of groups, and why some could not be computed: what differs by numbers only is said once. */
function groupWarnings(by: NamedColumn[], parts: Part[]): string[] {
  const said = new Map<string, { text: string; groups: Group[] }>();
  for (const { group, warnings, error } of parts) {
    for (const text of error ? [`could not be computed, ${error.code}: ${error.message}`] : warnings) {
      const kind = text.replace(/\d+(\.\d+)?/g, "0");
      const known = said.get(kind) ?? { text, groups: [] };
      known.groups.push(group);
      said.set(kind, known);
    }
  }
  return [...said.values()].map(({ text, groups }) => {
    const many = groups.length === 1 ? "1 group" : `${groups.length} groups`;
    return `${many}, the first ${groupText(by, groups[0]!)}: ${text}`;
  });
}

/** The columns of a result that move to another thread: what is not taken from the rows. */
export const ownColumns = ({ columns, places }: Computed): Column[] => [
  ...columns.flatMap((each) => ("column" in each ? [each.column] : [])),
  ...(places ? [{ type: "geometry" as const, geometry: places, srid: 0, geography: false }] : []),
];
