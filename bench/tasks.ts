/** Jobs as the computing thread gets them. */
import { checkParameters } from "#dist/analyses/check-parameters.js";
import { moranLocalAnalysis } from "#dist/analyses/moran_local.js";
import { computeInThread } from "#dist/compute/in-thread.js";
import type { Task } from "#dist/compute/read-table.js";
import { readCsv } from "#dist/files/csv.js";
import { chooseColumns } from "#dist/job/choose-columns.js";

export const K = 8;
export const PERMUTATIONS = 999;

/** As others draw. */
export const inference = { inference: "permutation", permutations: PERMUTATIONS } as const;

/**
 * Local Moran of rows as a job reads them. The columns move to the computing thread, so each repetition needs fresh
 * ones.
 */
export function tasksOf(
  columns: Record<string, ArrayLike<number>>,
  parameters: object,
): (threads: number) => Promise<Task> {
  const all = Object.values(columns);
  const lines = Array.from(all[0]!, (_, i) => [i, ...all.map((values) => values[i])].join(","));
  const source = readCsv("points", [["id", ...Object.keys(columns)].join(","), ...lines].join("\n"));
  const checked = checkParameters(moranLocalAnalysis, {
    x: "x",
    y: "y",
    weights: { type: "knn", k: K },
    ...inference,
    ...parameters,
  });
  const choice = chooseColumns(moranLocalAnalysis, checked, source.columns);
  return async (threads) => {
    const rows = await source.read(choice.readings, () => {});
    return { parameters: checked, choice, rows, tables: {}, threads };
  };
}

export const compute = (task: Task): Promise<unknown> =>
  computeInThread({ analysis: moranLocalAnalysis.name, task }, () => {});
