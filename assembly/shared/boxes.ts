/** The boxes of the subtrees of a k-d tree: what they span, which their cells exceed. */
import { dimensions } from "./space";
import { coordinate, LEAF, Tree } from "./tree";

/** Where the box of a subtree begins. The middles of any two lie at least four apart, as leaves have eight points. */
// @ts-ignore: decorator
@inline
export function boxAt<D>(middle: i32): i32 {
  return (middle >> 2) * 2 * dimensions<D>();
}

/** How many numbers the boxes of a tree of n points take. */
// @ts-ignore: decorator
@inline
export function boxesLength<D>(n: i32): i32 {
  return boxAt<D>(n) + 2 * dimensions<D>();
}

/** Measures the boxes of the subtree of points first .. last. */
export function measureBoxes<D>(points: StaticArray<f64>, boxes: StaticArray<f64>, first: i32, last: i32): void {
  const middle = (first + last + 1) >> 1;
  const box = boxAt<D>(middle);
  if (last - first < LEAF) {
    for (let axis = 0; axis < dimensions<D>(); axis++) {
      let low = Infinity;
      let high = -Infinity;
      for (let i = first; i <= last; i++) {
        low = min(low, coordinate<D>(points, i, axis));
        high = max(high, coordinate<D>(points, i, axis));
      }
      unchecked((boxes[box + axis] = low));
      unchecked((boxes[box + dimensions<D>() + axis] = high));
    }
    return;
  }
  measureBoxes<D>(points, boxes, first, middle - 1);
  measureBoxes<D>(points, boxes, middle, last);
  const left = boxAt<D>((first + middle) >> 1);
  const right = boxAt<D>((middle + last + 1) >> 1);
  for (let axis = 0; axis < dimensions<D>(); axis++) {
    const low = min(unchecked(boxes[left + axis]), unchecked(boxes[right + axis]));
    const end = dimensions<D>() + axis;
    const high = max(unchecked(boxes[left + end]), unchecked(boxes[right + end]));
    unchecked((boxes[box + axis] = low));
    unchecked((boxes[box + end] = high));
  }
}

/** The boxes of a tree, by subtree: lowest by axis, then highest by axis. */
export function boxesOf<D>(tree: Tree): StaticArray<f64> {
  const n = tree.indices.length;
  const boxes = new StaticArray<f64>(boxesLength<D>(n));
  if (n > 0) measureBoxes<D>(tree.coordinates, boxes, 0, n - 1);
  return boxes;
}

/** The square of the gap between a point and the box of a subtree. Rounding is monotone: no point there is nearer. */
// @ts-ignore: decorator
@inline
export function squareToBox<D>(points: StaticArray<f64>, boxes: StaticArray<f64>, i: i32, middle: i32): f64 {
  const box = boxAt<D>(middle);
  let square = 0.0;
  for (let axis = 0; axis < dimensions<D>(); axis++) {
    const value = coordinate<D>(points, i, axis);
    const before = unchecked(boxes[box + axis]) - value;
    const beyond = value - unchecked(boxes[box + dimensions<D>() + axis]);
    const gap = max(0.0, max(before, beyond));
    square += gap * gap;
  }
  return square;
}

/** The square of the distance from a point to the farthest corner of the box of a subtree: no point there is farther. */
// @ts-ignore: decorator
@inline
export function squareAcross<D>(points: StaticArray<f64>, boxes: StaticArray<f64>, i: i32, middle: i32): f64 {
  const box = boxAt<D>(middle);
  let square = 0.0;
  for (let axis = 0; axis < dimensions<D>(); axis++) {
    const value = coordinate<D>(points, i, axis);
    const low = value - unchecked(boxes[box + axis]);
    const high = unchecked(boxes[box + dimensions<D>() + axis]) - value;
    const span = max(low, high);
    square += span * span;
  }
  return square;
}
