/**
 * A minimum spanning tree by mutual reachability: two points are as far apart as the largest of their distance and both
 * core distances. Boruvka's rounds in a k-d tree: each component looks for its shortest edge to another, by the leaves
 * of its points, and leaves out subtrees that are its own or too far. March, Ram and Gray (2010),
 * doi:10.1145/1835804.1835882; bounds from points next to each other in the tree: Prokopenko, Sao and Lebrun-Grandie
 * (2022), doi:10.1145/3545008.3546185.
 *
 * A component takes any of its shortest edges: where several have one length, those that would close a circle are left
 * out as edges are added, and the components at each distance are the same whichever were taken.
 */
import { boxAt, boxesOf } from "../shared/boxes";
import { find, singles } from "../shared/sets";
import { dimensions } from "../shared/space";
import { LEAF, squareBetween, Tree } from "../shared/tree";

@final
export class Spanning {
  boxes: StaticArray<f64>;
  /** By subtree, at its middle: the least square of a core distance, and whether all points are of one component. */
  leastCores: StaticArray<f64>;
  isWhole: StaticArray<u8>;
  /** By position: the root of the component, and links to it. */
  components: StaticArray<i32>;
  parents: StaticArray<i32>;
  /** By root: the shortest edge so far of its component to another. */
  shortest: StaticArray<f64>;
  froms: StaticArray<i32>;
  tos: StaticArray<i32>;
  /** Edges of the tree: positions of both ends, squares of lengths. */
  edges: i32 = 0;
  heads: StaticArray<i32>;
  tails: StaticArray<i32>;
  squares: StaticArray<f64>;

  constructor(
    public tree: Tree,
    /** Squares of core distances, by position. */
    public cores: StaticArray<f64>,
    boxes: StaticArray<f64>,
  ) {
    const n = tree.indices.length;
    this.boxes = boxes;
    this.leastCores = new StaticArray<f64>(n + 1);
    this.isWhole = new StaticArray<u8>(n + 1);
    this.components = singles(n);
    this.parents = singles(n);
    this.shortest = new StaticArray<f64>(n);
    this.froms = new StaticArray<i32>(n);
    this.tos = new StaticArray<i32>(n);
    this.heads = new StaticArray<i32>(n);
    this.tails = new StaticArray<i32>(n);
    this.squares = new StaticArray<f64>(n);
    if (n > 0) measureCores(this, 0, n - 1);
  }
}

export function spanningOf<D>(tree: Tree, cores: StaticArray<f64>): Spanning {
  return new Spanning(tree, cores, boxesOf<D>(tree));
}

/** The least square of a core distance among points first .. last of a subtree, and of those under it. */
function measureCores(s: Spanning, first: i32, last: i32): f64 {
  const middle = (first + last + 1) >> 1;
  let least = Infinity;
  if (last - first < LEAF) for (let i = first; i <= last; i++) least = min(least, unchecked(s.cores[i]));
  else least = min(measureCores(s, first, middle - 1), measureCores(s, middle, last));
  unchecked((s.leastCores[middle] = least));
  return least;
}

/** Finds the subtrees of which all points are of one component: they stay so. */
function findWhole(s: Spanning, first: i32, last: i32): bool {
  const middle = (first + last + 1) >> 1;
  if (unchecked(s.isWhole[middle])) return true;
  const components = s.components;
  let whole = true;
  if (last - first < LEAF) {
    for (let i = first; i < last; i++) if (unchecked(components[i]) != unchecked(components[i + 1])) whole = false;
  } else {
    const left = findWhole(s, first, middle - 1);
    const right = findWhole(s, middle, last);
    whole = left && right && unchecked(components[middle - 1]) == unchecked(components[middle]);
  }
  unchecked((s.isWhole[middle] = u8(whole)));
  return whole;
}

/** The square of the mutual reachability of two points. */
// @ts-ignore: decorator
@inline
function reachability<D>(s: Spanning, i: i32, j: i32): f64 {
  const cores = s.cores;
  return max(squareBetween<D>(s.tree.coordinates, i, j), max(unchecked(cores[i]), unchecked(cores[j])));
}

// @ts-ignore: decorator
@inline
function offer(s: Spanning, component: i32, square: f64, from: i32, to: i32): void {
  unchecked((s.shortest[component] = square));
  unchecked((s.froms[component] = from));
  unchecked((s.tos[component] = to));
}

/** Begins a round with edges between points next to each other in the tree, of which each component has some. */
function begin<D>(s: Spanning): void {
  const n = s.components.length;
  for (let i = 0; i < n; i++) {
    unchecked((s.components[i] = find(s.parents, i)));
    unchecked((s.froms[i] = -1));
  }
  for (let i = 0; i + 1 < n; i++) {
    const a = unchecked(s.components[i]);
    const b = unchecked(s.components[i + 1]);
    if (a == b) continue;
    const square = reachability<D>(s, i, i + 1);
    if (unchecked(s.froms[a]) < 0 || square < unchecked(s.shortest[a])) offer(s, a, square, i, i + 1);
    if (unchecked(s.froms[b]) < 0 || square < unchecked(s.shortest[b])) offer(s, b, square, i + 1, i);
  }
  findWhole(s, 0, n - 1);
}

