/**
 * Core distances of many samples. That of a point differs from its neighbor's by no more than the distance between the
 * two. What is nearer than that allows is counted, most of it by whole subtrees; only the points in the ring between
 * the bounds are looked at, for the one of the rank that is left.
 */
import { squareAcross, squareToBox } from "../shared/boxes";
import { selectRank } from "../shared/sort";
import { dimensions } from "../shared/space";
import { coordinate, LEAF, squareBetween, Tree } from "../shared/tree";
import { Cores } from "./core";

/** Points before, in the order of the tree, that bound a core distance. */
const BEFORE = 16;

/** Bounds leave room for rounding; what is outside all the same is looked for without. */
const SLACK: f64 = 1e-12;

// @ts-ignore: decorator
@inline
function areSame<D>(points: StaticArray<f64>, i: i32, j: i32): bool {
  for (let axis = 0; axis < dimensions<D>(); axis++) {
    if (coordinate<D>(points, i, axis) != coordinate<D>(points, j, axis)) return false;
  }
  return true;
}

@final
export class Rings extends Cores {
  boxes: StaticArray<f64>;
  /** The squares that bound the ring; how many points are within it, and the squares of those in it. */
  inner: f64 = 0.0;
  outer: f64 = 0.0;
  inside: i32 = 0;
  count: i32 = 0;
  found: StaticArray<f64>;

  constructor(tree: Tree, k: i32, boxes: StaticArray<f64>) {
    super(tree, k);
    this.boxes = boxes;
    this.found = new StaticArray<f64>(tree.indices.length);
  }

  /** Finds core distances in the leaves that begin at positions begin .. end - 1, after those that come before. */
  search<D>(begin: i32, end: i32): void {
    const n = this.squares.length;
    this.visit<D>(begin, end, 0, n - 1, (n + 1) >> 1);
  }

  /** Goes through the leaves under first .. last; `around` is the middle of the least subtree with k others. */
  visit<D>(begin: i32, end: i32, first: i32, last: i32, around: i32): void {
    if (first >= end || last < begin) return;
    const middle = (first + last + 1) >> 1;
    if (last - first >= this.k) around = middle;
    if (last - first < LEAF) {
      if (first < begin) return;
      for (let i = first; i <= last; i++) unchecked((this.squares[i] = this.squareOf<D>(i, around)));
      return;
    }
    this.visit<D>(begin, end, first, middle - 1, around);
    this.visit<D>(begin, end, middle, last, around);
  }

  /** The square of the core distance of point i, that of rank k where the point itself is the first, of rank 0. */
  squareOf<D>(i: i32, around: i32): f64 {
    const points = this.tree.coordinates;
    const squares = this.squares;
    let inner = 0.0;
    let outer = Math.sqrt(squareAcross<D>(points, this.boxes, i, around)) * (1.0 + SLACK);
    // as many coincide
    if (outer == 0.0) return 0.0;
    for (let j = max(0, i - BEFORE); j < i; j++) {
      if (areSame<D>(points, i, j)) return unchecked(squares[j]);
      const core = Math.sqrt(unchecked(squares[j]));
      const distance = Math.sqrt(squareBetween<D>(points, i, j));
      const slack = SLACK * (core + distance);
      inner = max(inner, core - distance - slack);
      outer = min(outer, core + distance + slack);
    }
    this.look<D>(i, inner * inner, outer * outer);
    if (this.inside > this.k || this.inside + this.count <= this.k) this.look<D>(i, 0.0, Infinity);
    return selectRank(this.found, this.k - this.inside, 0, this.count - 1);
  }

  look<D>(i: i32, inner: f64, outer: f64): void {
    this.inner = inner;
    this.outer = outer;
    this.inside = 0;
    this.count = 0;
    this.gather<D>(i, 0, this.squares.length - 1);
  }

  /** Counts the points first .. last of a subtree that are within the ring of point i, and takes those in it. */
  gather<D>(i: i32, first: i32, last: i32): void {
    const points = this.tree.coordinates;
    const middle = (first + last + 1) >> 1;
    if (squareToBox<D>(points, this.boxes, i, middle) > this.outer) return;
    if (this.inner > squareAcross<D>(points, this.boxes, i, middle)) {
      this.inside += last - first + 1;
      return;
    }
    if (last - first < LEAF) {
      const found = this.found;
      const inner = this.inner;
      const outer = this.outer;
      let inside = this.inside;
      let count = this.count;
      for (let j = first; j <= last; j++) {
        const square = squareBetween<D>(points, i, j);
        if (square < inner) inside++;
        else if (square <= outer) unchecked((found[count++] = square));
      }
      this.inside = inside;
      this.count = count;
      return;
    }
    this.gather<D>(i, first, middle - 1);
    this.gather<D>(i, middle, last);
  }
}
