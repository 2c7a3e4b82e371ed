/** Joins cells that have core points near each other. */
import { find } from "../shared/sets";
import { LEAF, squareBetween } from "../shared/tree";
import { Cells } from "./cells";
import { isNearCore } from "./near";
import { Visitor } from "./sweep";

@final
export class Connector extends Visitor {
  constructor(
    cells: Cells,
    public isCore: StaticArray<u8>,
    /** By cell, whether it has a core point. */
    public hasCore: StaticArray<u8>,
    /** By cell, another of the same cluster, or itself at the root. */
    public clusters: StaticArray<i32>,
  ) {
    super(cells);
    this.once = true;
  }

  @inline
  enters(cell: i32): bool {
    return unchecked(this.hasCore[cell]) == 1;
  }

  meet<D>(cell: i32, first: i32, last: i32): void {
    const clusters = this.clusters;
    let own = find(clusters, cell);
    for (let c = first; c <= last; c++) {
      if (!unchecked(this.hasCore[c])) continue;
      const other = find(clusters, c);
      if (other == own || !this.areNear<D>(cell, c)) continue;
      const root = min(own, other);
      unchecked((clusters[max(own, other)] = root));
      own = root;
    }
  }

  /** Whether two cells have core points near each other: those of the smaller are looked for in the larger. */
  areNear<D>(a: i32, b: i32): bool {
    const cells = this.cells;
    const begins = cells.begins;
    if (cells.size(a) > cells.size(b)) {
      const swap = a;
      a = b;
      b = swap;
    }
    // of cells that hold many some points nearly always are near, so that most need no tree
    const step = 1 + (cells.size(a) - 1) / LEAF;
    if (this.someNear<D>(a, b, step, 1 + (cells.size(b) - 1) / LEAF)) return true;
    if (cells.size(b) <= LEAF) return false;
    cells.plant<D>(b);
    for (let i = unchecked(begins[a]); i < unchecked(begins[a + 1]); i++) {
      if (!unchecked(this.isCore[i])) continue;
      if (isNearCore<D>(cells, this.isCore, i, unchecked(begins[b]), unchecked(begins[b + 1]) - 1)) return true;
    }
    return false;
  }

  /** Whether core points of two cells are near each other, of which each so many are looked at. */
  someNear<D>(a: i32, b: i32, stepA: i32, stepB: i32): bool {
    const cells = this.cells;
    const isCore = this.isCore;
    const begins = cells.begins;
    const points = cells.tree.coordinates;
    for (let i = unchecked(begins[a]); i < unchecked(begins[a + 1]); i += stepA) {
      if (!unchecked(isCore[i])) continue;
      for (let j = unchecked(begins[b]); j < unchecked(begins[b + 1]); j += stepB) {
        if (squareBetween<D>(points, i, j) <= cells.square && unchecked(isCore[j])) return true;
      }
    }
    return false;
  }
}
