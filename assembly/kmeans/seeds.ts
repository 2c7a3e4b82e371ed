/**
 * Starting centers by greedy k-means++ (Arthur and Vassilvitskii 2007): of 2 + floor(ln k) candidates, each drawn with
 * probability proportional to its weighted squared distance from those chosen before, the one that leaves the smallest
 * sum of these. One that is farther from a box than each point in it is from a center changes nothing there.
 */
import { advance, start, STREAM_SEEDING, uniform } from "../shared/random";
import { both, pairFrom } from "../shared/vector";
import { squared, Clustering } from "./clustering";
import { weightOf } from "./tree";

@final
class Seeds {
  /** By point: the squared distance to the nearest center so far. */
  nearest: StaticArray<f64>;
  /** By node: the largest of these, and their weighted sum. */
  largest: StaticArray<f64>;
  shares: StaticArray<f64>;

  constructor(public plan: Clustering) {
    this.nearest = new StaticArray<f64>(plan.n);
    this.largest = new StaticArray<f64>(plan.tree.nodes);
    this.shares = new StaticArray<f64>(plan.tree.nodes);
  }
}

export function createSeeds(plan: Clustering): Seeds {
  return new Seeds(plan);
}

/**
 * Chooses the starting centers of a restart among the points with a weight. Returns how many distinct ones it found:
 * fewer than k where there are fewer distinct points.
 */
export function chooseSeeds(seeds: Seeds, seed: f64, restart: i32): i32 {
  const plan = seeds.plan;
  const k = plan.k;
  const candidates = 2 + <i32>Math.floor(Math.log(<f64>k));
  let state = advance(start(seed, STREAM_SEEDING, <u64>restart));
  // where all are as far, the first is drawn by weight alone
  share(seeds, 1.0);
  setCenter(plan, 0, pointAt(seeds, uniform(state) * unchecked(seeds.shares[0])));
  share(seeds, Infinity);
  for (let c = 1; c < k; c++) {
    approach(seeds, c - 1, 0);
    const total = unchecked(seeds.shares[0]);
    if (total == 0.0) return c;
    let best = -1;
    let most = -1.0;
    for (let candidate = 0; candidate < candidates; candidate++) {
      state = advance(state);
      const chosen = pointAt(seeds, uniform(state) * total);
      const gained = gain(seeds, chosen, 0);
      if (gained <= most) continue;
      best = chosen;
      most = gained;
    }
    setCenter(plan, c, best);
  }
  return k;
}

/** Puts center c on a point. */
function setCenter(plan: Clustering, c: i32, point: i32): void {
  const width = plan.width;
  for (let a = 0; a < width; a++) unchecked((plan.centers[c * width + a] = plan.tree.points[point * width + a]));
}

/** Sets the squared distances of all points. */
function share(seeds: Seeds, distance: f64): void {
  const tree = seeds.plan.tree;
  seeds.nearest.fill(distance);
  seeds.largest.fill(distance);
  for (let node = 0; node < tree.nodes; node++) unchecked((seeds.shares[node] = distance * tree.mass[node]));
}

/** The squared distance of a place to the box of a node: rounding is monotone, so never above that to a point in it. */
// @ts-ignore: decorator
@inline
function toBox(plan: Clustering, places: Float64Array, at: i32, node: i32): f64 {
  const width = plan.width;
  const low = plan.tree.low;
  const high = plan.tree.high;
  let sum = f64x2.splat(0);
  for (let a = 0; a < width; a += 2) {
    const place = pairFrom(places.dataStart, places.length, at + a);
    const below = f64x2.sub(pairFrom(low.dataStart, low.length, node * width + a), place);
    const above = f64x2.sub(place, pairFrom(high.dataStart, high.length, node * width + a));
    const gap = f64x2.max(f64x2.max(below, above), f64x2.splat(0));
    sum = f64x2.add(sum, f64x2.mul(gap, gap));
  }
  return both(sum);
}

/** Lowers the squared distances of the points of a node to those from center c. */
function approach(seeds: Seeds, c: i32, node: i32): void {
  const plan = seeds.plan;
  const tree = plan.tree;
  const width = plan.width;
  if (toBox(plan, plan.centers, c * width, node) >= unchecked(seeds.largest[node])) return;
  let largest = 0.0;
  let sum = 0.0;
  const right = unchecked(tree.right[node]);
  if (right > 0) {
    const left = node + 1;
    approach(seeds, c, left);
    approach(seeds, c, right);
    largest = max(unchecked(seeds.largest[left]), unchecked(seeds.largest[right]));
    sum = unchecked(seeds.shares[left]) + unchecked(seeds.shares[right]);
  } else {
    const last = unchecked(tree.last[node]);
    for (let i = unchecked(tree.first[node]); i <= last; i++) {
      const distance = squared(tree.points, i * width, plan.centers, c * width, width);
      const least = min(unchecked(seeds.nearest[i]), distance);
      unchecked((seeds.nearest[i] = least));
      largest = max(largest, least);
      sum += least * weightOf(tree, i);
    }
  }
  unchecked((seeds.largest[node] = largest));
  unchecked((seeds.shares[node] = sum));
}

/** By how much a center on a point would lower the weighted sum of squared distances in a node. */
function gain(seeds: Seeds, point: i32, node: i32): f64 {
  const plan = seeds.plan;
  const tree = plan.tree;
  const width = plan.width;
  if (toBox(plan, tree.points, point * width, node) >= unchecked(seeds.largest[node])) return 0.0;
  const right = unchecked(tree.right[node]);
  if (right > 0) return gain(seeds, point, node + 1) + gain(seeds, point, right);
  let sum = 0.0;
  const last = unchecked(tree.last[node]);
  for (let i = unchecked(tree.first[node]); i <= last; i++) {
    const distance = squared(tree.points, i * width, tree.points, point * width, width);
    sum += max(0.0, unchecked(seeds.nearest[i]) - distance) * weightOf(tree, i);
  }
  return sum;
}

/** The point at `target` where points take up their shares one after the other; none that has no share. */
function pointAt(seeds: Seeds, target: f64): i32 {
  const tree = seeds.plan.tree;
  let node = 0;
  for (let right = unchecked(tree.right[0]); right > 0; right = unchecked(tree.right[node])) {
    const share = unchecked(seeds.shares[node + 1]);
    if (target < share || unchecked(seeds.shares[right]) == 0.0) node++;
    else {
      target -= share;
      node = right;
    }
  }
  // the last that takes up any, should rounding put the target at the very end
  let chosen = -1;
  let sum = 0.0;
  for (let i = unchecked(tree.first[node]); i <= unchecked(tree.last[node]) && sum <= target; i++) {
    const share = unchecked(seeds.nearest[i]) * weightOf(tree, i);
    if (share == 0.0) continue;
    chosen = i;
    sum += share;
  }
  return chosen;
}
