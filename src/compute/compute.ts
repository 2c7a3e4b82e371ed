import type { Analysis } from "../analyses/analysis.js";
import type { Read, Used } from "../analyses/inputs.js";
import { DriveshaftError } from "../errors.js";
import type { Geometry } from "../geometry/geometry.js";
import { placeOf, type Place, type Places } from "../geometry/place.js";
import { takeFeatures } from "../geometry/take-features.js";
import type { ColumnChoice } from "../job/choose-columns.js";
import type { Report } from "../job/progress.js";
import type { Rows } from "../job/source.js";
import { labelled, length, take, type Column, type NamedColumn } from "../table/column.js";
import { canonicalOrder } from "../table/order.js";
import { rawText, type Raw } from "../table/raw.js";
import { fromPairs, matchPairs, type PairsOfIds } from "../weights/given.js";
import type { Weights } from "../weights/weights.js";

/** What a job tells when it is done. */
export interface Summary {
  analysis: string;
  version: number;
  parameters: Record<string, unknown>;
  rows: { read: number; used: number; undefined: number };
  warnings: string[];
  [more: string]: unknown;
}

/** What is computed from: the columns that were read, and what for. */
export interface Task {
  parameters: Record<string, unknown>;
  choice: ColumnChoice;
  rows: Rows;
  /** Weights that came beside the rows. */
  given: PairsOfIds | undefined;
  /** Threads that the computation may use. */
  threads: number;
}

/** A column of ids of a result: those of the rows that were read. */
export interface Key {
  /** Undefined for that of the id column. */
  name: string | undefined;
  /** The row of each; absent where they are all rows, in the order in which they came. */
  rows?: Int32Array;
}

/** A result without what is taken from the rows as it came. */
export interface Computed {
  n: number;
  /** None in a result whose rows are not those of the input. */
  keys: Key[];
  columns: NamedColumn[];
  /** Places of its rows, where they are those of the input. */
  places?: Geometry | undefined;
  summary: Summary;
}

/** Fewer rows than this say nothing about space. */
const LEAST_ROWS = 3;

/**
 * Rows in, result columns out: leaves out rows that cannot be used, puts the rest in canonical order, runs the
 * analysis, and gives its result the rows that were read, in the order in which they came.
 * @throws NO_ROWS, TOO_FEW_ROWS, DUPLICATE_ID and what the analysis throws
 */
export function compute(analysis: Analysis, task: Task, report: Report): Computed {
  const { parameters, rows, threads } = task;
  if (rows.n === 0) {
    throw new DriveshaftError("NO_ROWS", "there are no rows", { hint: "Check the conditions of the query." });
  }
  const rowsUsed = usedRows(analysis, task);
  const used = atRows(analysis, task, rowsUsed, report);
  const inputs: Record<string, unknown> = {};
  for (const [name, input] of Object.entries(analysis.inputs)) inputs[name] = input.value(name, used);
  const output = analysis.run(inputs, parameters, { n: used.n, threads, report });

  const { name, version } = analysis;
  const summary = {
    analysis: name,
    version,
    parameters,
    rows: { read: rows.n, used: used.n, undefined: rows.n - used.n },
    ...output.summary,
    ...(used.built && { weights: { ...used.built.summary, ...(output.summary?.weights as object | undefined) } }),
    warnings: [...(used.built?.warnings ?? []), ...(output.warnings ?? []), ...used.place().warnings()],
  };
  const columns = analysis.columns.map((spec) => ({ ...spec, column: output.columns[spec.name]! }));
  const origin = (indices: Int32Array): Int32Array => indices.map((i) => rowsUsed[i]!);
  if (output.pairs) {
    const { focal, neighbor } = output.pairs;
    const keys = [
      { name: "focal", rows: origin(focal) },
      { name: "neighbor", rows: origin(neighbor) },
    ];
    return { n: focal.length, keys, columns: columns.map(named), summary };
  }
  if (analysis.rows !== "each")
    return { n: length(columns[0]!.column), keys: [], columns: columns.map(named), summary };

  const ranks = ranksOf(rowsUsed, rows.n);
  const kept = output.rows && origin(output.rows).sort();
  const from = kept ? kept.map((row) => ranks[row]!) : ranks;
  const { geometry } = readOf(task, "place")[0]!.column as Places;
  return {
    n: from.length,
    keys: [{ name: undefined, ...(kept && { rows: kept }) }],
    columns: columns.map(({ name, unused, column }) => ({ name, column: labelled(take(column, from), unused) })),
    places: kept ? takeFeatures(geometry, kept) : geometry,
    summary,
  };
}

const named = ({ name, column }: NamedColumn): NamedColumn => ({ name, column });

/** What was read for a parameter. */
function readOf({ choice, rows }: Task, parameter: string): NamedColumn[] {
  return rows.columns
    .map((column, i) => ({ name: choice.names[i]!, column }))
    .filter((_, i) => choice.parameters[i] === parameter);
}

const idsOf = (task: Task): Raw => readOf(task, "id")[0]!.column as Raw;

/** The rows that can be used, in canonical order. @throws TOO_FEW_ROWS, DUPLICATE_ID */
function usedRows(analysis: Analysis, task: Task): Int32Array {
  const { parameters, rows } = task;
  const read: Read = { n: rows.n, parameters, named: (parameter) => readOf(task, parameter) };
  const tests = Object.entries(analysis.inputs).flatMap(([name, input]) => input.usable?.(name, read) ?? []);
  const used = canonicalOrder(idsOf(task)).filter((row) => tests.every((isUsable) => isUsable(row)));
  if (used.length >= LEAST_ROWS) return used;
  const value = task.choice.readings.some(({ as }) => as === "number") ? "a value and " : "";
  throw new DriveshaftError(
    "TOO_FEW_ROWS",
    `${used.length} of ${rows.n} rows have ${value}a place, at least ${LEAST_ROWS} are needed`,
    { hint: "Rows whose value or geometry is null, not finite or empty are not used." },
  );
}

/** What was read, at these rows. */
function atRows(analysis: Analysis, task: Task, rows: Int32Array, report: Report): Used {
  const taken = new Map<string, NamedColumn[]>();
  function atUsed(parameter: string): NamedColumn[] {
    let columns = taken.get(parameter);
    if (!columns) {
      columns = readOf(task, parameter).map(({ name, column }) => ({ name, column: take(column, rows) }));
      taken.set(parameter, columns);
    }
    return columns;
  }
  let place: Place | undefined;
  return {
    analysis: analysis.name,
    n: rows.length,
    parameters: task.parameters,
    named: atUsed,
    place: () => (place ??= placeOf(atUsed("place")[0]!.column as Places)),
    given: task.given && weightsAt(task, task.given, rows),
    report,
  };
}

/** By row read: its number among those used, -1 where it is not one. */
function ranksOf(used: Int32Array, n: number): Int32Array {
  const ranks = new Int32Array(n).fill(-1);
  used.forEach((row, i) => (ranks[row] = i));
  return ranks;
}

/** Given weights of the rows that are used. */
function weightsAt(task: Task, given: PairsOfIds, rows: Int32Array): Weights {
  const ids = idsOf(task);
  const { n } = task.rows;
  const matched = matchPairs(given, n, (row) => rawText(ids, row));
  return fromPairs(matched, ranksOf(rows, n), rows.length, (i) => rawText(ids, rows[i]!));
}

/** The columns of a result that move to another thread. */
export const columnsOf = ({ columns, places }: Computed): Column[] => [
  ...columns.map(({ column }) => column),
  ...(places ? [{ type: "geometry" as const, geometry: places, srid: 0, geography: false }] : []),
];
