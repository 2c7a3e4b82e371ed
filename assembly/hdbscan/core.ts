/** Core distances: how far it is to the k-th nearest other point. */
import { Tree } from "../shared/tree";
import { Search } from "../shared/walk";

export class Cores extends Search {
  /** Squares of the core distances, by position in the tree. */
  squares: StaticArray<f64>;

  constructor(
    tree: Tree,
    public k: i32,
  ) {
    super(tree, tree);
    this.squares = new StaticArray<f64>(tree.indices.length);
  }
}
