/**
 * Assignment by bounds (Hamerly 2010, doi:10.1137/1.9781611972801.12): of each point one above the distance to its own
 * center and one below that to any other. While they do not meet nothing has to be computed. They are wider than exact
 * ones by more than rounding, so that clusters are those of comparing all, ties included.
 */
import { forget, tally } from "./centers";
import { squared, Clustering } from "./clustering";

/** The center of a point that has none. */
const NONE = -1;

@final
class Bounds {
  /** By point: above the distance to the own center, below that to every other. */
  upper: StaticArray<f64>;
  lower: StaticArray<f64>;
  /** By center: below half the distance to the nearest other center. */
  halfGap: StaticArray<f64>;
  /** More than the relative error of a distance. */
  error: f64;

  constructor(public plan: Clustering) {
    this.upper = new StaticArray<f64>(plan.n);
    this.lower = new StaticArray<f64>(plan.n);
    this.halfGap = new StaticArray<f64>(plan.k);
    this.error = 2.0 * <f64>(plan.width + 4) * f64.EPSILON;
  }
}

export function createBounds(plan: Clustering): Bounds {
  return new Bounds(plan);
}

/**
 * Assigns all points to their nearest centers, of equally near ones to the first, and keeps what centers have of them.
 * Returns how many changed their center. @param fresh nothing has a center yet
 */
export function assignBounded(bounds: Bounds, fresh: bool): i32 {
  const plan = bounds.plan;
  const n = plan.n;
  if (fresh) {
    forget(plan);
    for (let i = 0; i < n; i++) compare(bounds, i, NONE);
    return n;
  }
  measureGaps(bounds);
  // what the last step did to the bounds: the farthest move, and the farthest by another center than that
  let farthest = 0.0;
  let next = 0.0;
  let mover = 0;
  for (let c = 0; c < plan.k; c++) {
    const moved = unchecked(plan.moved[c]);
    if (moved > farthest) {
      next = farthest;
      farthest = moved;
      mover = c;
    } else next = max(next, moved);
  }
  const upper = bounds.upper;
  const lower = bounds.lower;
  const error = bounds.error;
  let changes = 0;
  for (let i = 0; i < n; i++) {
    const own = unchecked(plan.assigned[i]);
    const before = unchecked(lower[i]);
    const move = own == mover ? next : farthest;
    const low = before - move - error * (Math.abs(before) + move);
    const high = (unchecked(upper[i]) + unchecked(plan.moved[own])) * (1.0 + error);
    unchecked((lower[i] = low));
    unchecked((upper[i] = high));
    const bound = max(unchecked(bounds.halfGap[own]), low);
    if (high < bound) continue;
    const distance = Math.sqrt(squareTo(plan, i, own)) * (1.0 + error);
    unchecked((upper[i] = distance));
    if (distance >= bound) changes += i32(compare(bounds, i, own));
  }
  return changes;
}

/** Compares a point with all centers. Returns whether it has another than its own. */
function compare(bounds: Bounds, i: i32, own: i32): bool {
  const plan = bounds.plan;
  let best = Infinity;
  let second = Infinity;
  let chosen = 0;
  for (let c = 0; c < plan.k; c++) {
    const square = squareTo(plan, i, c);
    if (square < best) {
      second = best;
      best = square;
      chosen = c;
    } else second = min(second, square);
  }
  unchecked((bounds.upper[i] = Math.sqrt(best) * (1.0 + bounds.error)));
  unchecked((bounds.lower[i] = Math.sqrt(second) * (1.0 - bounds.error)));
  if (chosen == own) return false;
  unchecked((plan.assigned[i] = chosen));
  if (own != NONE) tally(plan, own, i, -1.0);
  tally(plan, chosen, i, 1.0);
  return true;
}

// @ts-ignore: decorator
@inline
function squareTo(plan: Clustering, i: i32, c: i32): f64 {
  return squared(plan.tree.points, i * plan.width, plan.centers, c * plan.width, plan.width);
}

/** Measures how far the centers are from each other. */
function measureGaps(bounds: Bounds): void {
  const plan = bounds.plan;
  const width = plan.width;
  const halfGap = bounds.halfGap;
  halfGap.fill(Infinity);
  for (let c = 0; c < plan.k; c++) {
    for (let o = 0; o < c; o++) {
      const square = squared(plan.centers, c * width, plan.centers, o * width, width);
      const half = 0.5 * Math.sqrt(square) * (1.0 - bounds.error);
      unchecked((halfGap[c] = min(halfGap[c], half)));
      unchecked((halfGap[o] = min(halfGap[o], half)));
    }
  }
}
