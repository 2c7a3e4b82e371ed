/** The hierarchy of single linkage: components that edges join, the shortest first. */
import { find, singles } from "../shared/sets";
import { sortPairs } from "../shared/sort";
import { arc, dimensions } from "../shared/space";
import { Spanning } from "./spanning";

/** Nodes 0 .. n - 1 are points, by position; node n + e is what edge e joins, in the order of lengths. */
@final
export class Hierarchy {
  /** By edge: its length, the nodes that it joins, and how many points these have. */
  lengths: StaticArray<f64>;
  lefts: StaticArray<i32>;
  rights: StaticArray<i32>;
  sizes: StaticArray<i32>;

  constructor(public n: i32) {
    this.lengths = new StaticArray<f64>(n - 1);
    this.lefts = new StaticArray<i32>(n - 1);
    this.rights = new StaticArray<i32>(n - 1);
    this.sizes = new StaticArray<i32>(n - 1);
  }

  @inline
  size(node: i32): i32 {
    return node < this.n ? 1 : unchecked(this.sizes[node - this.n]);
  }
}

export function hierarchyOf<D>(spanning: Spanning): Hierarchy {
  const n = spanning.components.length;
  const hierarchy = new Hierarchy(n);
  const lengths = hierarchy.lengths;
  const order = singles(n - 1);
  for (let e = 0; e < n - 1; e++) {
    const length = Math.sqrt(unchecked(spanning.squares[e]));
    unchecked((lengths[e] = dimensions<D>() == 3 ? arc(length) : length));
  }
  sortPairs(lengths, order, 0, n - 2);
  const parents = singles(n);
  // by root, the node that its component is
  const nodes = singles(n);
  for (let e = 0; e < n - 1; e++) {
    const edge = unchecked(order[e]);
    const a = find(parents, unchecked(spanning.heads[edge]));
    const b = find(parents, unchecked(spanning.tails[edge]));
    const left = unchecked(nodes[a]);
    const right = unchecked(nodes[b]);
    unchecked((hierarchy.lefts[e] = left));
    unchecked((hierarchy.rights[e] = right));
    unchecked((hierarchy.sizes[e] = hierarchy.size(left) + hierarchy.size(right)));
    unchecked((parents[max(a, b)] = min(a, b)));
    unchecked((nodes[min(a, b)] = n + e));
  }
  return hierarchy;
}
