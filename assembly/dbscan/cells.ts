/**
 * Points in cells, each so small that any two of its points are near each other. de Berg, Gunawan and Roeloffzen
 * (2017), doi:10.4230/LIPIcs.ISAAC.2017.25.
 *
 * Strips are cut along x where points are, and each into cells along y, so that coordinates are compared and never
 * rounded to a grid: no outlier is too far for it, and no distance too small. In space slabs are cut into lines, and
 * these into cells.
 */
import { boxAt, boxesLength, measureBoxes } from "../shared/boxes";
import { dimensions } from "../shared/space";
import { coordinate, grow, LEAF, Tree } from "../shared/tree";
import { Bench, sortAlong, sortColumns } from "./sort";

/** Slabs or lines, ascending: where each begins among what it is cut into, and what it spans. */
@final
export class Runs {
  count: i32 = 0;
  begins: StaticArray<i32> = new StaticArray<i32>(64);
  lows: StaticArray<f64> = new StaticArray<f64>(64);
  highs: StaticArray<f64> = new StaticArray<f64>(64);

  add(begin: i32, low: f64, high: f64): void {
    const at = this.count++;
    if (at == this.begins.length) {
      this.begins = twice(this.begins);
      this.lows = twice(this.lows);
      this.highs = twice(this.highs);
    }
    unchecked((this.begins[at] = begin));
    unchecked((this.lows[at] = low));
    unchecked((this.highs[at] = high));
  }
}

/** A copy with as much room again. */
function twice<T>(values: StaticArray<T>): StaticArray<T> {
  const more = new StaticArray<T>(2 * values.length);
  for (let i = 0; i < values.length; i++) unchecked((more[i] = values[i]));
  return more;
}

@final
export class Cells {
  /** Points and indices in the order of cells. Those of a cell that holds more than a leaf can be a tree of its own. */
  tree: Tree = new Tree();
  boxes: StaticArray<f64> = new StaticArray<f64>(0);
  isPlanted!: StaticArray<u8>;
  /** By cell, where it begins among the points. */
  begins!: StaticArray<i32>;
  count: i32 = 0;
  /** Lines of cells, and slabs of lines; in the plane all lines are of one slab. */
  lines: Runs = new Runs();
  slabs: Runs = new Runs();

  constructor(
    /** The square of the distance at which points are near. */
    public square: f64,
    /** The width of a cell at most. */
    public side: f64,
  ) {}

  @inline
  size(cell: i32): i32 {
    return unchecked(this.begins[cell + 1]) - unchecked(this.begins[cell]);
  }

  /** What a cell spans along the last axis, by which its points are in order unless they are a tree. */
  @inline
  low<D>(cell: i32): f64 {
    const begin = unchecked(this.begins[cell]);
    const axis = dimensions<D>() - 1;
    if (!unchecked(this.isPlanted[cell])) return coordinate<D>(this.tree.coordinates, begin, axis);
    return unchecked(this.boxes[boxAt<D>((begin + unchecked(this.begins[cell + 1])) >> 1) + axis]);
  }

  @inline
  high<D>(cell: i32): f64 {
    const end = unchecked(this.begins[cell + 1]);
    const axis = dimensions<D>() - 1;
    if (!unchecked(this.isPlanted[cell])) return coordinate<D>(this.tree.coordinates, end - 1, axis);
    return unchecked(this.boxes[boxAt<D>((unchecked(this.begins[cell]) + end) >> 1) + dimensions<D>() + axis]);
  }

  /** Makes room for trees of cells, where there is none. */
  reserve<D>(): void {
    if (this.boxes.length > 0) return;
    const tree = this.tree;
    const n = tree.indices.length;
    tree.lowest = new StaticArray<i32>(n + 1);
    tree.splits = new StaticArray<f64>(n + 1);
    tree.axes = new StaticArray<u8>(n + 1);
    this.boxes = new StaticArray<f64>(boxesLength<D>(n));
  }

  /** Makes a tree of a cell that holds more than a leaf. Its points change places, once. */
  plant<D>(cell: i32): void {
    if (this.size(cell) <= LEAF || unchecked(this.isPlanted[cell])) return;
    this.reserve<D>();
    const tree = this.tree;
    const first = unchecked(this.begins[cell]);
    const last = unchecked(this.begins[cell + 1]) - 1;
    grow<D>(tree, first, last);
    measureBoxes<D>(tree.coordinates, this.boxes, first, last);
    unchecked((this.isPlanted[cell] = 1));
  }
}

/** The widest side for which rounded squares of all axes together are not above a square. */
function sideWithin<D>(square: f64): f64 {
  let side = Math.sqrt(square / <f64>dimensions<D>());
  while (side < Infinity) {
    let sum = side * side + side * side;
    if (dimensions<D>() == 3) sum += side * side;
    if (sum <= square) break;
    side *= 1.0 - f64.EPSILON;
  }
  return side;
}

/** Cuts points first .. last, ascending along an axis, into runs no wider than a side, these along the next axis. */
function cut<D>(cells: Cells, bench: Bench, first: i32, last: i32, axis: i32): void {
  const points = cells.tree.coordinates;
  const side = cells.side;
  for (let begin = first, end = first; begin <= last; begin = end) {
    const low = coordinate<D>(points, begin, axis);
    while (end <= last && coordinate<D>(points, end, axis) - low <= side) end++;
    if (axis == dimensions<D>() - 1) {
      unchecked((cells.begins[cells.count++] = begin));
      continue;
    }
    const high = coordinate<D>(points, end - 1, axis);
    if (axis == dimensions<D>() - 2) cells.lines.add(cells.count, low, high);
    else cells.slabs.add(cells.lines.count, low, high);
    sortAlong<D>(bench, points, cells.tree.indices, begin, end - 1, axis + 1);
    cut<D>(cells, bench, begin, end - 1, axis + 1);
  }
}

/** Cells of points that are near each other within the root of a square. Coordinates finite, one point or more. */
export function cellsOf<D>(xs: Float64Array, ys: Float64Array, zs: Float64Array, square: f64): Cells {
  const n = xs.length;
  const cells = new Cells(square, sideWithin<D>(square));
  const bench = new Bench();
  cells.tree.coordinates = new StaticArray<f64>(n * dimensions<D>());
  cells.tree.indices = new StaticArray<i32>(n);
  cells.begins = new StaticArray<i32>(n + 1);
  if (dimensions<D>() == 2) cells.slabs.add(0, 0.0, 0.0);
  sortColumns<D>(bench, xs, ys, zs, cells.tree.coordinates, cells.tree.indices);
  cut<D>(cells, bench, 0, n - 1, 0);
  // one more of each, so that all end where the next begins
  cells.slabs.add(cells.lines.count, Infinity, Infinity);
  cells.lines.add(cells.count, Infinity, Infinity);
  cells.slabs.count--;
  cells.lines.count--;
  unchecked((cells.begins[cells.count] = n));
  cells.isPlanted = new StaticArray<u8>(cells.count);
  return cells;
}
