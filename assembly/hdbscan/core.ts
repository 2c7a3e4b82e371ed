/** Core distances: how far it is to the k-th nearest other point. */
import { Nearest } from "../shared/nearest";
import { Tree } from "../shared/tree";

@final
export class Cores extends Nearest {
  /** Squares of the core distances, by position in the tree. */
  squares: StaticArray<f64>;

  constructor(tree: Tree, k: i32) {
    super(tree, tree, k);
    this.squares = new StaticArray<f64>(tree.indices.length);
  }

  end<D>(from: i32, to: i32): void {
    for (let i = from; i <= to; i++) {
      unchecked((this.squares[i] = this.bestDistances[(i - from) * this.k + this.k - 1]));
    }
  }
}
