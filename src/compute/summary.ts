import type { Analysis } from "../analyses/analysis.js";
import type { NamedColumn } from "../table/column.js";
import { groupText, nullGroups, sizeOf, valuesOf, variablesIn, type Groups } from "./groups.js";
import { TOLD, type Said } from "./part.js";
import type { Task } from "./read-table.js";

/** What a job tells when it is done. */
export interface Summary {
  analysis: string;
  version: number;
  parameters: Record<string, unknown>;
  rows: { read: number; used: number; undefined: number };
  warnings: string[];
  [more: string]: unknown;
}

/** @param said of each group, in their order */
export function summaryOf(analysis: Analysis, task: Task, by: NamedColumn[], groups: Groups, said: Said[]): Summary {
  const { name, version } = analysis;
  const { variables } = groups;
  const read = task.rows.n * variablesIn(groups);
  const usedOf = ({ group, error }: Said): number => (error ? 0 : sizeOf(groups, group));
  const used = said.reduce((sum, each) => sum + usedOf(each), 0);
  const rows = { read, used, undefined: read - used };
  const base = { analysis: name, version, parameters: task.parameters, rows };
  if (by.length === 0 && !variables) return { ...base, ...toldOf(said[0]!), warnings: said[0]!.warnings };
  return {
    ...base,
    groups: {
      count: groups.count,
      failed: said.filter(({ error }) => error).length,
      results: said.slice(0, TOLD).map((each) => ({
        by: valuesOf(by, groups, each.group),
        rows: { read: groups.read[each.group]!, used: usedOf(each) },
        ...(each.error ? { error: { code: each.error.code, message: each.error.message } } : toldOf(each)),
      })),
    },
    warnings: [...nullGroups(by), ...groupWarnings(by, groups, said)],
  };
}

/** What an analysis says of a group, and what was built for it. */
const toldOf = ({ summary, weights }: Said): object => ({
  ...(withoutNaN(summary) as object | undefined),
  ...(weights && { weights: { ...weights, ...(summary?.weights as object | undefined) } }),
});

/** The same with nulls where a number is none, at any depth: JSON has no others. */
function withoutNaN(value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map(withoutNaN);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withoutNaN(part)]));
}

/** Warnings of groups, and why some could not be computed: what differs by numbers only is said once. */
function groupWarnings(by: NamedColumn[], groups: Groups, said: Said[]): string[] {
  const kinds = new Map<string, { text: string; first: number; count: number }>();
  for (const { group, warnings, error } of said) {
    for (const text of error ? [`could not be computed, ${error.code}: ${error.message}`] : warnings) {
      const kind = text.replace(/\d+(\.\d+)?/g, "0");
      const known = kinds.get(kind);
      if (known) known.count++;
      else kinds.set(kind, { text, first: group, count: 1 });
    }
  }
  return [...kinds.values()].map(({ text, first, count }) => {
    const many = count === 1 ? "1 group" : `${count} groups`;
    return `${many}, the first ${groupText(by, groups, first)}: ${text}`;
  });
}
