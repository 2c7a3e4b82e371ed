import type { Analysis } from "../analyses/analysis.js";
import { DriveshaftError } from "../errors.js";
import type { Column } from "../table/column.js";
import { distinctOf } from "../table/distinct.js";
import { rawText, type Raw } from "../table/raw.js";
import { fromPairs, matchPairs, sortedBy, type GivenWeights, type PairsOfIds } from "../weights/given.js";
import type { Weights } from "../weights/weights.js";
import { rowsOf, setOf, variableOf, variablesIn, type Groups } from "./groups.js";
import { idsOf, type ReadTable, type Task } from "./read-table.js";

/**
 * Weights by pairs of ids that came in a table beside the rows, as pairs of rows. Pairs of different sets are nobody's
 * neighbors; those within set s are offsets[s] .. offsets[s + 1].
 */
export interface PairsWithin extends GivenWeights {
  offsets: Int32Array;
  /** By variable, by row: its number among those used of its group, -1 where it is not used. */
  ranks: Int32Array[];
}

/** The same where ids repeat: pairs of the numbers of what rows are of, which may be in several groups. */
export interface PairsOfSubjects extends GivenWeights {
  /** How many there are, and by row the number of what it is of. */
  subjects: number;
  of: Int32Array;
}

export type Pairs = PairsWithin | PairsOfSubjects;

/** The pairs within groups, by the tables of pairs. @throws MISSING_COLUMN, INVALID_WEIGHTS */
export function pairsWithin(analysis: Analysis, task: Task, groups: Groups): Record<string, Pairs> {
  const tables = Object.entries(task.tables).filter(([name]) => !(name in analysis.tables));
  if (tables.length === 0) return {};
  const ids = idsOf(task);
  if (!ids) {
    throw new DriveshaftError("MISSING_COLUMN", `${tables[0]![0]} are given by ids, but the rows have no id column`, {
      hint: "Name one with the parameter id.",
    });
  }
  if (task.choice.repeats) {
    const { of, rows } = distinctOf(ids);
    const idOf = (subject: number): string => rawText(ids, rows[subject]!);
    const matched = tables.map(([name, table]): [string, Pairs] => [
      name,
      { ...matchPairs(pairsOf(table), rows.length, idOf), subjects: rows.length, of },
    ]);
    return Object.fromEntries(matched);
  }
  const { n } = task.rows;
  const ranks = ranksWithin(groups, n);
  return Object.fromEntries(
    tables.map(([name, table]) => {
      const matched = matchPairs(pairsOf(table), n, (row) => rawText(ids, row));
      return [name, { ...byGroup(matched, groups, n), ranks }];
    }),
  );
}

/** The weights of a group. @param rows of it, or one of each subject @throws INVALID_WEIGHTS where a pair comes twice */
export function weightsWithin(given: Pairs, task: Task, groups: Groups, group: number, rows: Int32Array): Weights {
  const idOf = (i: number): string => rawText(idsOf(task)!, rows[i]!);
  if ("subjects" in given) {
    const place = new Int32Array(given.subjects).fill(-1);
    rows.forEach((row, i) => (place[given.of[row]!] = i));
    return fromPairs(given, place, rows.length, idOf);
  }
  const { focal, neighbor, weights, offsets, ranks } = given;
  const set = setOf(groups, group);
  const [begin, end] = [offsets[set], offsets[set + 1]];
  const pairs = {
    focal: focal.subarray(begin, end),
    neighbor: neighbor.subarray(begin, end),
    weights: weights.subarray(begin, end),
  };
  return fromPairs(pairs, ranks[variableOf(groups, group)]!, rows.length, idOf);
}

/** The columns of a table of pairs: ids of both ends, and weights, which are 1 without. */
function pairsOf({ rows }: ReadTable): PairsOfIds {
  const [focal, neighbor, weight] = rows.columns as [Raw, Raw, (Column & { type: "float8" })?];
  return { focal, neighbor, weights: weight?.values ?? new Float64Array(rows.n).fill(1) };
}

/** Variables that can use the same rows have one array. */
function ranksWithin(groups: Groups, n: number): Int32Array[] {
  const { count, begins, ends } = groups;
  const variables = variablesIn(groups);
  const known = new Map<string, Int32Array>();
  return Array.from({ length: variables }, (_, variable) => {
    const rows = `${begins[variable]} ${ends[count - variables + variable]}`;
    let ranks = known.get(rows);
    if (!ranks) {
      known.set(rows, (ranks = new Int32Array(n).fill(-1)));
      for (let group = variable; group < count; group += variables) {
        for (const [i, row] of rowsOf(groups, group).entries()) ranks[row] = i;
      }
    }
    return ranks;
  });
}

function byGroup(matched: GivenWeights, groups: Groups, n: number): Omit<PairsWithin, "ranks"> {
  const { focal, neighbor, weights } = matched;
  const sets = setOf(groups, groups.count);
  if (sets === 1) return { ...matched, offsets: Int32Array.of(0, weights.length) };
  const setOfRow = new Int32Array(n).fill(-1);
  for (let group = 0; group < groups.count; group++) {
    for (const row of rowsOf(groups, group)) setOfRow[row] = setOf(groups, group);
  }
  const isWithin = (pair: number): boolean =>
    setOfRow[focal[pair]!]! >= 0 && setOfRow[focal[pair]!] === setOfRow[neighbor[pair]!];
  const all = Int32Array.from(focal.keys()).filter(isWithin);
  const { order, offsets } = sortedBy(all, (pair) => setOfRow[focal[pair]!]!, sets);
  return {
    focal: order.map((pair) => focal[pair]!),
    neighbor: order.map((pair) => neighbor[pair]!),
    weights: Float64Array.from(order, (pair) => weights[pair]!),
    offsets,
  };
}
