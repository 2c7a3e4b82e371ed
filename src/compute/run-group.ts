import type { Analysis, Output } from "../analyses/analysis.js";
import { DriveshaftError } from "../errors.js";
import type { Report } from "../job/progress.js";
import { length } from "../table/column.js";
import type { Weights } from "../weights/weights.js";
import type { Group } from "./groups.js";
import { placesOf, type Task } from "./read-table.js";
import { usedOf, type FurtherRows } from "./used.js";

/** A group with what was computed of it, or why nothing was. */
export interface Part {
  group: Group;
  output?: Output;
  /** What was built of the weights. */
  weights?: object | undefined;
  warnings: string[];
  error?: DriveshaftError;
}

export function runGroup(
  analysis: Analysis,
  task: Task,
  group: Group,
  further: Record<string, FurtherRows>,
  pairs: (table: string) => Weights | undefined,
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

/** Whether an error says something of the rows of a group, and not of the job. */
export const isOfGroup = (error: unknown): error is DriveshaftError =>
  error instanceof DriveshaftError && error.code !== "INTERNAL" && error.code !== "OUT_OF_MEMORY";

/** Number of rows of an output whose rows are its own. */
export const lengthOf = ({ columns }: Output): number => length(Object.values(columns)[0]!);
