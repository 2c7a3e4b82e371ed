/**
 * A k-d tree over points of any number of dimensions, reordered in memory so that each leaf is a run, that knows of
 * every node the box of its points, their number, weight and weighted sum: what is true of a box is true of all in it.
 * Bentley (1975), doi:10.1145/361002.361007.
 */
import { sortRange } from "../shared/sort";
import { pairAt, pairFrom, setPair } from "../shared/vector";

/** Points of a leaf at most. */
const LEAF = 16;

/** Points that tell the spread of a node, and about where its middle is. */
const SAMPLE = 64;

/** Of fewer points the middle one is found without a sample. */
const MANY = 16 * SAMPLE;

@final
export class Tree {
  /** The points in the order of the tree, `width` numbers each: an odd one of dimensions is filled up with a 0. */
  points!: Float64Array;
  /** Likewise; empty where all are 1. */
  weights!: StaticArray<f64>;
  /** By place in that order, the point that is there. */
  indices!: StaticArray<i32>;
  /** By node: its points first .. last, and its right child, 0 of a leaf. The left one is the node that follows. */
  first!: StaticArray<i32>;
  last!: StaticArray<i32>;
  right!: StaticArray<i32>;
  /** The box, the weighted sum of the points, their weight, and how many have one above 0. */
  low!: Float64Array;
  high!: Float64Array;
  sums!: Float64Array;
  mass!: Float64Array;
  count!: StaticArray<i32>;
  nodes: i32 = 0;
  sample: StaticArray<f64> = new StaticArray<f64>(SAMPLE);

  constructor(
    /** Numbers of a point, and of each side of a box: even. */
    public width: i32,
  ) {}
}

/** Nodes over so many points. */
function nodesOver(points: i32): i32 {
  if (points <= LEAF) return 1;
  return 1 + nodesOver(points >> 1) + nodesOver(points - (points >> 1));
}

// @ts-ignore: decorator
@inline
export function weightOf(tree: Tree, i: i32): f64 {
  return tree.weights.length > 0 ? unchecked(tree.weights[i]) : 1.0;
}

/** Plants a tree over points, which it reorders. @param weights by point as they came; without any, 1 each */
export function plant(points: Float64Array, weights: Float64Array, width: i32): Tree {
  const n = points.length / width;
  const nodes = nodesOver(n);
  const tree = new Tree(width);
  tree.points = points;
  tree.weights = new StaticArray<f64>(weights.length);
  tree.indices = new StaticArray<i32>(n);
  for (let i = 0; i < n; i++) unchecked((tree.indices[i] = i));
  tree.first = new StaticArray<i32>(nodes);
  tree.last = new StaticArray<i32>(nodes);
  tree.right = new StaticArray<i32>(nodes);
  tree.low = new Float64Array(nodes * width);
  tree.high = new Float64Array(nodes * width);
  tree.sums = new Float64Array(nodes * width);
  tree.mass = new Float64Array(nodes);
  tree.count = new StaticArray<i32>(nodes);
  grow(tree, 0, n - 1);
  for (let i = 0; i < weights.length; i++) unchecked((tree.weights[i] = weights[tree.indices[i]]));
  for (let node = nodes - 1; node >= 0; node--) {
    const right = unchecked(tree.right[node]);
    if (right > 0) join(tree, node, node + 1, right);
    else measure(tree, node);
  }
  return tree;
}

/** Divides the node over points first .. last, and those below it. Returns its number. */
function grow(tree: Tree, first: i32, last: i32): i32 {
  const node = tree.nodes++;
  unchecked((tree.first[node] = first));
  unchecked((tree.last[node] = last));
  unchecked((tree.right[node] = 0));
  if (last - first < LEAF) return node;
  const middle = first + ((last - first + 1) >> 1);
  divide(tree, middle, first, last, widest(tree, first, last));
  grow(tree, first, middle - 1);
  unchecked((tree.right[node] = grow(tree, middle, last)));
  return node;
}

