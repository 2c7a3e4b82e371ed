import type { Analysis } from "../analyses/analysis.js";
import type { Used } from "../analyses/inputs.js";
import { VARIABLE } from "../analyses/variables.js";
import type { Report } from "../job/progress.js";
import { rowsOf, variableOf, type Groups } from "./groups.js";
import { weightsWithin, type Pairs } from "./pairs.js";
import { placesOf, type Task } from "./read-table.js";
import { usedOf, type FurtherRows } from "./used.js";

/** What all groups of a job are run with. */
export interface Running {
  analysis: Analysis;
  task: Task;
  /** By variable; the task itself where there is one only. */
  tasks: Task[];
  groups: Groups;
  pairs: Record<string, Pairs>;
  further: Record<string, FurtherRows>;
  /** What inputs made of the group before, in each thread of its own. */
  last?: GroupInputs;
}

/**
 * What the inputs of an analysis make of a group. The last ones are kept: groups of the same rows, of another variable
 * each, differ by that only, and places that come again, as at another time, need no weights again.
 */
export interface GroupInputs {
  /** Where the rows begin, and what was made of them. */
  begin: number;
  used: Used;
  values: Record<string, unknown>;
}

/** What an analysis gets of a group. */
export function inputsOf(running: Running, group: number, report: Report): GroupInputs {
  const { analysis, tasks, groups, pairs, last } = running;
  const task = tasks[variableOf(groups, group)]!;
  const rows = rowsOf(groups, group);
  const begin = groups.begins[group]!;
  const weightsOf = (table: string, among: Int32Array) =>
    pairs[table] && weightsWithin(pairs[table], task, groups, group, among);
  const placeBefore = last && placesOf(task) ? last.used.place() : undefined;
  const used = usedOf(analysis, task, task, rows, weightsOf, report, placeBefore);
  if (last?.begin === begin && last.used.n === rows.length) {
    return { ...last, values: { ...last.values, [VARIABLE]: analysis.inputs[VARIABLE]!.value(VARIABLE, used) } };
  }
  const values: Record<string, unknown> = {};
  for (const [name, input] of Object.entries(analysis.inputs)) values[name] = input.value(name, used);
  return (running.last = { begin, used, values });
}
