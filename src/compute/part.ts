import { columnsWith, type Output } from "../analyses/analysis.js";
import type { PlainError } from "../errors.js";
import type { Column } from "../table/column.js";
import { concat, concatInt32 } from "../table/concat.js";
import type { Raw } from "../table/raw.js";
import { rowsOf } from "./groups.js";
import { rowsIn, type GroupOutput, type Running } from "./run-group.js";

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

/** Puts together what was computed of groups, and what is said of those that could not be. */
export function partOf(running: Running, outputs: [group: number, output: GroupOutput][], failed: Said[] = []): Part {
  const { analysis, task, groups, further } = running;
  /** Numbers of rows used, as rows that were read; none where one is negative. */
  function origin(of: string | undefined, numbers: (output: Output) => Int32Array): Int32Array {
    return concatInt32(
      outputs.map(([group, output]) => {
        const read = of === undefined ? rowsOf(groups, group) : further[of]!.rows;
        return numbers(output).map((i) => (i < 0 ? -1 : read[i]!));
      }),
    );
  }
  const columns: Record<string, Column> = {};
  for (const { name, type, of } of outputs.length > 0 ? columnsWith(analysis, task.parameters) : []) {
    columns[name] =
      type === "id"
        ? { type: "int4", values: origin(of, (output) => (output.columns[name] as { values: Int32Array }).values) }
        : concat(outputs.map(([, output]) => output.columns[name] as Exclude<Column, Raw>));
  }
  const none = new Int32Array(0);
  const hasRows = outputs.some(([, { rows }]) => rows);
  const said = outputs.map(([group, { summary, weights, warnings }]) => ({
    group,
    warnings,
    ...(group < TOLD && { summary, weights }),
  }));
  return {
    said: [...said, ...failed],
    groups: Int32Array.from(outputs, ([group]) => group),
    lengths: Int32Array.from(outputs, ([, output]) => rowsIn(output)),
    columns,
    rows: hasRows ? origin(analysis.of, ({ rows }) => rows ?? none) : undefined,
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