/** Measures a leaf by its points. */
function measure(tree: Tree, node: i32): void {
  const width = tree.width;
  const first = unchecked(tree.first[node]);
  const last = unchecked(tree.last[node]);
  const points = tree.points.dataStart;
  for (let a = 0; a < width; a += 2) {
    let low = f64x2.splat(Infinity);
    let high = f64x2.splat(-Infinity);
    let sum = f64x2.splat(0);
    for (let i = first; i <= last; i++) {
      const pair = pairFrom(points, tree.points.length, i * width + a);
      low = f64x2.min(low, pair);
      high = f64x2.max(high, pair);
      sum = f64x2.add(sum, f64x2.mul(pair, f64x2.splat(weightOf(tree, i))));
    }
    setPair(tree.low, node * width + a, low);
    setPair(tree.high, node * width + a, high);
    setPair(tree.sums, node * width + a, sum);
  }
  let mass = 0.0;
  let count = 0;
  for (let i = first; i <= last; i++) {
    mass += weightOf(tree, i);
    count += i32(weightOf(tree, i) > 0.0);
  }
  unchecked((tree.mass[node] = mass));
  unchecked((tree.count[node] = count));
}

/** Measures a node by its children. */
function join(tree: Tree, node: i32, left: i32, right: i32): void {
  const width = tree.width;
  for (let a = 0; a < width; a++) {
    const box = node * width + a;
    const one = left * width + a;
    const other = right * width + a;
    unchecked((tree.low[box] = min(tree.low[one], tree.low[other])));
    unchecked((tree.high[box] = max(tree.high[one], tree.high[other])));
    unchecked((tree.sums[box] = tree.sums[one] + tree.sums[other]));
  }
  unchecked((tree.mass[node] = tree.mass[left] + tree.mass[right]));
  unchecked((tree.count[node] = tree.count[left] + tree.count[right]));
}

/** The axis along which points first .. last spread most, by a sample of them. */
function widest(tree: Tree, first: i32, last: i32): i32 {
  const width = tree.width;
  const stride = max(1, (last - first) / SAMPLE);
  let axis = 0;
  let most = -1.0;
  for (let a = 0; a < width; a++) {
    let low = Infinity;
    let high = -Infinity;
    for (let i = first; i <= last; i += stride) {
      const value = unchecked(tree.points[i * width + a]);
      low = min(low, value);
      high = max(high, value);
    }
    if (high - low > most) {
      most = high - low;
      axis = a;
    }
  }
  return axis;
}

/** Puts the point of rank `rank` on an axis at its place among first .. last: quickselect (Hoare 1961). */
function divide(tree: Tree, rank: i32, first: i32, last: i32, axis: i32): void {
  const points = tree.points;
  const width = tree.width;
  while (last > first) {
    const pivot = near(tree, rank, first, last, axis);
    let i = first;
    let j = last;
    while (i <= j) {
      while (unchecked(points[i * width + axis]) < pivot) i++;
      while (unchecked(points[j * width + axis]) > pivot) j--;
      if (i <= j) exchange(tree, i++, j--);
    }
    if (rank <= j) last = j;
    else if (rank >= i) first = i;
    else return;
  }
}

/** A value near the one of rank `rank` on an axis among points first .. last, of one of them. */
function near(tree: Tree, rank: i32, first: i32, last: i32, axis: i32): f64 {
  const points = tree.points;
  const width = tree.width;
  if (last - first < MANY) {
    const a = unchecked(points[first * width + axis]);
    const b = unchecked(points[((first + last) >> 1) * width + axis]);
    const c = unchecked(points[last * width + axis]);
    return max(min(a, b), min(max(a, b), c));
  }
  const sample = tree.sample;
  const stride = (last - first) / SAMPLE;
  for (let q = 0; q < SAMPLE; q++) unchecked((sample[q] = points[(first + q * stride) * width + axis]));
  sortRange(sample, 0, SAMPLE - 1);
  return unchecked(sample[<i32>((<i64>(rank - first) * SAMPLE) / (last - first + 1))]);
}

// @ts-ignore: decorator
@inline
function exchange(tree: Tree, i: i32, j: i32): void {
  const width = tree.width;
  const points = tree.points;
  for (let a = 0; a < width; a += 2) {
    const pair = pairAt(points, i * width + a);
    setPair(points, i * width + a, pairAt(points, j * width + a));
    setPair(points, j * width + a, pair);
  }
  const index = unchecked(tree.indices[i]);
  unchecked((tree.indices[i] = tree.indices[j]));
  unchecked((tree.indices[j] = index));
}
