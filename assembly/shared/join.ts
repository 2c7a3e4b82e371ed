/**
 * Sets of points in the plane that hang together: points at most a distance apart are joined, and with them whatever either
 * is joined to. Which points are joined depends on no order. Found in a k-d tree, so that coordinates need no rounding to
 * cells; sets by union-find with path halving, Tarjan and van Leeuwen (1984), doi:10.1145/62.2160.
 */
import { Plane } from "./space";
import { coordinate, indices, LEAF, plant } from "./tree";

/** By position in the tree: another of the same set, or itself at its root. */
let parents = new StaticArray<i32>(0);
/** The box of each subtree: lowest x, lowest y, highest x, highest y. */
let boxes = new StaticArray<f64>(0);
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

/** Where the box of a subtree begins. The middles of any two lie at least four apart, as leaves have eight points or more. */
// @ts-ignore: decorator
@inline
function boxAt(middle: i32): i32 {
  return middle & ~3;
}

/** Whether all points of a box are near each other. Rounding is monotone, so their computed distances are not above its own. */
// @ts-ignore: decorator
@inline
function isDense(box: i32): bool {
  const width = unchecked(boxes[box + 2]) - unchecked(boxes[box]);
  const height = unchecked(boxes[box + 3]) - unchecked(boxes[box + 1]);
  return width * width + height * height <= square;
}

/** Measures the boxes of the subtree of points first .. last. */
function measure(first: i32, last: i32): void {
  const middle = (first + last + 1) >> 1;
  const box = boxAt(middle);
  let lowX = Infinity;
  let lowY = Infinity;
  let highX = -Infinity;
  let highY = -Infinity;
  if (last - first < LEAF) {
    for (let i = first; i <= last; i++) {
      lowX = min(lowX, coordinate<Plane>(i, 0));
      lowY = min(lowY, coordinate<Plane>(i, 1));
      highX = max(highX, coordinate<Plane>(i, 0));
      highY = max(highY, coordinate<Plane>(i, 1));
    }
  } else {
    measure(first, middle - 1);
    measure(middle, last);
    const left = boxAt((first + middle) >> 1);
    const right = boxAt((middle + last + 1) >> 1);
    lowX = min(unchecked(boxes[left]), unchecked(boxes[right]));
    lowY = min(unchecked(boxes[left + 1]), unchecked(boxes[right + 1]));
    highX = max(unchecked(boxes[left + 2]), unchecked(boxes[right + 2]));
    highY = max(unchecked(boxes[left + 3]), unchecked(boxes[right + 3]));
  }
  unchecked((boxes[box] = lowX));
  unchecked((boxes[box + 1] = lowY));
  unchecked((boxes[box + 2] = highX));
  unchecked((boxes[box + 3] = highY));
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
  boxes = new StaticArray<f64>(n + 4);
  if (n > 0) {
    measure(0, n - 1);
    joinDense(0, n - 1);
  }
  for (let i = 0; i < n; i++) visit(i, coordinate<Plane>(i, 0), coordinate<Plane>(i, 1), 0, n - 1);
  const sets = new StaticArray<i32>(n);
  for (let i = 0; i < n; i++) unchecked((sets[indices[i]] = indices[find(i)]));
  return sets;
}
