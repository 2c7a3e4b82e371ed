import type { Analysis, Output } from "../analyses/analysis.js";
import { DriveshaftError } from "../errors.js";
import type { Report } from "../job/progress.js";
import { length } from "../table/column.js";
import { inputsOf, type Running } from "./group-inputs.js";
import { sizeOf, variableOf } from "./groups.js";
import { placesOf, type Task } from "./read-table.js";

/** What was computed of a group. */
export interface GroupOutput extends Output {
  /** What was built of the weights, for the summary. */
  weights?: object | undefined;
  warnings: string[];
}

/** Runs the analysis in one group. @throws TOO_FEW_ROWS, and what the analysis throws */
export function runGroup(running: Running, group: number, report: Report): GroupOutput {
  const { analysis, tasks, groups, further } = running;
  const task = tasks[variableOf(groups, group)]!;
  checkEnough(analysis, task, sizeOf(groups, group), groups.read[group]!);
  const { used, values } = inputsOf(running, group, report);
  const inputs = { ...values };
  for (const [name, { values }] of Object.entries(further)) inputs[name] = values;
  const context = { n: used.n, threads: task.threads, report };
  const output = analysis.run(inputs, task.parameters, context);
  checkOutput(running, output, used.n);
  return {
    ...output,
    weights: used.built?.summary,
    warnings: [
      ...used.warnings,
      ...(used.built?.warnings ?? []),
      ...(output.warnings ?? []),
      ...(placesOf(task) ? used.place().warnings() : []),
    ],
  };
}

/** What the compiler cannot see of an analysis: columns have a value for each row, and rows that they name are there. */
function checkOutput({ analysis, further }: Running, output: Output, used: number): void {
  const { name, rows, of, columns } = analysis;
  const expected = rows === "each" ? used : rowsIn(output);
  for (const [column, values] of Object.entries(output.columns)) {
    if (length(values) === expected) continue;
    throw new Error(`${name} returned ${length(values)} values of ${column} for ${expected} rows`);
  }
  const usedOf = (table: string | undefined): number => (table === undefined ? used : further[table]!.rows.length);
  const most = usedOf(of);
  if (output.rows?.some((row) => row < 0 || row >= most)) throw new Error(`${name} returned rows that are not there`);
  for (const { name: id, of } of columns.filter(({ type }) => type === "id")) {
    const most = usedOf(of);
    if ((output.columns[id] as { values: Int32Array }).values.every((row) => row < most)) continue;
    throw new Error(`${name} returned ids of ${id} that are not there`);
  }
}

/** Number of rows of the result that an output has, where it is not of each row. */
export const rowsIn = ({ rows, columns }: Output): number => rows?.length ?? length(Object.values(columns)[0]!);

/** @throws TOO_FEW_ROWS */
function checkEnough({ leastRows }: Analysis, task: Task, used: number, read: number): void {
  if (used >= leastRows) return;
  const needs = [
    ...(task.choice.readings.some(({ as }) => as === "number") ? ["a value"] : []),
    ...(placesOf(task) ? ["a place"] : []),
  ];
  const what = needs.length > 0 ? `have ${needs.join(" and ")}` : "can be used";
  throw new DriveshaftError(
    "TOO_FEW_ROWS",
    `${used} of ${read} rows ${what}, at least ${leastRows} ${leastRows === 1 ? "is" : "are"} needed`,
    { hint: "Rows whose value or geometry is null, not finite or empty are not used." },
  );
}
