/** What is near a point among the points of a cell: all in a leaf, or in the tree that a fuller cell is. */
import { squareAcross, squareToBox } from "../shared/boxes";
import { LEAF, squareBetween } from "../shared/tree";
import { Cells } from "./cells";

/** How many of the points first .. last of a cell or subtree are near point i; it may stop once there are `enough`. */
export function countNear<D>(cells: Cells, i: i32, first: i32, last: i32, enough: i32): i32 {
  const points = cells.tree.coordinates;
  if (last - first < LEAF) {
    let count = 0;
    for (let j = first; j <= last; j++) count += i32(squareBetween<D>(points, i, j) <= cells.square);
    return count;
  }
  const middle = (first + last + 1) >> 1;
  if (squareToBox<D>(points, cells.boxes, i, middle) > cells.square) return 0;
  if (squareAcross<D>(points, cells.boxes, i, middle) <= cells.square) return last - first + 1;
  const count = countNear<D>(cells, i, first, middle - 1, enough);
  return count >= enough ? count : count + countNear<D>(cells, i, middle, last, enough - count);
}

/** The lowest index of a core point near point i among first .. last, or one that is lower anyway. */
export function lowestNear<D>(cells: Cells, isCore: StaticArray<u8>, i: i32, first: i32, last: i32, lowest: i32): i32 {
  const tree = cells.tree;
  const points = tree.coordinates;
  if (last - first < LEAF) {
    for (let j = first; j <= last; j++) {
      const index = unchecked(tree.indices[j]);
      if (index >= lowest || !unchecked(isCore[j])) continue;
      if (squareBetween<D>(points, i, j) <= cells.square) lowest = index;
    }
    return lowest;
  }
  const middle = (first + last + 1) >> 1;
  if (unchecked(tree.lowest[middle]) >= lowest) return lowest;
  if (squareToBox<D>(points, cells.boxes, i, middle) > cells.square) return lowest;
  lowest = lowestNear<D>(cells, isCore, i, first, middle - 1, lowest);
  return lowestNear<D>(cells, isCore, i, middle, last, lowest);
}

/** Whether any core point among first .. last is near point i. */
export function isNearCore<D>(cells: Cells, isCore: StaticArray<u8>, i: i32, first: i32, last: i32): bool {
  const points = cells.tree.coordinates;
  if (last - first < LEAF) {
    for (let j = first; j <= last; j++) {
      if (unchecked(isCore[j]) && squareBetween<D>(points, i, j) <= cells.square) return true;
    }
    return false;
  }
  const middle = (first + last + 1) >> 1;
  if (squareToBox<D>(points, cells.boxes, i, middle) > cells.square) return false;
  return isNearCore<D>(cells, isCore, i, first, middle - 1) || isNearCore<D>(cells, isCore, i, middle, last);
}
