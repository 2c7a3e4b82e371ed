/**
 * The local outlier factor: how much denser it is around the neighbors of a point than around the point itself.
 * Breunig, Kriegel, Ng and Sander (2000), doi:10.1145/342009.335388.
 *
 * The neighbors of a point are all that are no farther than its k-th nearest, so that no order matters where some are
 * equally far. Of most points these are k, which are kept; where more are tied they are searched again when needed. A
 * point with k coincident others is infinitely dense, and so are its neighbors, which need no search.
 */
import { boxesOf, squareToBox } from "./shared/boxes";
import { Nearest } from "./shared/nearest";
import { arc, dimensions, Plane, Space } from "./shared/space";
import { LEAF, squareBetween, Tree } from "./shared/tree";
import { walk } from "./shared/walk";
export { toUnitSphere } from "./shared/space";
export { plantPlane, plantSpace } from "./shared/tree";
export * from "./shared/host";

/** What is kept of a search, by position in the tree. */
@final
class Neighborhoods extends Nearest {
  /** The k nearest, as positions. */
  neighbors: StaticArray<i32>;
  /** The distance to the k-th, its square, and whether there are others as far. */
  reaches: StaticArray<f64>;
  squares: StaticArray<f64>;
  isTied: StaticArray<u8>;
  /** Local reachability densities. */
  densities: StaticArray<f64>;
  boxes: StaticArray<f64>;
  /** The position of each point, by its index. */
  positions: StaticArray<i32>;

  constructor(
    tree: Tree,
    /** Neighbors, of which the search may have to find one more. */
    public size: i32,
    boxes: StaticArray<f64>,
  ) {
    const n = tree.indices.length;
    super(tree, tree, min(size + 1, n - 1));
    this.neighbors = new StaticArray<i32>(n * size);
    this.reaches = new StaticArray<f64>(n);
    this.squares = new StaticArray<f64>(n);
    this.isTied = new StaticArray<u8>(n);
    this.densities = new StaticArray<f64>(n);
    this.positions = new StaticArray<i32>(n);
    this.boxes = boxes;
    for (let i = 0; i < n; i++) unchecked((this.positions[tree.indices[i]] = i));
  }

  end<D>(from: i32, to: i32): void {
    const size = this.size;
    for (let i = from; i <= to; i++) {
      const best = (i - from) * this.k;
      for (let j = 0; j < size; j++) {
        unchecked((this.neighbors[i * size + j] = this.positions[this.bestIndices[best + j]]));
      }
      const square = unchecked(this.bestDistances[best + size - 1]);
      unchecked((this.squares[i] = square));
      unchecked((this.reaches[i] = distanceOf<D>(square)));
      unchecked((this.isTied[i] = u8(this.k > size && this.bestDistances[best + size] == square)));
    }
  }
}

// @ts-ignore: decorator
@inline
function distanceOf<D>(square: f64): f64 {
  return dimensions<D>() == 3 ? arc(Math.sqrt(square)) : Math.sqrt(square);
}

/** What neighbors add to, one after the other. Kinds of sums have a method `add`, for the neighbor j of point i. */
class Sum {
  total: f64 = 0.0;
  count: i32 = 0;

  constructor(public plan: Neighborhoods) {}
}

/** Sums reachability distances: a neighbor is no nearer than its own neighbors reach. */
@final
class Reachability extends Sum {
  @inline
  add<D>(i: i32, j: i32): void {
    const distance = distanceOf<D>(squareBetween<D>(this.plan.tree.coordinates, i, j));
    this.total += max(unchecked(this.plan.reaches[j]), distance);
    this.count++;
  }
}

/** Sums ratios of densities; of two that are infinite, or the same, it is 1. */
@final
class Ratios extends Sum {
  @inline
  add<D>(i: i32, j: i32): void {
    const own = unchecked(this.plan.densities[i]);
    const other = unchecked(this.plan.densities[j]);
    this.total += own == other ? 1.0 : other / own;
    this.count++;
  }
}

/** Sums over the neighbors of point i. */
function sumOver<D, S extends Sum>(sum: S, i: i32): void {
  const plan = sum.plan;
  const size = plan.size;
  sum.total = 0.0;
  sum.count = 0;
  if (unchecked(plan.isTied[i])) visit<D, S>(sum, i, 0, plan.positions.length - 1);
  else for (let q = i * size; q < (i + 1) * size; q++) sum.add<D>(i, unchecked(plan.neighbors[q]));
}

/** The same of those among points first .. last of a subtree. */
function visit<D, S extends Sum>(sum: S, i: i32, first: i32, last: i32): void {
  const plan = sum.plan;
  const points = plan.tree.coordinates;
  const square = unchecked(plan.squares[i]);
  const middle = (first + last + 1) >> 1;
  if (squareToBox<D>(points, plan.boxes, i, middle) > square) return;
  if (last - first < LEAF) {
    for (let j = first; j <= last; j++) {
      if (j != i && squareBetween<D>(points, i, j) <= square) sum.add<D>(i, j);
    }
    return;
  }
  visit<D, S>(sum, i, first, middle - 1);
  visit<D, S>(sum, i, middle, last);
}

/** Plans the factors of points in the plane, with so many neighbors, 1 to n - 1. */
export function createPlane(tree: Tree, neighbors: i32): Neighborhoods {
  return new Neighborhoods(tree, neighbors, boxesOf<Plane>(tree));
}

/** The same of unit vectors. */
export function createSpace(tree: Tree, neighbors: i32): Neighborhoods {
  return new Neighborhoods(tree, neighbors, boxesOf<Space>(tree));
}

/** Finds the neighbors of the points in the leaves that begin at positions begin .. end - 1 of the tree. */
export function searchPlane(plan: Neighborhoods, begin: i32, end: i32): void {
  walk<Plane, Neighborhoods>(plan, begin, end);
}

export function searchSpace(plan: Neighborhoods, begin: i32, end: i32): void {
  walk<Space, Neighborhoods>(plan, begin, end);
}

function factors<D>(plan: Neighborhoods, lof: Float64Array): void {
  const n = plan.positions.length;
  const reachability = new Reachability(plan);
  for (let i = 0; i < n; i++) {
    if (unchecked(plan.squares[i]) == 0.0) {
      unchecked((plan.densities[i] = Infinity));
      continue;
    }
    sumOver<D, Reachability>(reachability, i);
    unchecked((plan.densities[i] = <f64>reachability.count / reachability.total));
  }
  const ratios = new Ratios(plan);
  for (let i = 0; i < n; i++) {
    const index = unchecked(plan.tree.indices[i]);
    if (unchecked(plan.squares[i]) == 0.0) {
      unchecked((lof[index] = 1.0));
      continue;
    }
    sumOver<D, Ratios>(ratios, i);
    unchecked((lof[index] = ratios.total / <f64>ratios.count));
  }
}

/** Writes the factors, by index, once all neighbors are found. */
export function factorsPlane(plan: Neighborhoods, lof: Float64Array): void {
  factors<Plane>(plan, lof);
}

export function factorsSpace(plan: Neighborhoods, lof: Float64Array): void {
  factors<Space>(plan, lof);
}
