/**
 * Assignment by filtering (Kanungo et al. 2002, doi:10.1109/TPAMI.2002.1017616): of the centers that may be nearest
 * somewhere in a box, those go that another is nearer than in all of it; where one is left, it has all the points. The
 * fewer the dimensions, the fewer boxes lie between two centers.
 */
import { both, pairFrom } from "../shared/vector";
import { forget, tally, tallyNode } from "./centers";
import { squared, Clustering } from "./clustering";

/** By node that lies between centers. */
const MIXED = -1;

@final
class Filter {
  /** By node: the center that has all its points, whatever is said below it; or MIXED. */
  owners: StaticArray<i32>;
  /** Centers that may be nearest: those of a node after those of its parent. */
  candidates: StaticArray<i32>;
  /** The middle of a box. */
  middle: Float64Array;

  constructor(public plan: Clustering) {
    this.owners = new StaticArray<i32>(plan.tree.nodes);
    this.candidates = new StaticArray<i32>(plan.k * depthOf(plan.tree.nodes));
    this.middle = new Float64Array(plan.width);
  }
}

/** Levels of a tree of so many nodes, whose leaves differ by one at most; and one above. */
function depthOf(nodes: i32): i32 {
  return 33 - clz(nodes);
}

export function createFilter(plan: Clustering): Filter {
  return new Filter(plan);
}

/**
 * Assigns all points to their nearest centers, of equally near ones to the first, and sums them up by center. Returns
 * how many changed their center. @param fresh nothing has a center yet
 */
export function assignFiltered(filter: Filter, fresh: bool): i32 {
  const plan = filter.plan;
  if (fresh) {
    filter.owners.fill(MIXED);
    plan.assigned.fill(-1);
  }
  forget(plan);
  for (let c = 0; c < plan.k; c++) unchecked((filter.candidates[c] = c));
  return assign(filter, 0, 0, plan.k);
}

/** Assigns the points of a node, whose candidates are begin .. end - 1. */
function assign(filter: Filter, node: i32, begin: i32, end: i32): i32 {
  const plan = filter.plan;
  const left = narrow(filter, node, begin, end);
  const candidates = filter.candidates;
  if (left - end == 1) {
    const only = unchecked(candidates[end]);
    tallyNode(plan, only, node);
    return claim(filter, node, only);
  }
  const owner = unchecked(filter.owners[node]);
  unchecked((filter.owners[node] = MIXED));
  const right = unchecked(plan.tree.right[node]);
  if (right == 0) return assignPoints(filter, node, owner, end, left);
  if (owner != MIXED) {
    unchecked((filter.owners[node + 1] = owner));
    unchecked((filter.owners[right] = owner));
  }
  return assign(filter, node + 1, end, left) + assign(filter, right, end, left);
}

/**
 * Writes behind candidates begin .. end - 1 those of them that may be nearest somewhere in the box of a node, and
 * returns where they end. One goes if the center that is nearest to the middle is nearer even at the corner that favors
 * it most, by more than rounding can turn around for any point of the box.
 */
function narrow(filter: Filter, node: i32, begin: i32, end: i32): i32 {
  const plan = filter.plan;
  const candidates = filter.candidates;
  const width = plan.width;
  const centers = plan.centers;
  const low = plan.tree.low;
  const high = plan.tree.high;
  const box = node * width;
  const middle = filter.middle;
  let spread = 0.0;
  for (let a = 0; a < width; a++) {
    const half = 0.5 * (unchecked(high[box + a]) - unchecked(low[box + a]));
    unchecked((middle[a] = low[box + a] + half));
    spread += half * half;
  }
  let nearest = -1;
  let least = Infinity;
  for (let q = begin; q < end; q++) {
    const c = unchecked(candidates[q]);
    const distance = squared(centers, c * width, middle, 0, width);
    if (distance >= least) continue;
    least = distance;
    nearest = c;
  }
  // no point of the box is farther from the nearest than this, squared
  const reach = 2.0 * (least + spread);
  const margin = 8.0 * <f64>(width + 4) * f64.EPSILON * reach;
  const lows = low.dataStart;
  const highs = high.dataStart;
  const places = centers.dataStart;
  let left = end;
  for (let q = begin; q < end; q++) {
    const c = unchecked(candidates[q]);
    let more = f64x2.splat(0);
    for (let a = 0; a < width; a += 2) {
      const other = pairFrom(places, centers.length, c * width + a);
      const own = pairFrom(places, centers.length, nearest * width + a);
      const most = pairFrom(highs, high.length, box + a);
      const corner = v128.bitselect(most, pairFrom(lows, low.length, box + a), f64x2.gt(other, own));
      const farther = f64x2.sub(other, corner);
      const nearer = f64x2.sub(own, corner);
      more = f64x2.add(more, f64x2.sub(f64x2.mul(farther, farther), f64x2.mul(nearer, nearer)));
    }
    if (both(more) > margin) continue;
    unchecked((candidates[left++] = c));
  }
  return left;
}

/** Compares the points of a leaf, all of which had `owner` if it is one, with candidates begin .. end - 1. */
function assignPoints(filter: Filter, node: i32, owner: i32, begin: i32, end: i32): i32 {
  const plan = filter.plan;
  const tree = plan.tree;
  const width = plan.width;
  let changes = 0;
  const last = unchecked(tree.last[node]);
  for (let i = unchecked(tree.first[node]); i <= last; i++) {
    let best = -1;
    let least = Infinity;
    for (let q = begin; q < end; q++) {
      const c = unchecked(filter.candidates[q]);
      const distance = squared(tree.points, i * width, plan.centers, c * width, width);
      if (distance >= least) continue;
      least = distance;
      best = c;
    }
    changes += i32((owner == MIXED ? unchecked(plan.assigned[i]) : owner) != best);
    unchecked((plan.assigned[i] = best));
    tally(plan, best, i, 1.0);
  }
  return changes;
}

/** Gives all points of a node to a center. Returns how many had another. */
function claim(filter: Filter, node: i32, c: i32): i32 {
  const changes = others(filter, node, c);
  unchecked((filter.owners[node] = c));
  return changes;
}

/** How many points of a node have another center. */
function others(filter: Filter, node: i32, c: i32): i32 {
  const tree = filter.plan.tree;
  const owner = unchecked(filter.owners[node]);
  if (owner == c) return 0;
  const first = unchecked(tree.first[node]);
  const last = unchecked(tree.last[node]);
  if (owner != MIXED) return last - first + 1;
  const right = unchecked(tree.right[node]);
  if (right > 0) return others(filter, node + 1, c) + others(filter, right, c);
  let count = 0;
  for (let i = first; i <= last; i++) count += i32(unchecked(filter.plan.assigned[i]) != c);
  return count;
}

/** Writes to the points what is said of nodes. */
export function endFiltered(filter: Filter): void {
  const tree = filter.plan.tree;
  // children come after their parents, and what is said of a parent counts
  for (let node = 0; node < tree.nodes; node++) {
    const owner = unchecked(filter.owners[node]);
    if (owner == MIXED) continue;
    const right = unchecked(tree.right[node]);
    if (right > 0) {
      unchecked((filter.owners[node + 1] = owner));
      unchecked((filter.owners[right] = owner));
    } else filter.plan.assigned.fill(owner, unchecked(tree.first[node]), unchecked(tree.last[node]) + 1);
  }
}
