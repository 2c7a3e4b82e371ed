/** Counts the points near those that are not core already for being in a full cell. */
import { squareBetween } from "../shared/tree";
import { Cells } from "./cells";
import { countNear } from "./near";
import { Visitor } from "./sweep";

/** Points of several cells that are gone through faster than cell by cell. */
const FEW = 64;

@final
export class Counter extends Visitor {
  constructor(
    cells: Cells,
    public minPoints: i32,
    /** By position, how many points are near: exact below `minPoints`. */
    public counts: StaticArray<i32>,
  ) {
    super(cells);
  }

  /**
   * Begins with cells first .. last - 1: all points of a cell are near each other. What is kept of points that are not
   * alike needs their places to stay.
   */
  start<D>(first: i32, last: i32): void {
    const cells = this.cells;
    const begins = cells.begins;
    for (let c = first; c < last; c++) {
      if (this.enters(c)) cells.plant<D>(c);
      for (let i = unchecked(begins[c]); i < unchecked(begins[c + 1]); i++) unchecked((this.counts[i] = cells.size(c)));
    }
  }

  @inline
  enters(cell: i32): bool {
    return this.cells.size(cell) < this.minPoints;
  }

  meet<D>(cell: i32, first: i32, last: i32): void {
    if (first > last) return;
    // locals, because the compiler reads a field anew at every use
    const cells = this.cells;
    const begins = cells.begins;
    const points = cells.tree.coordinates;
    const square = cells.square;
    const counts = this.counts;
    const enough = this.minPoints;
    const from = unchecked(begins[first]);
    const end = unchecked(begins[last + 1]);
    if (end - from > FEW) for (let c = first; c <= last; c++) cells.plant<D>(c);
    for (let i = unchecked(begins[cell]); i < unchecked(begins[cell + 1]); i++) {
      let count = unchecked(counts[i]);
      if (end - from <= FEW) {
        for (let j = from; j < end && count < enough; j++) count += i32(squareBetween<D>(points, i, j) <= square);
      } else {
        for (let c = first; c <= last && count < enough; c++) {
          count += countNear<D>(cells, i, unchecked(begins[c]), unchecked(begins[c + 1]) - 1, enough - count);
        }
      }
      unchecked((counts[i] = count));
    }
  }
}
