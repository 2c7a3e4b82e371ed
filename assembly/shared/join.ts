/**
 * Sets of points in the plane that hang together: points at most a distance apart are joined, and with them whatever
 * either is joined to. Which points are joined depends on no order. Found in a k-d tree, so that coordinates need no
 * rounding to cells.
 */
import { boxAt, boxesOf } from "./boxes";
import { find, singles, unite } from "./sets";
import { Plane } from "./space";
import { coordinate, LEAF, plantPlane, Tree } from "./tree";

@final
class Sets {
  /** By position in the tree: another of the same set, or itself at its root. */
  parents: StaticArray<i32>;
  boxes: StaticArray<f64>;

  constructor(
    public tree: Tree,
    /** The square of the distance. */
    public square: f64,
  ) {
    const n = tree.indices.length;
    this.boxes = boxesOf<Plane>(tree);
    this.parents = singles(n);
  }
}

/**
 * Whether all points of a box are near each other. Rounding is monotone, so their computed distances are not above its
 * own.
 */
// @ts-ignore: decorator
@inline
function isDense(s: Sets, box: i32): bool {
  const boxes = s.boxes;
  const width = unchecked(boxes[box + 2]) - unchecked(boxes[box]);
  const height = unchecked(boxes[box + 3]) - unchecked(boxes[box + 1]);
  return width * width + height * height <= s.square;
}

/** Joins the points of dense subtrees, so that heaps of points are not compared one by one. */
function joinDense(s: Sets, first: i32, last: i32): void {
  const middle = (first + last + 1) >> 1;
  if (isDense(s, boxAt<Plane>(middle))) {
    for (let i = first; i <= last; i++) unchecked((s.parents[i] = first));
  } else if (last - first >= LEAF) {
    joinDense(s, first, middle - 1);
    joinDense(s, middle, last);
  }
}

/** Joins point i at (x, y) with what is near among points first .. last of a subtree that come after it. */
function visit(s: Sets, i: i32, x: f64, y: f64, first: i32, last: i32): void {
  if (last <= i) return;
  const boxes = s.boxes;
  const middle = (first + last + 1) >> 1;
  const box = boxAt<Plane>(middle);
  const gapX = max(0.0, max(unchecked(boxes[box]) - x, x - unchecked(boxes[box + 2])));
  const gapY = max(0.0, max(unchecked(boxes[box + 1]) - y, y - unchecked(boxes[box + 3])));
  if (gapX * gapX + gapY * gapY > s.square) return;
  const joined = isDense(s, box);
  if (joined && find(s.parents, first) == find(s.parents, i)) return;
  if (last - first >= LEAF) {
    visit(s, i, x, y, first, middle - 1);
    visit(s, i, x, y, middle, last);
    return;
  }
  const points = s.tree.coordinates;
  for (let j = max(first, i + 1); j <= last; j++) {
    const dx = coordinate<Plane>(points, j, 0) - x;
    const dy = coordinate<Plane>(points, j, 1) - y;
    if (dx * dx + dy * dy > s.square) continue;
    unite(s.parents, i, j);
    if (joined) return;
  }
}

/** The set of each point, as the index of one of its points. Coordinates finite. */
export function joinWithin(xs: Float64Array, ys: Float64Array, distance: f64): StaticArray<i32> {
  const n = xs.length;
  const s = new Sets(plantPlane(xs, ys), distance * distance);
  const points = s.tree.coordinates;
  const indices = s.tree.indices;
  if (n > 0) joinDense(s, 0, n - 1);
  for (let i = 0; i < n; i++) visit(s, i, coordinate<Plane>(points, i, 0), coordinate<Plane>(points, i, 1), 0, n - 1);
  const sets = new StaticArray<i32>(n);
  for (let i = 0; i < n; i++) unchecked((sets[indices[i]] = indices[find(s.parents, i)]));
  return sets;
}
