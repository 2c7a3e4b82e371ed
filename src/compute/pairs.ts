import { rawText, type Raw } from "../table/raw.js";
import { fromPairs, matchPairs, sortedBy, type GivenWeights } from "../weights/given.js";
import type { Column } from "../table/column.js";
import type { Weights } from "../weights/weights.js";
import type { Group } from "./groups.js";
import { idsOf, type ReadTable, type Task } from "./read-table.js";

/**
 * Weights by pairs of ids that came in tables beside the rows, by the number of a group: pairs of different groups are
 * nobody's neighbors.
 */
export function pairsWithin(task: Task, groups: Group[]): (table: string, group: number) => Weights | undefined {
  const found = new Map<string, (group: number) => GivenWeights>();
  const ids = idsOf(task)!;
  const { n } = task.rows;
  let ranks: Int32Array | undefined;
  return (name, number) => {
    const table = task.tables[name];
    if (!table) return undefined;
    let within = found.get(name);
    if (!within) {
      const matched = matchPairs(pairsOf(table), n, (row) => rawText(ids, row));
      within = groups.length === 1 ? () => matched : byGroup(matched, groups, n);
      found.set(name, within);
    }
    ranks ??= ranksWithin(groups, n);
    const { rows } = groups[number]!;
    return fromPairs(within(number), ranks, rows.length, (i) => rawText(ids, rows[i]!));
  };
}

/** The columns of a table of pairs: ids of both ends, and weights, which are 1 without. */
function pairsOf({ rows }: ReadTable): { focal: Raw; neighbor: Raw; weights: Float64Array } {
  const [focal, neighbor, weight] = rows.columns as [Raw, Raw, (Column & { type: "float8" })?];
  return { focal, neighbor, weights: weight?.values ?? new Float64Array(rows.n).fill(1) };
}

/** By row read: its number among those used of its group, -1 where it is not used. */
function ranksWithin(groups: Group[], n: number): Int32Array {
  const ranks = new Int32Array(n).fill(-1);
  for (const { rows } of groups) rows.forEach((row, i) => (ranks[row] = i));
  return ranks;
}

/** The pairs within each group. */
function byGroup(
  { focal, neighbor, weights }: GivenWeights,
  groups: Group[],
  n: number,
): (group: number) => GivenWeights {
  const groupOf = new Int32Array(n).fill(-1);
  groups.forEach(({ rows }, number) => rows.forEach((row) => (groupOf[row] = number)));
  const isWithin = (pair: number): boolean =>
    groupOf[focal[pair]!]! >= 0 && groupOf[focal[pair]!] === groupOf[neighbor[pair]!];
  const all = Int32Array.from(focal.keys()).filter(isWithin);
  const { order, offsets } = sortedBy(all, (pair) => groupOf[focal[pair]!]!, groups.length);
  return (group) => {
    const pairs = order.subarray(offsets[group], offsets[group + 1]);
    return {
      focal: pairs.map((pair) => focal[pair]!),
      neighbor: pairs.map((pair) => neighbor[pair]!),
      weights: Float64Array.from(pairs, (pair) => weights[pair]!),
    };
  };
}
