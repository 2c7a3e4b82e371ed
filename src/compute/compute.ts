import { withOutput, type Analysis } from "../analyses/analysis.js";
import { DriveshaftError } from "../errors.js";
import type { Report } from "../job/progress.js";
import { variablesOf } from "../analyses/variables.js";
import { groupsOf } from "./groups.js";
import { pairsWithin } from "./pairs.js";
import { collector, type Part, type Said } from "./part.js";
import { readFor, type Task } from "./read-table.js";
import { resultOf, type Result } from "./result.js";
import type { Running } from "./group-inputs.js";
import { runGroup } from "./run-group.js";
import { runGroups, type Helpers } from "./run-groups.js";
import { summaryOf, type Summary } from "./summary.js";
import { readFurther } from "./used.js";
import { tasksOf, usableRowsOf } from "./variables.js";

/** A result, and what is to be told of it. */
export interface Computed extends Result {
  summary: Summary;
}

/**
 * Rows in, result columns out: leaves out rows that cannot be used, puts the rest in canonical order, runs the
 * analysis, in each group and on each variable on its own where there are several, and gives its result the rows that
 * were read, in the order in which they came.
 * @param helpers other threads that run groups too
 * @throws NO_ROWS, TOO_FEW_ROWS, DUPLICATE_ID and what the analysis throws; with groups only what concerns all of them
 */
export function compute(declared: Analysis, task: Task, report: Report, helpers?: Helpers): Computed {
  const analysis = withOutput(declared, task.parameters);
  const { n } = task.rows;
  if (n === 0) {
    throw new DriveshaftError("NO_ROWS", "there are no rows", { hint: "Check the conditions of the query." });
  }
  const by = readFor(task, "by");
  const variables = variablesOf(analysis, task.parameters);
  const tasks = tasksOf(analysis, task);
  const groups = groupsOf(by, usableRowsOf(analysis, tasks), n, variables);
  const further = readFurther(analysis, task, report);
  const running: Running = { analysis, task, tasks, groups, pairs: pairsWithin(analysis, task, groups), further };
  const isGrouped = by.length > 0 || variables !== undefined;
  const whole = isGrouped ? runGroups(running, report, helpers) : runOnly(running, report);
  const said = whole.said.sort((a, b) => a.group - b.group);
  if (said.every(({ error }) => error)) throw ofAll(said);
  return {
    ...resultOf(analysis, task, groups, whole),
    summary: summaryOf(analysis, task, by, groups, said),
  };
}

function runOnly(running: Running, report: Report): Part {
  const { add, part } = collector(running);
  add(0, runGroup(running, 0, report));
  return part();
}

function ofAll(said: Said[]): DriveshaftError {
  const { code, message, hint } = said[0]!.error!;
  return new DriveshaftError(code, `no group can be computed; the first: ${message}`, { hint });
}
