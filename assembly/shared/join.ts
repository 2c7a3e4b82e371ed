/**
 * Sets of points in the plane that hang together: points at most a distance apart are joined, and with them whatever either
 * is joined to. Which points are joined depends on no order. Found in a k-d tree, so that coordinates need no rounding to
 * cells; sets by union-find with path halving, Tarjan and van Leeuwen (1984), doi:10.1145/62.2160.
 */
import { boxAt, boxes, measureBoxes } from "./boxes";
import { Plane } from "./space";
import { coordinate, indices, LEAF, plant } from "./tree";

/** By position in the tree: another of the same set, or itself at its root. */
let parents = new StaticArray<i32>(0);
/** The square of the distance. */
let square = 0.0;

function find(i: i32): i32 {
  while (unchecked(parents[i]) != i) {
    unchecked((parents[i] = parents[parents[i]]));
    i = unchecked(parents[i]);
  }
  return i;
}

// @ts-ignore: decorator
@inline
function unite(i: i32, j: i32): void {
  const a = find(i);
  const b = find(j);
  unchecked((parents[max(a, b)] = min(a, b)));
}

/** Whether all points of a box are near each other. Rounding is monotone, so their computed distances are not above its own. */
// @ts-ignore: decorator
@inline
function isDense(box: i32): bool {
  const width = unchecked(boxes[box + 2]) - unchecked(boxes[box]);
  const height = unchecked(boxes[box + 3]) - unchecked(boxes[box + 1]);
  return width * width + height * height <= square;
}

/** Joins the points of dense subtrees, so that heaps of points are not compared one by one. */
function joinDense(first: i32, last: i32): void {
  const middle = (first + last + 1) >> 1;
  if (isDense(boxAt(middle))) {
    for (let i = first; i <= last; i++) unchecked((parents[i] = first));
  } else if (last - first >= LEAF) {
    joinDense(first, middle - 1);
    joinDense(middle, last);
  }
}

/** Joins point i at (x, y) with what is near among points first .. last of a subtree that come after it. */
function visit(i: i32, x: f64, y: f64, first: i32, last: i32): void {
  if (last <= i) return;
  const middle = (first + last + 1) >> 1;
  const box = boxAt(middle);
  const gapX = max(0.0, max(unchecked(boxes[box]) - x, x - unchecked(boxes[box + 2])));
  const gapY = max(0.0, max(unchecked(boxes[box + 1]) - y, y - unchecked(boxes[box + 3])));
  if (gapX * gapX + gapY * gapY > square) return;
  const joined = isDense(box);
  if (joined && find(first) == find(i)) return;
  if (last - first >= LEAF) {
    visit(i, x, y, first, middle - 1);
    visit(i, x, y, middle, last);
    return;
  }
  for (let j = max(first, i + 1); j <= last; j++) {
    const dx = coordinate<Plane>(j, 0) - x;
    const dy = coordinate<Plane>(j, 1) - y;
    if (dx * dx + dy * dy > square) continue;
    unite(i, j);
    if (joined) return;
  }
}

/** The set of each point, as the index of one of its points. Coordinates finite. */
export function joinWithin(xs: Float64Array, ys: Float64Array, distance: f64): StaticArray<i32> {
  const n = xs.length;
  plant<Plane>(xs, ys, ys);
  square = distance * distance;
  parents = new StaticArray<i32>(n);
  for (let i = 0; i < n; i++) unchecked((parents[i] = i));
  measureBoxes();
  if (n > 0) joinDense(0, n - 1);
  for (let i = 0; i < n; i++) visit(i, coordinate<Plane>(i, 0), coordinate<Plane>(i, 1), 0, n - 1);
  const sets = new StaticArray<i32>(n);
  for (let i = 0; i < n; i++) unchecked((sets[indices[i]] = indices[find(i)]));
  return sets;
}
