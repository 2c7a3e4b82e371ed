import type { Analysis } from "../analyses/analysis.js";
import { VARIABLE, VARIABLES, variablesOf } from "../analyses/variables.js";
import { chosenReadings, idsOf, readingsFor, usableRows, type Task } from "./read-table.js";

/**
 * A job of many variables as one of each, which sees its own column as the value, and no other of them. Any other job
 * is its only one.
 */
export function tasksOf(analysis: Analysis, task: Task): Task[] {
  const names = variablesOf(analysis, task.parameters);
  if (!names) return [task];
  const columns = readingsFor(task, VARIABLES);
  const shared = Object.fromEntries(Object.entries(task.parameters).filter(([name]) => name !== VARIABLES));
  return names.map((name, variable) => {
    const { choice, ...own } = chosenReadings(
      task,
      (parameter, reading) => parameter !== VARIABLES || reading === columns[variable],
    );
    const parameters = choice.parameters.map((parameter) => (parameter === VARIABLES ? VARIABLE : parameter));
    return { ...own, choice: { ...choice, parameters }, parameters: { ...shared, [VARIABLE]: name } };
  });
}

/** By task: the rows that it can use, in canonical order; the same array where they are the same. @throws DUPLICATE_ID */
export function usableRowsOf({ inputs }: Analysis, tasks: Task[]): Int32Array[] {
  const [first] = tasks as [Task];
  const { [VARIABLE]: variable, ...others } = inputs;
  // without ids the order is made of all that rows hold, the variable too
  const isShared = tasks.length > 1 && idsOf(first) !== undefined;
  const common = isShared ? usableRows(first, others, first.parameters) : undefined;
  const known: Int32Array[] = [];
  return tasks.map((task) => {
    const rows = usableRows(task, common ? { [VARIABLE]: variable! } : inputs, task.parameters, common);
    const same = known.find((other) => isEqual(other, rows));
    if (same) return same;
    known.push(rows);
    return rows;
  });
}

const isEqual = (a: Int32Array, b: Int32Array): boolean =>
  a === b || (a.length === b.length && a.every((row, i) => row === b[i]));
