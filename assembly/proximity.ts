/**
 * Gabriel graphs and relative neighborhood graphs, by their definition: pairs of points with no other too near to both.
 * Around a point, each other rules out what lies beyond it, a half-plane; what of a k-d tree lies in one of these is
 * not looked at. The edges of a Delaunay triangulation would not do: of points on one circle it has some pairs only.
 *
 * Coordinates are taken as rounded. A point that lies on the border of what is too near, but for the rounding of
 * coordinates, is not too near, so that a lattice of steps of 0.1 has the pairs of one of whole steps.
 */
import { boxAt, boxesOf } from "./shared/boxes";
import { Plane } from "./shared/space";
import { sortRange } from "./shared/sort";
import { coordinate, LEAF, plantPlane, Tree } from "./shared/tree";
export * from "./shared/host";

/** Points that rule out half-planes for the point at hand at most: more would take longer than they save. */
const MAX_BLOCKERS = 64;

/** Half of the square root of 3: the lune of an edge of length 1 lies within this of its middle. */
const LUNE = 0.8660254037844387;

@final
class Graph {
  boxes: StaticArray<f64>;
  /** Pairs found, two indices each, as many as `found`. */
  pairs: StaticArray<i32>;
  found: i32 = 0;
  /** The point at hand, by its position in the tree. */
  focal: i32 = 0;
  px: f64 = 0.0;
  py: f64 = 0.0;
  /** Its blockers, relative to it. */
  blockers: StaticArray<f64> = new StaticArray<f64>(2 * MAX_BLOCKERS);
  blocking: i32 = 0;
  /** The edge at hand: its other end, its squared length less its rounding, and the circle around its middle. */
  other: i32 = 0;
  qx: f64 = 0.0;
  qy: f64 = 0.0;
  limit: f64 = 0.0;
  cx: f64 = 0.0;
  cy: f64 = 0.0;
  reach: f64 = 0.0;

  constructor(
    public tree: Tree,
    /** What must be empty: the lune of an edge, or the circle that has it as a diameter. */
    public lunes: bool,
  ) {
    this.boxes = boxesOf<Plane>(tree);
    // points in general position have fewer than 3 n pairs
    this.pairs = new StaticArray<i32>(6 * tree.indices.length);
  }
}

/**
 * How much rounding of coordinates up to `size` moves the squared distances of an edge that spans `span`: the
 * differences are off by 2^-52 size, and the products of two of them, four times, by that times the span; and twice
 * that for arithmetic.
 */
// @ts-ignore: decorator
@inline
function slack(size: f64, span: f64): f64 {
  return 16.0 * f64.EPSILON * size * span;
}

/** Whether every point of a box lies beyond a blocker, by more than rounding. */
function isBlocked(g: Graph, box: i32): bool {
  const boxes = g.boxes;
  const lowX = unchecked(boxes[box]) - g.px;
  const lowY = unchecked(boxes[box + 1]) - g.py;
  const highX = unchecked(boxes[box + 2]) - g.px;
  const highY = unchecked(boxes[box + 3]) - g.py;
  const span = max(Math.abs(lowX), Math.abs(highX)) + max(Math.abs(lowY), Math.abs(highY));
  const margin = slack(max(Math.abs(g.px), Math.abs(g.py)) + span, span);
  const blockers = g.blockers;
  for (let b = 0; b < g.blocking; b++) {
    const x = unchecked(blockers[2 * b]);
    const y = unchecked(blockers[2 * b + 1]);
    if (x * ((x > 0.0 ? lowX : highX) - x) + y * ((y > 0.0 ? lowY : highY) - y) > margin) return true;
  }
  return false;
}

/** The squared gap between the point at hand and a box. */
// @ts-ignore: decorator
@inline
function gapTo(g: Graph, box: i32): f64 {
  const x = max(0.0, max(unchecked(g.boxes[box]) - g.px, g.px - unchecked(g.boxes[box + 2])));
  const y = max(0.0, max(unchecked(g.boxes[box + 1]) - g.py, g.py - unchecked(g.boxes[box + 3])));
  return x * x + y * y;
}

/** Looks for partners of the point at hand among points first .. last of a subtree, the nearer half first. */
function visit(g: Graph, first: i32, last: i32): void {
  const middle = (first + last + 1) >> 1;
  if (isBlocked(g, boxAt<Plane>(middle))) return;
  if (last - first < LEAF) {
    for (let i = first; i <= last; i++) if (i != g.focal) meet(g, i);
    return;
  }
  if (gapTo(g, boxAt<Plane>((first + middle) >> 1)) <= gapTo(g, boxAt<Plane>((middle + last + 1) >> 1))) {
    visit(g, first, middle - 1);
    visit(g, middle, last);
  } else {
    visit(g, middle, last);
    visit(g, first, middle - 1);
  }
}

