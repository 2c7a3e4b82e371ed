/** Finds the core point of lowest index near each of the other points. */
import { Cells } from "./cells";
import { lowestNear } from "./near";
import { Visitor } from "./sweep";

/** Where there is none. */
export const NOWHERE = i32.MAX_VALUE;

@final
export class Assigner extends Visitor {
  /** By cell, whether it has points that are not core. */
  hasOthers: StaticArray<u8>;

  constructor(
    cells: Cells,
    public isCore: StaticArray<u8>,
    /** By cell, whether it has a core point. */
    public hasCore: StaticArray<u8>,
    /** By position, the index of that core point. */
    public lowest: StaticArray<i32>,
  ) {
    super(cells);
    this.hasOthers = new StaticArray<u8>(cells.count);
  }

  /** Begins with cells first .. last - 1: core points of a cell are near all of it. */
  start(first: i32, last: i32): void {
    const cells = this.cells;
    const isCore = this.isCore;
    const lowest = this.lowest;
    const begins = cells.begins;
    for (let c = first; c < last; c++) {
      let own = NOWHERE;
      for (let i = unchecked(begins[c]); i < unchecked(begins[c + 1]); i++) {
        if (unchecked(isCore[i])) own = min(own, unchecked(cells.tree.indices[i]));
        else unchecked((this.hasOthers[c] = 1));
      }
      for (let i = unchecked(begins[c]); i < unchecked(begins[c + 1]); i++) unchecked((lowest[i] = own));
    }
  }

  @inline
  enters(cell: i32): bool {
    return unchecked(this.hasOthers[cell]) == 1;
  }

  meet<D>(cell: i32, first: i32, last: i32): void {
    const cells = this.cells;
    const begins = cells.begins;
    const lowest = this.lowest;
    for (let c = first; c <= last; c++) {
      if (!unchecked(this.hasCore[c])) continue;
      cells.plant<D>(c);
      const from = unchecked(begins[c]);
      const to = unchecked(begins[c + 1]) - 1;
      for (let i = unchecked(begins[cell]); i < unchecked(begins[cell + 1]); i++) {
        if (unchecked(this.isCore[i])) continue;
        unchecked((lowest[i] = lowestNear<D>(cells, this.isCore, i, from, to, lowest[i])));
      }
    }
  }
}
