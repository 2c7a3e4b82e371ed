import { columnsWith } from "../analyses/analysis.js";
import type { PlainError } from "../errors.js";
import type { Column } from "../table/column.js";
import { concat, concatInt32, joining } from "../table/concat.js";
import type { Raw } from "../table/raw.js";
import { rowsInAll, rowsOf } from "./groups.js";
import type { Running } from "./group-inputs.js";
import { rowsIn, type GroupOutput } from "./run-group.js";

/** Groups that a summary tells of one by one, the first of them. */
export const TOLD = 1000;

/** What is said of a group: of what was computed of it, or why nothing was. */
export interface Said {
  group: number;
  summary?: Record<string, unknown> | undefined;
  /** What was built of the weights. */
  weights?: object | undefined;
  warnings: string[];
  error?: PlainError;
}

/** What was computed of some groups, which some thread ran, one after the other. */
export interface Part {
  said: Said[];
  /** The groups that could be computed, and how many rows of the result each has. */
  groups: Int32Array;
  lengths: Int32Array;
  /** By name; ids are rows that were read, of the query or of the further table that has them. */
  columns: Record<string, Column>;
  /** The rows that were read that those of the result are, where the analysis says so. */
  rows: Int32Array | undefined;
}

/** Puts together what was computed of groups, as it comes, and what is said of those that could not be. */
export interface Collector {
  add(group: number, output: GroupOutput): void;
  fail(said: Said): void;
  part(): Part;
}

export function collector({ analysis, task, groups, further }: Running): Collector {
  const said: Said[] = [];
  const computed: number[] = [];
  const lengths: number[] = [];
  const rows: Int32Array[] = [];
  // of each row used there is one in the columns
  const room = analysis.rows === "each" ? rowsInAll(groups) : undefined;
  const columns = columnsWith(analysis, task.parameters).map((spec) => ({ ...spec, joining: joining(room) }));
  let hasRows = false;
  /** Numbers of rows used, as rows that were read; none where one is negative. */
  function origin(group: number, of: string | undefined, numbers: Int32Array): Int32Array {
    const read = of === undefined ? rowsOf(groups, group) : further[of]!.rows;
    return numbers.map((i) => (i < 0 ? -1 : read[i]!));
  }
  return {
    add(group, { summary, weights, warnings, ...output }) {
      said.push({ group, warnings, ...(group < TOLD && { summary, weights }) });
      computed.push(group);
      lengths.push(rowsIn(output));
      for (const { name, type, of, joining } of columns) {
        const column = output.columns[name] as Exclude<Column, Raw>;
        if (type !== "id") joining.add(column);
        else joining.add({ type: "int4", values: origin(group, of, (column as { values: Int32Array }).values) });
      }
      if (!output.rows) return;
      hasRows = true;
      rows.push(origin(group, analysis.of, output.rows));
    },
    fail: (failed) => said.push(failed),
    part: () => ({
      said,
      groups: Int32Array.from(computed),
      lengths: Int32Array.from(lengths),
      columns:
        computed.length === 0 ? {} : Object.fromEntries(columns.map(({ name, joining }) => [name, joining.take()])),
      rows: hasRows ? concatInt32(rows) : undefined,
    }),
  };
}

/** Several parts as one. */
export function join(parts: Part[]): Part {
  const [first] = parts;
  if (parts.length === 1) return first!;
  const some = parts.filter((part) => part.groups.length > 0);
  const all = <Value>(of: (part: Part) => Value): Value[] => some.map(of);
  const names = Object.keys(some[0]?.columns ?? {});
  const columnOf = (name: string): Column => concat(all(({ columns }) => columns[name] as Exclude<Column, Raw>));
  return {
    said: parts.flatMap(({ said }) => said),
    groups: concatInt32(all(({ groups }) => groups)),
    lengths: concatInt32(all(({ lengths }) => lengths)),
    columns: Object.fromEntries(names.map((name) => [name, columnOf(name)])),
    rows: some[0]?.rows && concatInt32(all(({ rows }) => rows!)),
  };
}
