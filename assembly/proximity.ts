/**
 * Gabriel graphs and relative neighborhood graphs, by their definition: pairs of points with no other too near to both. Around
 * a point, each other rules out what lies beyond it, a half-plane; what of a k-d tree lies in one of these is not looked at.
 * The edges of a Delaunay triangulation would not do: of points on one circle it has some pairs only.
 *
 * Coordinates are taken as rounded. A point that lies on the border of what is too near, but for the rounding of coordinates, is
 * not too near, so that a lattice of steps of 0.1 has the pairs of one of whole steps.
 */
import { boxAt, boxes, measureBoxes } from "./shared/boxes";
import { Plane } from "./shared/space";
import { sortRange } from "./shared/sort";
import { coordinate, indices, LEAF, plant } from "./shared/tree";
export * from "./shared/host";

/** Points that rule out half-planes for the point at hand at most: more would take longer than they save. */
const MAX_BLOCKERS = 64;

/** Half of the square root of 3: the lune of an edge of length 1 lies within this of its middle. */
const LUNE = 0.8660254037844387;

/** Pairs found, two indices each, as many as `found`. */
let pairs = new StaticArray<i32>(0);
let found = 0;
/** What must be empty: the lune of an edge, or the circle that has it as a diameter. */
let lunes = false;
/** The point at hand, by its position in the tree. */
let focal = 0;
let px = 0.0;
let py = 0.0;
/** Its blockers, relative to it. */
let blockers = new StaticArray<f64>(0);
let blocking = 0;
/** The edge at hand: its other end, its squared length less what rounding makes of it, and the circle around its middle. */
let other = 0;
let qx = 0.0;
let qy = 0.0;
let limit = 0.0;
let cx = 0.0;
let cy = 0.0;
let reach = 0.0;

/**
 * How much rounding of coordinates up to `size` moves the squared distances of an edge that spans `span`: the differences are
 * off by 2^-52 size, and the products of two of them, four times, by that times the span; and twice that for arithmetic.
 */
// @ts-ignore: decorator
@inline
function slack(size: f64, span: f64): f64 {
  return 16.0 * f64.EPSILON * size * span;
}

/** Whether every point of a box lies beyond a blocker, by more than rounding. */
function isBlocked(box: i32): bool {
  const lowX = unchecked(boxes[box]) - px;
  const lowY = unchecked(boxes[box + 1]) - py;
  const highX = unchecked(boxes[box + 2]) - px;
  const highY = unchecked(boxes[box + 3]) - py;
  const span = max(Math.abs(lowX), Math.abs(highX)) + max(Math.abs(lowY), Math.abs(highY));
  const margin = slack(max(Math.abs(px), Math.abs(py)) + span, span);
  for (let b = 0; b < blocking; b++) {
    const x = unchecked(blockers[2 * b]);
    const y = unchecked(blockers[2 * b + 1]);
    if (x * ((x > 0.0 ? lowX : highX) - x) + y * ((y > 0.0 ? lowY : highY) - y) > margin) return true;
  }
  return false;
}

/** The squared gap between the point at hand and a box. */
// @ts-ignore: decorator
@inline
function gapTo(box: i32): f64 {
  const x = max(0.0, max(unchecked(boxes[box]) - px, px - unchecked(boxes[box + 2])));
  const y = max(0.0, max(unchecked(boxes[box + 1]) - py, py - unchecked(boxes[box + 3])));
  return x * x + y * y;
}

/** Looks for partners of the point at hand among points first .. last of a subtree, the nearer half first. */
function visit(first: i32, last: i32): void {
  const middle = (first + last + 1) >> 1;
  if (isBlocked(boxAt(middle))) return;
  if (last - first < LEAF) {
    for (let i = first; i <= last; i++) if (i != focal) meet(i);
    return;
  }
  if (gapTo(boxAt((first + middle) >> 1)) <= gapTo(boxAt((middle + last + 1) >> 1))) {
    visit(first, middle - 1);
    visit(middle, last);
  } else {
    visit(middle, last);
    visit(first, middle - 1);
  }
}

