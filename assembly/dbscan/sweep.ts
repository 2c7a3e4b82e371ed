/**
 * Which cells are near which: lines are taken pair by pair, and two pointers move along each pair together. Rounding is
 * monotone, so that the gap between two cells never exceeds the computed distance of points in them.
 */
import { Cells, Runs } from "./cells";

/**
 * Visits cells. Kinds of visitors have two methods: `enters` says whether a cell has anything to ask of others, and
 * `meet` gives it the cells first .. last of a line, of which some may be near.
 */
export class Visitor {
  /** Each pair of cells is met once only, by the one that comes first. */
  once: bool = false;

  constructor(public cells: Cells) {}
}

/** How far apart two slabs or lines are along their axis. */
// @ts-ignore: decorator
@inline
function gapBetween(runs: Runs, a: i32, b: i32): f64 {
  const after = unchecked(runs.lows[b]) - unchecked(runs.highs[a]);
  const before = unchecked(runs.lows[a]) - unchecked(runs.highs[b]);
  return max(0.0, max(after, before));
}

/** Whether what ends at `high` is followed at `low` only beyond the distance, a square of which other axes take. */
// @ts-ignore: decorator
@inline
function isBeyond(cells: Cells, high: f64, low: f64, square: f64): bool {
  const gap = low - high;
  return gap > 0.0 && square + gap * gap > cells.square;
}

/** Has the visitor meet, from every cell of the lines begin .. end - 1, what may be near in other cells. */
export function sweep<D, V extends Visitor>(visitor: V, begin: i32, end: i32): void {
  const cells = visitor.cells;
  const slabs = cells.slabs;
  for (let s = 0; s < slabs.count; s++) {
    const from = max(begin, unchecked(slabs.begins[s]));
    const to = min(end, unchecked(slabs.begins[s + 1]));
    if (from >= to) continue;
    for (let t = s; t < slabs.count; t++) {
      const gap = gapBetween(slabs, s, t);
      if (gap * gap > cells.square) break;
      sweepSlabs<D, V>(visitor, from, to, s, t, gap * gap);
    }
    if (visitor.once) continue;
    for (let t = s - 1; t >= 0; t--) {
      const gap = gapBetween(slabs, s, t);
      if (gap * gap > cells.square) break;
      sweepSlabs<D, V>(visitor, from, to, s, t, gap * gap);
    }
  }
}

/** The same from lines first .. last - 1, of slab s, to those of slab t, that are the root of `square` apart at least. */
function sweepSlabs<D, V extends Visitor>(visitor: V, first: i32, last: i32, s: i32, t: i32, square: f64): void {
  const cells = visitor.cells;
  const lines = cells.lines;
  const end = unchecked(cells.slabs.begins[t + 1]);
  let from = unchecked(cells.slabs.begins[t]);
  for (let a = first; a < last; a++) {
    while (from < end && isBeyond(cells, unchecked(lines.highs[from]), unchecked(lines.lows[a]), square)) from++;
    // the line itself first, as what is nearer is more likely to have what is looked for
    const middle = s == t ? a : from;
    for (let b = middle; b < end; b++) {
      const gap = gapBetween(lines, a, b);
      if (square + gap * gap > cells.square) break;
      sweepLines<D, V>(visitor, a, b, square + gap * gap);
    }
    if (visitor.once) continue;
    for (let b = middle - 1; b >= from; b--) {
      const gap = gapBetween(lines, a, b);
      sweepLines<D, V>(visitor, a, b, square + gap * gap);
    }
  }
}

/** The same from the cells of line a to those of line b. */
function sweepLines<D, V extends Visitor>(visitor: V, a: i32, b: i32, square: f64): void {
  const cells = visitor.cells;
  const end = unchecked(cells.lines.begins[b + 1]);
  let first = unchecked(cells.lines.begins[b]);
  let beyond = first;
  for (let c = unchecked(cells.lines.begins[a]); c < unchecked(cells.lines.begins[a + 1]); c++) {
    if (!visitor.enters(c)) continue;
    const low = cells.low<D>(c);
    const high = cells.high<D>(c);
    while (first < end && isBeyond(cells, cells.high<D>(first), low, square)) first++;
    beyond = max(beyond, first);
    while (beyond < end && !isBeyond(cells, high, cells.low<D>(beyond), square)) beyond++;
    if (a != b) visitor.meet<D>(c, first, beyond - 1);
    else {
      visitor.meet<D>(c, c + 1, beyond - 1);
      if (!visitor.once) visitor.meet<D>(c, first, c - 1);
    }
  }
}