/** Takes a point for a blocker unless it is blocked itself, and for a partner if no other is too near. */
function meet(g: Graph, i: i32): void {
  g.qx = coordinate<Plane>(g.tree.coordinates, i, 0);
  g.qy = coordinate<Plane>(g.tree.coordinates, i, 1);
  const x = g.qx - g.px;
  const y = g.qy - g.py;
  const span = Math.abs(x) + Math.abs(y);
  const margin = slack(max(max(Math.abs(g.px), Math.abs(g.py)), max(Math.abs(g.qx), Math.abs(g.qy))), span);
  const blockers = g.blockers;
  const blocking = g.blocking;
  for (let b = 0; b < blocking; b++) {
    const u = unchecked(blockers[2 * b]);
    const v = unchecked(blockers[2 * b + 1]);
    if (u * (x - u) + v * (y - v) > margin) return;
  }
  if (blocking < MAX_BLOCKERS) {
    unchecked((blockers[2 * blocking] = x));
    unchecked((blockers[2 * blocking + 1] = y));
    g.blocking = blocking + 1;
  }
  // each pair once
  if (i < g.focal) return;
  g.other = i;
  const edge = x * x + y * y;
  g.limit = edge - margin;
  g.cx = 0.5 * (g.px + g.qx);
  g.cy = 0.5 * (g.py + g.qy);
  // a little more than needed, since the middle is rounded
  g.reach = edge * (g.lunes ? LUNE * LUNE : 0.25) * (1.0 + 1e-9) + margin;
  const indices = g.tree.indices;
  if (!isOccupied(g, 0, indices.length - 1)) keep(g, unchecked(indices[g.focal]), unchecked(indices[i]));
}

/** Whether a point among first .. last of a subtree is too near the edge. */
function isOccupied(g: Graph, first: i32, last: i32): bool {
  const boxes = g.boxes;
  const middle = (first + last + 1) >> 1;
  const box = boxAt<Plane>(middle);
  const x = max(0.0, max(unchecked(boxes[box]) - g.cx, g.cx - unchecked(boxes[box + 2])));
  const y = max(0.0, max(unchecked(boxes[box + 1]) - g.cy, g.cy - unchecked(boxes[box + 3])));
  if (x * x + y * y > g.reach) return false;
  if (last - first >= LEAF) return isOccupied(g, first, middle - 1) || isOccupied(g, middle, last);
  for (let i = first; i <= last; i++) if (isTooNear(g, i)) return true;
  return false;
}

// @ts-ignore: decorator
@inline
function isTooNear(g: Graph, i: i32): bool {
  const x = coordinate<Plane>(g.tree.coordinates, i, 0);
  const y = coordinate<Plane>(g.tree.coordinates, i, 1);
  const p = (x - g.px) * (x - g.px) + (y - g.py) * (y - g.py);
  const q = (x - g.qx) * (x - g.qx) + (y - g.qy) * (y - g.qy);
  return (g.lunes ? p < g.limit && q < g.limit : p + q < g.limit) && i != g.focal && i != g.other;
}

function keep(g: Graph, i: i32, j: i32): void {
  if (2 * g.found == g.pairs.length) {
    const more = new StaticArray<i32>(2 * g.pairs.length);
    memory.copy(changetype<usize>(more), changetype<usize>(g.pairs), <usize>g.pairs.length << 2);
    g.pairs = more;
  }
  unchecked((g.pairs[2 * g.found] = i));
  unchecked((g.pairs[2 * g.found + 1] = j));
  g.found++;
}

/**
 * Finds the pairs with no other point strictly inside the circle that has the two as a diameter (lune false), or
 * strictly nearer to both than they are to each other (lune true). Writes how many each point has, at offsets[i + 1].
 * Points finite and distinct.
 */
export function createGraph(xs: Float64Array, ys: Float64Array, lune: bool, offsets: Int32Array): Graph {
  const n = xs.length;
  const g = new Graph(plantPlane(xs, ys), lune);
  for (let focal = 0; focal < n; focal++) {
    g.focal = focal;
    g.px = coordinate<Plane>(g.tree.coordinates, focal, 0);
    g.py = coordinate<Plane>(g.tree.coordinates, focal, 1);
    g.blocking = 0;
    visit(g, 0, n - 1);
  }
  for (let at = 0; at < 2 * g.found; at++) {
    const end = unchecked(g.pairs[at]) + 1;
    unchecked((offsets[end] = offsets[end] + 1));
  }
  return g;
}

/** Writes the neighbors of every point, ascending, to its row. */
export function writeNeighbors(plan: Graph, offsets: Int32Array, neighbors: Int32Array): void {
  const n = offsets.length - 1;
  const pairs = plan.pairs;
  const places = new StaticArray<i32>(n);
  for (let i = 0; i < n; i++) unchecked((places[i] = offsets[i]));
  for (let at = 0; at < 2 * plan.found; at++) {
    const i = unchecked(pairs[at]);
    const place = unchecked(places[i]);
    unchecked((neighbors[place] = pairs[at ^ 1]));
    unchecked((places[i] = place + 1));
  }
  for (let i = 0; i < n; i++) sortRange(neighbors, unchecked(offsets[i]), unchecked(offsets[i + 1]) - 1);
}
