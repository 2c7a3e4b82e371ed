/**
 * Searches for the k nearest of points, ordered by (squared distance, index), so that ties at the k-th distance have
 * one answer whatever the shape of the tree. Kinds of it say by a method `end` what is done with what a leaf has found.
 */
import { dimensions } from "./space";
import { coordinate, LEAF, Tree } from "./tree";
import { Search } from "./walk";

export class Nearest extends Search {
  /** The best so far by point of the leaf: k ascending distances and indices each. */
  bestDistances: StaticArray<f64>;
  bestIndices: StaticArray<i32>;
  /** By point of the leaf: its number of neighbors so far, and the distance and index that the next must beat. */
  found: StaticArray<i32> = new StaticArray<i32>(LEAF);
  worst: StaticArray<f64> = new StaticArray<f64>(LEAF);
  worstIndex: StaticArray<i32> = new StaticArray<i32>(LEAF);

  constructor(
    seekers: Tree,
    tree: Tree,
    public k: i32,
  ) {
    super(seekers, tree);
    this.bestDistances = new StaticArray<f64>(LEAF * k);
    this.bestIndices = new StaticArray<i32>(LEAF * k);
  }

  start(from: i32, to: i32): void {
    this.reach = Infinity;
    this.reachIndex = i32.MAX_VALUE;
    for (let p = 0; p <= to - from; p++) {
      unchecked((this.found[p] = 0));
      unchecked((this.worst[p] = Infinity));
      unchecked((this.worstIndex[p] = i32.MAX_VALUE));
    }
  }

  compare<D>(from: i32, to: i32, first: i32, last: i32): void {
    // locals, because the compiler reads a field anew at every use
    const seekers = this.seekers.coordinates;
    const points = this.tree.coordinates;
    const indices = this.tree.indices;
    const limits = this.worst;
    const among = this.among;
    for (let i = from; i <= to; i++) {
      const p = i - from;
      const x = coordinate<D>(seekers, i, 0);
      const y = coordinate<D>(seekers, i, 1);
      const z = dimensions<D>() == 3 ? coordinate<D>(seekers, i, 2) : 0.0;
      let limit = unchecked(limits[p]);
      for (let j = first; j <= last; j++) {
        const at = j * dimensions<D>();
        const dx = unchecked(points[at]) - x;
        const dy = unchecked(points[at + 1]) - y;
        let distance = dx * dx + dy * dy;
        if (dimensions<D>() == 3) {
          const dz = unchecked(points[at + 2]) - z;
          distance += dz * dz;
        }
        if (distance <= limit && !(among && i == j)) {
          this.insert(p, distance, unchecked(indices[j]));
          limit = unchecked(limits[p]);
        }
      }
    }
    let reach = 0.0;
    let reachIndex = -1;
    for (let p = 0; p <= to - from; p++) {
      const distance = unchecked(limits[p]);
      const index = unchecked(this.worstIndex[p]);
      if (distance > reach || (distance == reach && index > reachIndex)) {
        reach = distance;
        reachIndex = index;
      }
    }
    this.reach = reach;
    this.reachIndex = reachIndex;
  }

  /** Takes a point among the best of point p of the leaf. */
  insert(p: i32, distance: f64, index: i32): void {
    if (distance == unchecked(this.worst[p]) && index > unchecked(this.worstIndex[p])) return;
    const distances = this.bestDistances;
    const best = this.bestIndices;
    const k = this.k;
    const row = p * k;
    const count = unchecked(this.found[p]);
    let at = row + min(count, k - 1);
    while (at > row) {
      const previous = unchecked(distances[at - 1]);
      if (previous < distance || (previous == distance && unchecked(best[at - 1]) < index)) break;
      unchecked((distances[at] = previous));
      unchecked((best[at] = best[at - 1]));
      at--;
    }
    unchecked((distances[at] = distance));
    unchecked((best[at] = index));
    if (count < k) unchecked((this.found[p] = count + 1));
    if (count >= k - 1) {
      unchecked((this.worst[p] = distances[row + k - 1]));
      unchecked((this.worstIndex[p] = best[row + k - 1]));
    }
  }
}
