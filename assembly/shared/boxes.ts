/** The boxes of the subtrees of a k-d tree in the plane: what they span, which their cells exceed. */
import { Plane } from "./space";
import { coordinate, LEAF, Tree } from "./tree";

/**
 * Where the box of a subtree begins. The middles of any two lie at least four apart, as leaves have eight points or
 * more.
 */
// @ts-ignore: decorator
@inline
export function boxAt(middle: i32): i32 {
  return middle & ~3;
}

/** Measures the boxes of the subtree of points first .. last. */
function measure(points: StaticArray<f64>, boxes: StaticArray<f64>, first: i32, last: i32): void {
  const middle = (first + last + 1) >> 1;
  const box = boxAt(middle);
  let lowX = Infinity;
  let lowY = Infinity;
  let highX = -Infinity;
  let highY = -Infinity;
  if (last - first < LEAF) {
    for (let i = first; i <= last; i++) {
      lowX = min(lowX, coordinate<Plane>(points, i, 0));
      lowY = min(lowY, coordinate<Plane>(points, i, 1));
      highX = max(highX, coordinate<Plane>(points, i, 0));
      highY = max(highY, coordinate<Plane>(points, i, 1));
    }
  } else {
    measure(points, boxes, first, middle - 1);
    measure(points, boxes, middle, last);
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

/** The boxes of a tree, by subtree: lowest x, lowest y, highest x, highest y. */
export function boxesOf(tree: Tree): StaticArray<f64> {
  const n = tree.indices.length;
  const boxes = new StaticArray<f64>(n + 4);
  if (n > 0) measure(tree.coordinates, boxes, 0, n - 1);
  return boxes;
}
