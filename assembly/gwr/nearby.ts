/**
 * The rows near a location, by a walk through a k-d tree from its nearer side. They come in the order of the walk,
 * which hangs on the location and the tree alone.
 */
import { selectRank } from "../shared/sort";
import { dimensions } from "../shared/space";
import { coordinate, LEAF, Tree } from "../shared/tree";

/** Bins of squared distances. */
const BINS: i32 = 256;

/** The bin of a squared distance: rounding is monotone, so that none is in a bin before that of a lesser one. */
// @ts-ignore: decorator
@inline
function binOf(square: f64, least: f64, factor: f64): i32 {
  const bin = (square - least) * factor;
  // where a square is infinite this is none
  return bin < <f64>(BINS - 1) ? <i32>bin : BINS - 1;
}

@final
export class Nearby {
  /** How many were found, their positions in the tree, and their squared distances. */
  count: i32 = 0;
  positions: StaticArray<i32>;
  squares: StaticArray<f64>;
  /** Nothing beyond this squared distance is wanted. */
  private limit: f64 = Infinity;
  /** Beyond so many all but the nearest k are put away. */
  private room: i32 = 0;
  private k: i32 = 0;
  private selected: StaticArray<f64>;
  private sizes: StaticArray<i32> = new StaticArray<i32>(BINS);
  /** The location. */
  private x: f64 = 0.0;
  private y: f64 = 0.0;
  private z: f64 = 0.0;

  constructor(private tree: Tree) {
    const n = tree.indices.length;
    this.positions = new StaticArray<i32>(n + LEAF);
    this.squares = new StaticArray<f64>(n + LEAF);
    this.selected = new StaticArray<f64>(n + LEAF);
  }

  moveTo(x: f64, y: f64, z: f64): void {
    this.x = x;
    this.y = y;
    this.z = z;
  }

  /** Finds the k nearest, and all that are as near as the last of them, whose squared distance it returns. */
  nearest<D>(k: i32): f64 {
    this.k = k;
    this.search<D>(Infinity, 2 * (k + LEAF));
    this.putAway();
    return this.limit;
  }

  /** Finds those within a squared distance; all there are in the order of the tree, where that is infinite. */
  within<D>(square: f64): void {
    this.search<D>(square, i32.MAX_VALUE);
  }

  private search<D>(limit: f64, room: i32): void {
    this.count = 0;
    this.limit = limit;
    this.room = room;
    this.visit<D>(0, this.tree.indices.length - 1, 0.0, 0.0, 0.0);
  }

  /** Goes through points first .. last, whose cell lies (ox, oy, oz) away by axis. */
  private visit<D>(first: i32, last: i32, ox: f64, oy: f64, oz: f64): void {
    // rounding is monotone, so that a gap never exceeds a computed distance
    let gap = ox * ox + oy * oy;
    if (dimensions<D>() == 3) gap += oz * oz;
    if (gap > this.limit) return;
    if (last - first < LEAF) {
      this.offer<D>(first, last);
      return;
    }
    const middle = (first + last + 1) >> 1;
    const axis = <i32>unchecked(this.tree.axes[middle]);
    const beyond = (axis == 0 ? this.x : axis == 1 ? this.y : this.z) - unchecked(this.tree.splits[middle]);
    const side = Math.abs(beyond);
    const x = axis == 0 ? max(ox, side) : ox;
    const y = axis == 1 ? max(oy, side) : oy;
    const z = axis == 2 ? max(oz, side) : oz;
    if (beyond < 0.0) {
      this.visit<D>(first, middle - 1, ox, oy, oz);
      this.visit<D>(middle, last, x, y, z);
    } else {
      this.visit<D>(middle, last, ox, oy, oz);
      this.visit<D>(first, middle - 1, x, y, z);
    }
  }

  private offer<D>(first: i32, last: i32): void {
    if (this.count + LEAF > this.room) this.putAway();
    // locals, because the compiler reads a field anew at every use
    const points = this.tree.coordinates;
    const positions = this.positions;
    const squares = this.squares;
    const x = this.x;
    const y = this.y;
    const z = this.z;
    const limit = this.limit;
    let count = this.count;
    for (let p = first; p <= last; p++) {
      const dx = coordinate<D>(points, p, 0) - x;
      const dy = coordinate<D>(points, p, 1) - y;
      let square = dx * dx + dy * dy;
      if (dimensions<D>() == 3) {
        const dz = coordinate<D>(points, p, 2) - z;
        square += dz * dz;
      }
      // written in any case: a branch that nobody can foretell takes longer
      unchecked((positions[count] = p));
      unchecked((squares[count] = square));
      count += i32(square <= limit);
    }
    this.count = count;
  }

  /** Keeps the nearest k and those as near as the last of them. Room stays for as many again, so that this is rare. */
  private putAway(): void {
    const count = this.count;
    const squares = this.squares;
    const positions = this.positions;
    const limit = this.select();
    let kept = 0;
    for (let q = 0; q < count; q++) {
      const square = unchecked(squares[q]);
      unchecked((squares[kept] = square));
      unchecked((positions[kept] = positions[q]));
      kept += i32(square <= limit);
    }
    this.count = kept;
    this.limit = limit;
    this.room = max(this.room, 2 * (kept + LEAF));
  }

  /**
   * The squared distance of rank k: selected among those in the same one of many bins, which are counted first. In the
   * plane squared distances fill bins evenly.
   */
  private select(): f64 {
    const count = this.count;
    const squares = this.squares;
    const selected = this.selected;
    const sizes = this.sizes;
    let least = Infinity;
    let most = 0.0;
    for (let q = 0; q < count; q++) {
      least = min(least, unchecked(squares[q]));
      most = max(most, unchecked(squares[q]));
    }
    const scale = <f64>(BINS - 1) / (most - least);
    // where there is no width to divide all are in one bin
    const factor = scale > 0.0 && scale < Infinity ? scale : 0.0;
    sizes.fill(0);
    for (let q = 0; q < count; q++) unchecked(sizes[binOf(squares[q], least, factor)]++);
    let rank = this.k - 1;
    let bin = 0;
    while (rank >= unchecked(sizes[bin])) rank -= unchecked(sizes[bin++]);
    let found = 0;
    for (let q = 0; q < count; q++) {
      const square = unchecked(squares[q]);
      unchecked((selected[found] = square));
      found += i32(binOf(square, least, factor) == bin);
    }
    return selectRank(selected, rank, 0, found - 1);
  }
}
