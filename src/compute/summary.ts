import type { Analysis } from "../analyses/analysis.js";
import type { NamedColumn } from "../table/column.js";
import { groupText, nullGroups, valuesOf, type Group } from "./groups.js";
import type { Task } from "./read-table.js";
import type { Part } from "./run-group.js";

/** What a job tells when it is done. */
export interface Summary {
  analysis: string;
  version: number;
  parameters: Record<string, unknown>;
  rows: { read: number; used: number; undefined: number };
  warnings: string[];
  [more: string]: unknown;
}

/** Groups whose results are told one by one, and of which a warning names some. */
const TOLD = 1000;

export function summaryOf(analysis: Analysis, task: Task, by: NamedColumn[], parts: Part[]): Summary {
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
