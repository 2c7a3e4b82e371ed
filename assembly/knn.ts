/** The k nearest of points, and how far away they are. */
import { Nearest } from "./shared/nearest";
import { arc, dimensions, Plane, Space } from "./shared/space";
import { Tree } from "./shared/tree";
import { walk } from "./shared/walk";
export { toUnitSphere } from "./shared/space";
export { plantPlane, plantSpace } from "./shared/tree";
export * from "./shared/host";

/** The nearest, as rows by index of the point. */
@final
class Rows extends Nearest {
  /** Rows to fill; distances where they are asked for. */
  neighbors: Int32Array = new Int32Array(0);
  distances: Float64Array | null = null;

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
export function createNearest(seekers: Tree, tree: Tree, k: i32): Rows {
  return new Rows(seekers, tree, k);
}

function search<D>(plan: Rows, begin: i32, end: i32, neighbors: Int32Array, distances: Float64Array | null): void {
  plan.neighbors = neighbors;
  plan.distances = distances;
  walk<D, Rows>(plan, begin, end);
}

/**
 * Writes the nearest of the points in the leaves that begin at tree positions begin .. end - 1 to their rows, nearest
 * first, and their distances; a row's place is the point's index. Ranges that cover 0 .. n cover every point.
 */
export function searchPlane(
  plan: Rows,
  begin: i32,
  end: i32,
  neighbors: Int32Array,
  distances: Float64Array | null,
): void {
  search<Plane>(plan, begin, end, neighbors, distances);
}

/** The same in space, with distances in radians. */
export function searchSpace(
  plan: Rows,
  begin: i32,
  end: i32,
  neighbors: Int32Array,
  distances: Float64Array | null,
): void {
  search<Space>(plan, begin, end, neighbors, distances);
}
