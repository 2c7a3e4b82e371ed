/** Which clusters of a condensed tree are taken, none within another: the most stable, or those that have no others. */
import { Condensed } from "./condense";

export const LEAVES = 1;

/**
 * The cluster that is taken at or above each, -1 where there is none. The root, which is all points, is never taken. By
 * excess of mass a cluster is taken that is at least as stable as what it falls into.
 */
export function selected(condensed: Condensed, selection: i32): StaticArray<i32> {
  const count = condensed.count;
  const parents = condensed.parents;
  const taken = new StaticArray<i32>(count);
  const stabilities = new StaticArray<f64>(count);
  const hasOthers = new StaticArray<u8>(count);
  // `stabilities` has the sum of those within until a cluster's own turn comes
  for (let c = count - 1; c > 0; c--) {
    const within = unchecked(stabilities[c]);
    const own = unchecked(condensed.stabilities[c]);
    const isLeaf = !unchecked(hasOthers[c]);
    const isTaken = isLeaf || (selection != LEAVES && own >= within);
    const parent = unchecked(parents[c]);
    unchecked((taken[c] = isTaken ? c : -1));
    unchecked((stabilities[parent] = stabilities[parent] + (isTaken ? own : within)));
    unchecked((hasOthers[parent] = 1));
  }
  unchecked((taken[0] = -1));
  for (let c = 1; c < count; c++) {
    const above = unchecked(taken[parents[c]]);
    if (above >= 0) unchecked((taken[c] = above));
  }
  return taken;
}

/** The distance at which the last of a cluster and of those within it ends. */
export function lastDeaths(condensed: Condensed): StaticArray<f64> {
  const lasts = new StaticArray<f64>(condensed.count);
  for (let c = 0; c < condensed.count; c++) unchecked((lasts[c] = condensed.deaths[c]));
  for (let c = condensed.count - 1; c > 0; c--) {
    const parent = unchecked(condensed.parents[c]);
    unchecked((lasts[parent] = min(unchecked(lasts[parent]), unchecked(lasts[c]))));
  }
  return lasts;
}
