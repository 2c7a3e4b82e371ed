/** Centers as the means of their points, and what is left of the points' squares around them. */
import { addTimes } from "../shared/vector";
import { squared, Clustering } from "./clustering";
import { weightOf } from "./tree";

/** Forgets what centers have been given. */
export function forget(plan: Clustering): void {
  plan.sums.fill(0);
  plan.mass.fill(0);
  plan.count.fill(0);
}

/** Adds a point to what center c has, or with sign -1 takes it away. */
// @ts-ignore: decorator
@inline
export function tally(plan: Clustering, c: i32, i: i32, sign: f64): void {
  const tree = plan.tree;
  const width = plan.width;
  const weight = sign * weightOf(tree, i);
  addTimes(plan.sums, c * width, weight, tree.points, i * width, width);
  unchecked((plan.mass[c] = plan.mass[c] + weight));
  unchecked((plan.count[c] = plan.count[c] + (i32(weight > 0.0) - i32(weight < 0.0))));
}

/** Adds all points of a node. */
export function tallyNode(plan: Clustering, c: i32, node: i32): void {
  const tree = plan.tree;
  const width = plan.width;
  addTimes(plan.sums, c * width, 1.0, tree.sums, node * width, width);
  unchecked((plan.mass[c] = plan.mass[c] + tree.mass[node]));
  unchecked((plan.count[c] = plan.count[c] + tree.count[node]));
}

/**
 * Moves every center to the weighted mean of its points, on the sphere to the direction of it; one without points of
 * weight stays.
 */
export function moveCenters(plan: Clustering): void {
  const width = plan.width;
  const centers = plan.centers;
  const sums = plan.sums;
  for (let c = 0; c < plan.k; c++) {
    const at = c * width;
    unchecked((plan.moved[c] = 0.0));
    if (unchecked(plan.count[c]) == 0) continue;
    let divisor = unchecked(plan.mass[c]);
    if (plan.spherical) {
      let squares = 0.0;
      for (let a = 0; a < width; a++) squares += unchecked(sums[at + a]) * unchecked(sums[at + a]);
      divisor = Math.sqrt(squares);
      if (divisor == 0.0) continue;
    }
    let squares = 0.0;
    for (let a = 0; a < width; a++) {
      const value = unchecked(sums[at + a]) / divisor;
      const difference = value - unchecked(centers[at + a]);
      unchecked((centers[at + a] = value));
      squares += difference * difference;
    }
    unchecked((plan.moved[c] = Math.sqrt(squares)));
  }
}

/**
 * Sums up the clusters afresh, so that centers carry no rounding of points that came and went, moves the centers there,
 * and returns the inertia, the weighted sum of squared distances to them.
 */
export function settle(plan: Clustering): f64 {
  const tree = plan.tree;
  const width = plan.width;
  forget(plan);
  for (let i = 0; i < plan.n; i++) tally(plan, unchecked(plan.assigned[i]), i, 1.0);
  moveCenters(plan);
  let inertia = 0.0;
  for (let i = 0; i < plan.n; i++) {
    const at = unchecked(plan.assigned[i]) * width;
    inertia += weightOf(tree, i) * squared(tree.points, i * width, plan.centers, at, width);
  }
  return inertia;
}

/** Writes of each point, in the order in which they came, its cluster and its distance to the center. */
export function readPoints(plan: Clustering, clusters: Int32Array, distances: Float64Array): void {
  const tree = plan.tree;
  const width = plan.width;
  for (let i = 0; i < plan.n; i++) {
    const point = unchecked(tree.indices[i]);
    const own = unchecked(plan.assigned[i]);
    unchecked((clusters[point] = own));
    unchecked((distances[point] = Math.sqrt(squared(tree.points, i * width, plan.centers, own * width, width))));
  }
}
