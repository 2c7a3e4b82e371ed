/**
 * The walk through a k-d tree of points that search for others near them. The points of a leaf walk together, from the
 * nearer side first. Friedman, Bentley, Finkel (1977), doi:10.1145/355744.355745.
 *
 * What is found is ordered by (squared distance, index). Every subtree knows the lowest index in it, so that among
 * coincident points those are skipped that can only offer higher indices: a heap of identical points costs no scan of
 * all for each.
 */
import { dimensions } from "./space";
import { boxOf, LEAF, Tree } from "./tree";

/**
 * What a leaf of one tree searches for in another, or in the same. Kinds of searches have three methods: `start` and
 * `end` a leaf, and `compare`, which offers its points those of another leaf.
 */
export class Search {
  /** No more than these may be found any more, by any point of the leaf: a squared distance, and an index there. */
  reach: f64 = Infinity;
  reachIndex: i32 = i32.MAX_VALUE;
  /** Whether the points search among themselves: no point is found by itself. */
  among: bool;
  /** The box of the leaf: low and high by axis. */
  low: StaticArray<f64> = new StaticArray<f64>(3);
  high: StaticArray<f64> = new StaticArray<f64>(3);

  constructor(
    /** The points that search. */
    public seekers: Tree,
    /** The points that are searched. */
    public tree: Tree,
  ) {
    this.among = seekers === tree;
  }
}

/** Searches for the points of the leaves that begin at positions begin .. end - 1 of their tree. */
export function walk<D, S extends Search>(search: S, begin: i32, end: i32): void {
  walkRange<D, S>(search, begin, end, 0, search.seekers.indices.length - 1);
}

/** Goes through the leaves under first .. last. */
function walkRange<D, S extends Search>(search: S, begin: i32, end: i32, first: i32, last: i32): void {
  if (first >= end || last < begin) return;
  if (last - first < LEAF) {
    if (first >= begin) walkLeaf<D, S>(search, first, last);
    return;
  }
  const middle = (first + last + 1) >> 1;
  walkRange<D, S>(search, begin, end, first, middle - 1);
  walkRange<D, S>(search, begin, end, middle, last);
}

function walkLeaf<D, S extends Search>(search: S, from: i32, to: i32): void {
  boxOf<D>(search.seekers.coordinates, from, to, search.low, search.high);
  search.start(from, to);
  // nothing is nearer than the leaf itself
  if (search.among) search.compare<D>(from, to, from, to);
  visit<D, S>(search, from, to, 0, search.tree.indices.length - 1, 0.0, 0.0, 0.0);
  search.end<D>(from, to);
}

/** The lowest index among points first .. last of a subtree. */
// @ts-ignore: decorator
@inline
function lowestIn(tree: Tree, first: i32, last: i32): i32 {
  return unchecked(tree.lowest[(first + last + 1) >> 1]);
}

/**
 * Offers the subtree of points first .. last to the leaf from .. to. (ox, oy, oz) is the gap, by axis, between the box
 * of the leaf and the cell of the subtree. Rounding is monotone, so a gap never exceeds a computed distance.
 */
function visit<D, S extends Search>(
  search: S,
  from: i32,
  to: i32,
  first: i32,
  last: i32,
  ox: f64,
  oy: f64,
  oz: f64,
): void {
  let gap = ox * ox + oy * oy;
  if (dimensions<D>() == 3) gap += oz * oz;
  if (gap > search.reach) return;
  const tree = search.tree;
  if (gap == search.reach && lowestIn(tree, first, last) > search.reachIndex) return;
  if (last - first < LEAF) {
    if (first != from || !search.among) search.compare<D>(from, to, first, last);
    return;
  }
  const middle = (first + last + 1) >> 1;
  const axis = <i32>unchecked(tree.axes[middle]);
  const split = unchecked(tree.splits[middle]);
  const left = max(0.0, unchecked(search.low[axis]) - split);
  const right = max(0.0, split - unchecked(search.high[axis]));
  if (left < right || (left == right && lowestIn(tree, first, middle - 1) < lowestIn(tree, middle, last))) {
    visitSide<D, S>(search, from, to, first, middle - 1, ox, oy, oz, axis, left);
    visitSide<D, S>(search, from, to, middle, last, ox, oy, oz, axis, right);
  } else {
    visitSide<D, S>(search, from, to, middle, last, ox, oy, oz, axis, right);
    visitSide<D, S>(search, from, to, first, middle - 1, ox, oy, oz, axis, left);
  }
}

// @ts-ignore: decorator
@inline
function visitSide<D, S extends Search>(
  search: S,
  from: i32,
  to: i32,
  first: i32,
  last: i32,
  ox: f64,
  oy: f64,
  oz: f64,
  axis: i32,
  gap: f64,
): void {
  visit<D, S>(
    search,
    from,
    to,
    first,
    last,
    axis == 0 ? max(ox, gap) : ox,
    axis == 1 ? max(oy, gap) : oy,
    dimensions<D>() == 3 && axis == 2 ? max(oz, gap) : oz,
  );
}