/** The square within which the points of a leaf look for shorter edges, 0 for nothing. */
function reachOf(s: Spanning, from: i32, to: i32): f64 {
  let reach = 0.0;
  for (let i = from; i <= to; i++) {
    const shortest = unchecked(s.shortest[unchecked(s.components[i])]);
    // no edge of a point is shorter than its core distance
    if (unchecked(s.cores[i]) < shortest) reach = max(reach, shortest);
  }
  return reach;
}

/** The square of the gap between the boxes of two subtrees. */
// @ts-ignore: decorator
@inline
function squareOfGap<D>(boxes: StaticArray<f64>, a: i32, b: i32): f64 {
  let square = 0.0;
  for (let axis = 0; axis < dimensions<D>(); axis++) {
    const end = dimensions<D>() + axis;
    const before = unchecked(boxes[a + axis]) - unchecked(boxes[b + end]);
    const beyond = unchecked(boxes[b + axis]) - unchecked(boxes[a + end]);
    const gap = max(0.0, max(before, beyond));
    square += gap * gap;
  }
  return square;
}

/** Looks for shorter edges from the leaf of points from .. to among points first .. last. Returns the reach after. */
function visit<D>(s: Spanning, from: i32, to: i32, first: i32, last: i32, gap: f64, reach: f64): f64 {
  const middle = (first + last + 1) >> 1;
  if (gap >= reach || unchecked(s.leastCores[middle]) >= reach) return reach;
  const own = (from + to + 1) >> 1;
  if (unchecked(s.isWhole[middle]) && unchecked(s.isWhole[own])) {
    if (unchecked(s.components[first]) == unchecked(s.components[from])) return reach;
  }
  if (last - first < LEAF) {
    compare<D>(s, from, to, first, last);
    return reachOf(s, from, to);
  }
  const box = boxAt<D>(own);
  const left = squareOfGap<D>(s.boxes, box, boxAt<D>((first + middle) >> 1));
  const right = squareOfGap<D>(s.boxes, box, boxAt<D>((middle + last + 1) >> 1));
  // the side of the leaf itself first, where there are no gaps
  if (left < right || (left == right && from < middle)) {
    reach = visit<D>(s, from, to, first, middle - 1, left, reach);
    return visit<D>(s, from, to, middle, last, right, reach);
  }
  reach = visit<D>(s, from, to, middle, last, right, reach);
  return visit<D>(s, from, to, first, middle - 1, left, reach);
}

function compare<D>(s: Spanning, from: i32, to: i32, first: i32, last: i32): void {
  const components = s.components;
  const shortest = s.shortest;
  const cores = s.cores;
  for (let i = from; i <= to; i++) {
    const component = unchecked(components[i]);
    let limit = unchecked(shortest[component]);
    if (unchecked(cores[i]) >= limit) continue;
    for (let j = first; j <= last; j++) {
      const other = unchecked(components[j]);
      if (other == component || unchecked(cores[j]) >= limit) continue;
      const square = reachability<D>(s, i, j);
      if (square >= limit) continue;
      limit = square;
      offer(s, component, square, i, j);
      if (square < unchecked(shortest[other])) offer(s, other, square, j, i);
    }
  }
}

function visitLeaves<D>(s: Spanning, first: i32, last: i32): void {
  const middle = (first + last + 1) >> 1;
  if (last - first < LEAF) {
    const reach = reachOf(s, first, last);
    if (reach > 0.0) visit<D>(s, first, last, 0, s.components.length - 1, 0.0, reach);
    return;
  }
  visitLeaves<D>(s, first, middle - 1);
  visitLeaves<D>(s, middle, last);
}

/** One round: joins each component to another by its shortest edge. Returns how many edges there are. */
export function joinComponents<D>(s: Spanning): i32 {
  const n = s.components.length;
  begin<D>(s);
  visitLeaves<D>(s, 0, n - 1);
  for (let c = 0; c < n; c++) {
    if (unchecked(s.components[c]) != c) continue;
    const a = find(s.parents, unchecked(s.froms[c]));
    const b = find(s.parents, unchecked(s.tos[c]));
    if (a == b) continue;
    unchecked((s.parents[max(a, b)] = min(a, b)));
    const edge = s.edges++;
    unchecked((s.heads[edge] = s.froms[c]));
    unchecked((s.tails[edge] = s.tos[c]));
    unchecked((s.squares[edge] = s.shortest[c]));
  }
  return s.edges;
}
