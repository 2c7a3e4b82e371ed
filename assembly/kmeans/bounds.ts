/**
 * Assignment by bounds (Hamerly 2010, doi:10.1137/1.9781611972801.12): of each point one above the distance to its own
 * center and one below that to any other. While they do not meet nothing has to be computed.
 */
import { forget, tally } from "./centers";
import { squared, Clustering } from "./clustering";

@final
class Bounds {
  /** By point: above the distance to the own center, below that to every other. */
  upper: StaticArray<f64>;
  lower: StaticArray<f64>;
  /** By center: half the distance to the nearest other center. */
  halfGap: StaticArray<f64>;

  constructor(public plan: Clustering) {
    this.upper = new StaticArray<f64>(plan.n);
    this.lower = new StaticArray<f64>(plan.n);
    this.halfGap = new StaticArray<f64>(plan.k);
  }
}

export function createBounds(plan: Clustering): Bounds {
  return new Bounds(plan);
}

/**
 * Assigns all points to their nearest centers, of equally near ones to the first, and keeps what centers have of them.
 * Returns how many changed their center. @param fresh nothing is known of these centers
 */
export function assignBounded(bounds: Bounds, fresh: bool): i32 {
  const plan = bounds.plan;
  const upper = bounds.upper;
  const lower = bounds.lower;
  if (fresh) {
    forget(plan);
    upper.fill(Infinity);
    lower.fill(0);
    plan.assigned.fill(-1);
  } else measureGaps(bounds);
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
  const tree = plan.tree;
  const width = plan.width;
  const centers = plan.centers;
  let changes = 0;
  for (let i = 0; i < plan.n; i++) {
    const own = unchecked(plan.assigned[i]);
    if (own >= 0) {
      const low = unchecked(lower[i]) - (own == mover ? next : farthest);
      const bound = max(unchecked(bounds.halfGap[own]), low);
      let distance = unchecked(upper[i]) + unchecked(plan.moved[own]);
      unchecked((lower[i] = low));
      unchecked((upper[i] = distance));
      if (distance < bound) continue;
      distance = Math.sqrt(squared(tree.points, i * width, centers, own * width, width));
      unchecked((upper[i] = distance));
      if (distance < bound) continue;
    }
    changes += i32(assignPoint(bounds, i, own));
  }
  return changes;
}

/** Compares a point with all centers. Returns whether it has another than before. */
function assignPoint(bounds: Bounds, i: i32, own: i32): bool {
  const plan = bounds.plan;
  const tree = plan.tree;
  const width = plan.width;
  let best = Infinity;
  let second = Infinity;
  let chosen = 0;
  for (let c = 0; c < plan.k; c++) {
    const distance = squared(tree.points, i * width, plan.centers, c * width, width);
    if (distance < best) {
      second = best;
      best = distance;
      chosen = c;
    } else second = min(second, distance);
  }
  unchecked((bounds.upper[i] = Math.sqrt(best)));
  unchecked((bounds.lower[i] = Math.sqrt(second)));
  if (chosen == own) return false;
  unchecked((plan.assigned[i] = chosen));
  if (own >= 0) tally(plan, own, i, -1.0);
  tally(plan, chosen, i, 1.0);
  return true;
}

/** Measures how far the centers are from each other. */
function measureGaps(bounds: Bounds): void {
  const plan = bounds.plan;
  const width = plan.width;
  const halfGap = bounds.halfGap;
  halfGap.fill(Infinity);
  for (let c = 0; c < plan.k; c++) {
    for (let o = 0; o < c; o++) {
      const half = 0.5 * Math.sqrt(squared(plan.centers, c * width, plan.centers, o * width, width));
      unchecked((halfGap[c] = min(halfGap[c], half)));
      unchecked((halfGap[o] = min(halfGap[o], half)));
    }
  }
}
