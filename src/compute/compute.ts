import type { Analysis } from "../analyses/analysis.js";
import { DriveshaftError } from "../errors.js";
import type { Report } from "../job/progress.js";
import { groupsOf, ungrouped } from "./groups.js";
import { pairsWithin } from "./pairs.js";
import { readFor, usableRows, type Task } from "./read-table.js";
import { resultOf, type Result } from "./result.js";
import { isOfGroup, runGroup, type Part } from "./run-group.js";
import { summaryOf, type Summary } from "./summary.js";
import { readFurther } from "./used.js";

/** A result, and what is to be told of it. */
export interface Computed extends Result {
  summary: Summary;
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

function ofAll(parts: Part[]): DriveshaftError {
  const { error } = parts[0]!;
  const { code, message, hint } = error!;
  return new DriveshaftError(code, `no group can be computed; the first: ${message}`, { hint, cause: error });
}
