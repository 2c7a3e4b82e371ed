/**
 * The k nearest of points, ordered by (squared distance, index), so that ties at the k-th distance have one answer
 * whatever the shape of the tree.
 */
import { arc, dimensions, Plane, Space } from "./shared/space";
import { coordinate, LEAF, Tree } from "./shared/tree";
import { Search, walk } from "./shared/walk";
export { toUnitSphere } from "./shared/space";
export { plantPlane, plantSpace } from "./shared/tree";
export * from "./shared/host";

@final
class Nearest extends Search {
  /** The best so far by point of the leaf: k ascending distances and indices each. */
  bestDistances: StaticArray<f64>;
  bestIndices: StaticArray<i32>;
  /** By point of the leaf: its number of neighbors so far, and the distance and index that the next must beat. */
  found: StaticArray<i32> = new StaticArray<i32>(LEAF);
  worst: StaticArray<f64> = new StaticArray<f64>(LEAF);
  worstIndex: StaticArray<i32> = new StaticArray<i32>(LEAF);
  /** Rows to fill, by index of the point; distances where they are asked for. */
  neighbors: Int32Array = new Int32Array(0);
  distances: Float64Array | null = null;

  constructor(seekers: Tree, tree: Tree, public k: i32) {
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

  end<D>(from: i32, to: i32): void {
    const neighbors = this.neighbors;
    const distances = this.distances;
    const k = this.k;
    for (let i = from; i <= to; i++) {
      const row = unchecked(this.seekers.indices[i]) * k;
      const best = (i - from) * k;
      for (let j = 0; j < k; j++) unchecked((neighbors[row + j] = this.bestIndices[best + j]));
      if (distances == null) continue;
      for (let j = 0; j < k; j++) {
        const distance = Math.sqrt(unchecked(this.bestDistances[best + j]));
        unchecked((distances[row + j] = dimensions<D>() == 3 ? arc(distance) : distance));
      }
    }
  }
}

/**
 * Plans searches of the points of one tree for the k nearest of another, or for the k nearest others of their own.
 * 1 <= k, and no more than there are to find.
 */
export function createNearest(seekers: Tree, tree: Tree, k: i32): Nearest {
  return new Nearest(seekers, tree, k);
}

function search<D>(plan: Nearest, begin: i32, end: i32, neighbors: Int32Array, distances: Float64Array | null): void {
  plan.neighbors = neighbors;
  plan.distances = distances;
  walk<D, Nearest>(plan, begin, end);
}

/**
 * Writes the nearest of the points in the leaves that begin at tree positions begin .. end - 1 to their rows, nearest
 * first, and their distances; a row's place is the point's index. Ranges that cover 0 .. n cover every point.
 */
export function searchPlane(
  plan: Nearest,
  begin: i32,
  end: i32,
  neighbors: Int32Array,
  distances: Float64Array | null,
): void {
  search<Plane>(plan, begin, end, neighbors, distances);
}

/** The same in space, with distances in radians. */
export function searchSpace(
  plan: Nearest,
  begin: i32,
  end: i32,
  neighbors: Int32Array,
  distances: Float64Array | null,
): void {
  search<Space>(plan, begin, end, neighbors, distances);
}
