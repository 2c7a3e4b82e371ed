/** Core distances of a few samples, by heaps. Williams (1964), doi:10.1145/512274.512284. */
import { LEAF, squareBetween, Tree } from "../shared/tree";
import { Cores } from "./core";

@final
export class Heaps extends Cores {
  /** By point of the leaf, the k least squares so far, as a heap with the largest of them on top. */
  heaps: StaticArray<f64>;

  constructor(tree: Tree, k: i32) {
    super(tree, k);
    this.heaps = new StaticArray<f64>(LEAF * k);
  }

  start(from: i32, to: i32): void {
    for (let q = 0; q < (to - from + 1) * this.k; q++) unchecked((this.heaps[q] = Infinity));
    this.reach = Infinity;
    // of what is as far as the k-th nothing changes
    this.reachIndex = -1;
  }

  compare<D>(from: i32, to: i32, first: i32, last: i32): void {
    const points = this.tree.coordinates;
    const heaps = this.heaps;
    const k = this.k;
    let reach = 0.0;
    for (let i = from; i <= to; i++) {
      const top = (i - from) * k;
      let limit = unchecked(heaps[top]);
      for (let j = first; j <= last; j++) {
        const square = squareBetween<D>(points, i, j);
        if (square >= limit || i == j) continue;
        this.replace(top, square);
        limit = unchecked(heaps[top]);
      }
      reach = max(reach, limit);
    }
    this.reach = reach;
  }

  /** Takes a square for the largest of the heap that begins at `top`. */
  replace(top: i32, square: f64): void {
    const heaps = this.heaps;
    const k = this.k;
    let at = 0;
    for (let child = 1; child < k; child = 2 * at + 1) {
      if (child + 1 < k && unchecked(heaps[top + child + 1]) > unchecked(heaps[top + child])) child++;
      if (unchecked(heaps[top + child]) <= square) break;
      unchecked((heaps[top + at] = heaps[top + child]));
      at = child;
    }
    unchecked((heaps[top + at] = square));
  }

  end<D>(from: i32, to: i32): void {
    for (let i = from; i <= to; i++) unchecked((this.squares[i] = this.heaps[(i - from) * this.k]));
  }
}