/** Takes a point for a blocker unless it is blocked itself, and for a partner if no other is too near. */
function meet(i: i32): void {
  qx = coordinate<Plane>(i, 0);
  qy = coordinate<Plane>(i, 1);
  const x = qx - px;
  const y = qy - py;
  const span = Math.abs(x) + Math.abs(y);
  const margin = slack(max(max(Math.abs(px), Math.abs(py)), max(Math.abs(qx), Math.abs(qy))), span);
  for (let b = 0; b < blocking; b++) {
    const u = unchecked(blockers[2 * b]);
    const v = unchecked(blockers[2 * b + 1]);
    if (u * (x - u) + v * (y - v) > margin) return;
  }
  if (blocking < MAX_BLOCKERS) {
    unchecked((blockers[2 * blocking] = x));
    unchecked((blockers[2 * blocking + 1] = y));
    blocking++;
  }
  // each pair once
  if (i < focal) return;
  other = i;
  const edge = x * x + y * y;
  limit = edge - margin;
  cx = 0.5 * (px + qx);
  cy = 0.5 * (py + qy);
  // a little more than needed, since the middle is rounded
  reach = edge * (lunes ? LUNE * LUNE : 0.25) * (1.0 + 1e-9) + margin;
  if (!isOccupied(0, indices.length - 1)) keep(unchecked(indices[focal]), unchecked(indices[i]));
}

/** Whether a point among first .. last of a subtree is too near the edge. */
function isOccupied(first: i32, last: i32): bool {
  const middle = (first + last + 1) >> 1;
  const box = boxAt(middle);
  const x = max(0.0, max(unchecked(boxes[box]) - cx, cx - unchecked(boxes[box + 2])));
  const y = max(0.0, max(unchecked(boxes[box + 1]) - cy, cy - unchecked(boxes[box + 3])));
  if (x * x + y * y > reach) return false;
  if (last - first >= LEAF) return isOccupied(first, middle - 1) || isOccupied(middle, last);
  for (let i = first; i <= last; i++) if (isTooNear(i)) return true;
  return false;
}

// @ts-ignore: decorator
@inline
function isTooNear(i: i32): bool {
  const x = coordinate<Plane>(i, 0);
  const y = coordinate<Plane>(i, 1);
  const p = (x - px) * (x - px) + (y - py) * (y - py);
  const q = (x - qx) * (x - qx) + (y - qy) * (y - qy);
  return (lunes ? p < limit && q < limit : p + q < limit) && i != focal && i != other;
}

function keep(i: i32, j: i32): void {
  if (2 * found == pairs.length) {
    const more = new StaticArray<i32>(2 * pairs.length);
    memory.copy(changetype<usize>(more), changetype<usize>(pairs), <usize>pairs.length << 2);
    pairs = more;
  }
  unchecked((pairs[2 * found] = i));
  unchecked((pairs[2 * found + 1] = j));
  found++;
}

/**
 * Finds the pairs with no other point strictly inside the circle that has the two as a diameter (lune 0), or strictly nearer to
 * both than they are to each other (lune 1). Writes how many each point has, at offsets[i + 1]. Points finite and distinct.
 */
export function find(xs: Float64Array, ys: Float64Array, lune: bool, offsets: Int32Array): void {
  const n = xs.length;
  plant<Plane>(xs, ys, ys);
  measureBoxes();
  lunes = lune;
  // points in general position have fewer than 3 n pairs
  pairs = new StaticArray<i32>(6 * n);
  found = 0;
  blockers = new StaticArray<f64>(2 * MAX_BLOCKERS);
  for (focal = 0; focal < n; focal++) {
    px = coordinate<Plane>(focal, 0);
    py = coordinate<Plane>(focal, 1);
    blocking = 0;
    visit(0, n - 1);
  }
  for (let at = 0; at < 2 * found; at++) {
    const end = unchecked(pairs[at]) + 1;
    unchecked((offsets[end] = offsets[end] + 1));
  }
}

/** Writes the neighbors of every point, ascending, to its row. */
export function fill(offsets: Int32Array, neighbors: Int32Array): void {
  const n = offsets.length - 1;
  const places = new StaticArray<i32>(n);
  for (let i = 0; i < n; i++) unchecked((places[i] = offsets[i]));
  for (let at = 0; at < 2 * found; at++) {
    const i = unchecked(pairs[at]);
    const place = unchecked(places[i]);
    unchecked((neighbors[place] = pairs[at ^ 1]));
    unchecked((places[i] = place + 1));
  }
  for (let i = 0; i < n; i++) sortRange(neighbors, unchecked(offsets[i]), unchecked(offsets[i + 1]) - 1);
}
