/**
 * k-means by Lloyd's iteration (1982, doi:10.1109/TIT.1982.1056489), seeded by greedy k-means++ (Arthur and
 * Vassilvitskii 2007).
 *
 * Two bounds a point, on the distance to its own center and to any other, skip most distance computations without
 * changing a result (Hamerly 2010, doi:10.1137/1.9781611972801.12). A point that has to look goes through the centers
 * in order of their distance from its own and stops where the triangle inequality rules out the rest.
 *
 * On the sphere points and centers are unit vectors, distances chords; a center is the normalised mean of its points,
 * which minimises the sum of squared chords (Dhillon and Modha 2001, doi:10.1023/A:1007612920971).
 */
import { advance, start, STREAM_SEEDING, uniform } from "./shared/random";
import { arc, dimensions, latitude, longitude, Plane, Space } from "./shared/space";
import { sortPairs } from "./shared/sort";
export { toUnitSphere } from "./shared/space";
export * from "./shared/host";

/** Points whose squared distances are summed together, for drawing among them. */
const BLOCK = 512;

/** Above this many centers their mutual order would take more memory than it saves time. */
const MAX_ORDERED = 2048;

@final
class Clustering {
  /** Coordinates of the points and of the centers, interleaved. */
  points!: StaticArray<f64>;
  centers!: StaticArray<f64>;
  assigned!: StaticArray<i32>;
  /** Upper bound on the distance to the own center, lower bound on that to every other. */
  upper!: StaticArray<f64>;
  lower!: StaticArray<f64>;
  /** By center: half the distance to the nearest other center, and how far the last step moved it. */
  halfGap!: StaticArray<f64>;
  moved!: StaticArray<f64>;
  sums!: StaticArray<f64>;
  sizes!: StaticArray<f64>;
  /** By center: the other centers in order of distance. Empty above MAX_ORDERED centers. */
  order!: StaticArray<i32>;
  orderDistances!: StaticArray<f64>;
  /** While centers are chosen: sums of the squared distances to the nearest, by block of points. */
  blockSums!: StaticArray<f64>;
  /** Whether the next step is the first from these centers. */
  fresh: bool = true;

  constructor(
    public n: i32,
    public k: i32,
  ) {}
}

// @ts-ignore: decorator
@inline
function squared<D>(points: StaticArray<f64>, centers: StaticArray<f64>, i: i32, c: i32): f64 {
  const p = i * dimensions<D>();
  const q = c * dimensions<D>();
  const dx = unchecked(points[p]) - unchecked(centers[q]);
  const dy = unchecked(points[p + 1]) - unchecked(centers[q + 1]);
  let sum = dx * dx + dy * dy;
  if (dimensions<D>() == 3) {
    const dz = unchecked(points[p + 2]) - unchecked(centers[q + 2]);
    sum += dz * dz;
  }
  return sum;
}

function create<D>(xs: Float64Array, ys: Float64Array, zs: Float64Array, k: i32): Clustering {
  const n = xs.length;
  const points = new StaticArray<f64>(n * dimensions<D>());
  for (let i = 0, p = 0; i < n; i++) {
    unchecked((points[p++] = xs[i]));
    unchecked((points[p++] = ys[i]));
    if (dimensions<D>() == 3) unchecked((points[p++] = zs[i]));
  }
  const plan = new Clustering(n, k);
  plan.points = points;
  plan.centers = new StaticArray<f64>(k * dimensions<D>());
  plan.assigned = new StaticArray<i32>(n);
  plan.upper = new StaticArray<f64>(n);
  plan.lower = new StaticArray<f64>(n);
  plan.halfGap = new StaticArray<f64>(k);
  plan.moved = new StaticArray<f64>(k);
  plan.sums = new StaticArray<f64>(k * dimensions<D>());
  plan.sizes = new StaticArray<f64>(k);
  plan.blockSums = new StaticArray<f64>((n + BLOCK - 1) / BLOCK);
  const others = k <= MAX_ORDERED ? k * (k - 1) : 0;
  plan.order = new StaticArray<i32>(others);
  plan.orderDistances = new StaticArray<f64>(others);
  return plan;
}

/** Plans the clustering of points in the plane. */
export function createPlane(xs: Float64Array, ys: Float64Array, k: i32): Clustering {
  return create<Plane>(xs, ys, ys, k);
}

/** The same of unit vectors. */
export function createSpace(xs: Float64Array, ys: Float64Array, zs: Float64Array, k: i32): Clustering {
  return create<Space>(xs, ys, zs, k);
}

/** Puts center c on point i. */
function setCenter<D>(plan: Clustering, c: i32, i: i32): void {

  for (let a = 0; a < dimensions<D>(); a++) {
    unchecked((plan.centers[c * dimensions<D>() + a] = plan.points[i * dimensions<D>() + a]));
  }
}

/** Updates the squared distances to the nearest center by center c, and their sums by block. Returns the sum of all. */
function approach<D>(plan: Clustering, c: i32): f64 {
  const n = plan.n;
  const points = plan.points;
  const centers = plan.centers;
  const upper = plan.upper;
  const blockSums = plan.blockSums;
  let total = 0.0;
  for (let block = 0; block < blockSums.length; block++) {
    let sum = 0.0;
    for (let i = block * BLOCK; i < min(n, (block + 1) * BLOCK); i++) {
      const nearest = min(unchecked(upper[i]), squared<D>(points, centers, i, c));
      unchecked((upper[i] = nearest));
      sum += nearest;
    }
    unchecked((blockSums[block] = sum));
    total += sum;
  }
  return total;
}

/** The point at `target` where points take up their squared distances one after the other; none at distance 0. */
function pointAt(plan: Clustering, target: f64): i32 {
  const n = plan.n;
  const upper = plan.upper;
  const blockSums = plan.blockSums;
  // the last that takes up any, should rounding put the target at the very end
  let block = 0;
  let before = 0.0;
  let sum = 0.0;
  for (let b = 0; b < blockSums.length && sum <= target; b++) {
    if (unchecked(blockSums[b]) == 0.0) continue;
    block = b;
    before = sum;
    sum += unchecked(blockSums[b]);
  }
  let chosen = -1;
  sum = before;
  for (let i = block * BLOCK; i < min(n, (block + 1) * BLOCK) && sum <= target; i++) {
    if (unchecked(upper[i]) == 0.0) continue;
    chosen = i;
    sum += unchecked(upper[i]);
  }
  return chosen;
}

/** The sum of squared distances to the nearest center if point p became one. */
function potential<D>(plan: Clustering, p: i32): f64 {
  const n = plan.n;
  const points = plan.points;
  const upper = plan.upper;
  const q = p * dimensions<D>();
  const x = unchecked(points[q]);
  const y = unchecked(points[q + 1]);
  const z = dimensions<D>() == 3 ? unchecked(points[q + 2]) : 0.0;
  let sum = 0.0;
  for (let i = 0, at = 0; i < n; i++, at += dimensions<D>()) {
    const dx = unchecked(points[at]) - x;
    const dy = unchecked(points[at + 1]) - y;
    let distance = dx * dx + dy * dy;
    if (dimensions<D>() == 3) {
      const dz = unchecked(points[at + 2]) - z;
      distance += dz * dz;
    }
    sum += min(unchecked(upper[i]), distance);
  }
  return sum;
}

function seedCenters<D>(plan: Clustering, seed: f64, restart: i32): i32 {
  const n = plan.n;
  const k = plan.k;
  plan.fresh = true;
  const candidates = 2 + <i32>Math.floor(Math.log(<f64>k));
  let state = advance(start(seed, STREAM_SEEDING, <u64>restart));
  setCenter<D>(plan, 0, min(n - 1, <i32>(uniform(state) * <f64>n)));
  // `upper` holds the squared distance to the nearest center so far
  for (let i = 0; i < n; i++) unchecked((plan.upper[i] = Infinity));
  for (let c = 1; c < k; c++) {
    const total = approach<D>(plan, c - 1);
    if (total == 0.0) return c;
    let best = -1;
    let least = Infinity;
    for (let candidate = 0; candidate < candidates; candidate++) {
      state = advance(state);
      const chosen = pointAt(plan, uniform(state) * total);
      const sum = potential<D>(plan, chosen);
      if (best >= 0 && sum >= least) continue;
      best = chosen;
      least = sum;
    }
    setCenter<D>(plan, c, best);
  }
  return k;
}

/**
 * Chooses starting centers among the points: of 2 + floor(ln k) candidates, each drawn with probability proportional to
 * its squared distance from those chosen before, the one that leaves the smallest sum of squared distances. Returns how
 * many distinct ones it found: fewer than k where there are fewer distinct points.
 */
export function seedPlane(plan: Clustering, seed: f64, restart: i32): i32 {
  return seedCenters<Plane>(plan, seed, restart);
}

export function seedSpace(plan: Clustering, seed: f64, restart: i32): i32 {
  return seedCenters<Space>(plan, seed, restart);
}

/** Starts from given centers, coordinates interleaved. */
export function setCenters(plan: Clustering, start: Float64Array): void {
  plan.fresh = true;
  for (let q = 0; q < start.length; q++) unchecked((plan.centers[q] = start[q]));
}

/** Distances between centers: half the nearest for every center, and their order where it is kept. */
function compareCenters<D>(plan: Clustering): void {
  const k = plan.k;
  const centers = plan.centers;
  const order = plan.order;
  const orderDistances = plan.orderDistances;
  const ordered = order.length > 0;
  for (let c = 0; c < k; c++) {
    let nearest = Infinity;
    let place = c * (k - 1);
    const first = place;
    for (let o = 0; o < k; o++) {
      if (o == c) continue;
      let sum = 0.0;
      for (let a = 0; a < dimensions<D>(); a++) {
        const difference = unchecked(centers[c * dimensions<D>() + a]) - unchecked(centers[o * dimensions<D>() + a]);
        sum += difference * difference;
      }
      const distance = Math.sqrt(sum);
      nearest = min(nearest, distance);
      if (ordered) {
        unchecked((orderDistances[place] = distance));
        unchecked((order[place++] = o));
      }
    }
    unchecked((plan.halfGap[c] = 0.5 * nearest));
    if (ordered) sortPairs(orderDistances, order, first, place - 1);
  }
}

/** Adds point i to the sums of cluster c, or takes it away. */
// @ts-ignore: decorator
@inline
function tally<D>(plan: Clustering, i: i32, c: i32, sign: f64): void {
  const sums = plan.sums;
  const sizes = plan.sizes;
  const points = plan.points;
  for (let a = 0; a < dimensions<D>(); a++) {
    const q = c * dimensions<D>() + a;
    unchecked((sums[q] = sums[q] + sign * points[i * dimensions<D>() + a]));
  }
  unchecked((sizes[c] = sizes[c] + sign));
}

/** The first assignment: every point against every center, the lowest number winning a tie. */
function assignAll<D>(plan: Clustering): void {
  const n = plan.n;
  const k = plan.k;
  const points = plan.points;
  const centers = plan.centers;
  plan.sums.fill(0);
  plan.sizes.fill(0);
  for (let i = 0; i < n; i++) {
    let best = Infinity;
    let second = Infinity;
    let own = 0;
    for (let c = 0; c < k; c++) {
      const distance = squared<D>(points, centers, i, c);
      if (distance < best) {
        second = best;
        best = distance;
        own = c;
      } else if (distance < second) second = distance;
    }
    unchecked((plan.assigned[i] = own));
    unchecked((plan.upper[i] = Math.sqrt(best)));
    unchecked((plan.lower[i] = Math.sqrt(second)));
    tally<D>(plan, i, own, 1.0);
  }
}

/** Assignment by the bounds. Returns how many points changed their center. */
function assignBounded<D>(plan: Clustering): i32 {
  const n = plan.n;
  const k = plan.k;
  const points = plan.points;
  const centers = plan.centers;
  const assigned = plan.assigned;
  const upper = plan.upper;
  const lower = plan.lower;
  const halfGap = plan.halfGap;
  const moved = plan.moved;
  const order = plan.order;
  const orderDistances = plan.orderDistances;
  // what the last step did to the bounds: the farthest move, and the farthest by another center than that
  let farthest = 0.0;
  let next = 0.0;
  let mover = 0;
  for (let c = 0; c < k; c++) {
    const m = unchecked(moved[c]);
    if (m > farthest) {
      next = farthest;
      farthest = m;
      mover = c;
    } else if (m > next) next = m;
  }
  const ordered = order.length > 0;
  let changes = 0;
  for (let i = 0; i < n; i++) {
    const own = unchecked(assigned[i]);
    const low = unchecked(lower[i]) - (own == mover ? next : farthest);
    const bound = max(unchecked(halfGap[own]), low);
    let distance = unchecked(upper[i]) + unchecked(moved[own]);
    unchecked((lower[i] = low));
    unchecked((upper[i] = distance));
    if (distance < bound) continue;
    distance = Math.sqrt(squared<D>(points, centers, i, own));
    unchecked((upper[i] = distance));
    if (distance < bound) continue;

    let best = distance;
    let second = Infinity;
    let chosen = own;
    const first = own * (k - 1);
    for (let q = 0; q < k - 1; q++) {
      if (ordered && unchecked(orderDistances[first + q]) - distance > second) break;
      const c = ordered ? unchecked(order[first + q]) : q + i32(q >= own);
      const d = Math.sqrt(squared<D>(points, centers, i, c));
      if (d < best || (d == best && c < chosen)) {
        second = best;
        best = d;
        chosen = c;
      } else if (d < second) second = d;
    }
    unchecked((lower[i] = second));
    if (chosen == own) continue;
    unchecked((upper[i] = best));
    unchecked((assigned[i] = chosen));
    tally<D>(plan, i, own, -1.0);
    tally<D>(plan, i, chosen, 1.0);
    changes++;
  }
  return changes;
}

/** Moves every center to the mean of its points; a center without points stays. */
function moveCenters<D>(plan: Clustering): void {
  const k = plan.k;
  const centers = plan.centers;
  const sums = plan.sums;
  const sizes = plan.sizes;
  const moved = plan.moved;
  for (let c = 0; c < k; c++) {
    const q = c * dimensions<D>();
    let length = unchecked(sizes[c]);
    unchecked((moved[c] = 0.0));
    if (length == 0.0) continue;
    if (dimensions<D>() == 3) {
      const x = unchecked(sums[q]);
      const y = unchecked(sums[q + 1]);
      const z = unchecked(sums[q + 2]);
      length = Math.sqrt(x * x + y * y + z * z);
      if (length == 0.0) continue;
    }
    let sum = 0.0;
    for (let a = 0; a < dimensions<D>(); a++) {
      const value = unchecked(sums[q + a]) / length;
      const difference = value - unchecked(centers[q + a]);
      unchecked((centers[q + a] = value));
      sum += difference * difference;
    }
    unchecked((moved[c] = Math.sqrt(sum)));
  }
}

function step<D>(plan: Clustering): i32 {
  let changes = plan.n;
  if (plan.fresh) assignAll<D>(plan);
  else {
    compareCenters<D>(plan);
    changes = assignBounded<D>(plan);
  }
  plan.fresh = false;
  moveCenters<D>(plan);
  return changes;
}

/** One iteration: assign, then move the centers. Returns how many points changed their center. */
export function stepPlane(plan: Clustering): i32 {
  return step<Plane>(plan);
}

export function stepSpace(plan: Clustering): i32 {
  return step<Space>(plan);
}

/** Sums of the final clusters afresh, so that centers carry no rounding error of points that came and went. */
function settle<D>(plan: Clustering): f64 {
  const n = plan.n;
  const points = plan.points;
  const centers = plan.centers;
  const assigned = plan.assigned;
  plan.sums.fill(0);
  plan.sizes.fill(0);
  for (let i = 0; i < n; i++) tally<D>(plan, i, unchecked(assigned[i]), 1.0);
  moveCenters<D>(plan);
  let inertia = 0.0;
  for (let i = 0; i < n; i++) inertia += squared<D>(points, centers, i, unchecked(assigned[i]));
  return inertia;
}

/**
 * Recomputes the centers as the means of their points and returns the inertia, the sum of squared distances to them.
 */
export function settlePlane(plan: Clustering): f64 {
  return settle<Plane>(plan);
}

export function settleSpace(plan: Clustering): f64 {
  return settle<Space>(plan);
}

/** Writes the result: clusters and distances of the points, centers as (x, y). */
export function readPlane(
  plan: Clustering,
  clusters: Int32Array,
  distances: Float64Array,
  centerXs: Float64Array,
  centerYs: Float64Array,
): void {
  const n = plan.n;
  const k = plan.k;
  const points = plan.points;
  const centers = plan.centers;
  const assigned = plan.assigned;
  for (let i = 0; i < n; i++) {
    const own = unchecked(assigned[i]);
    unchecked((clusters[i] = own));
    unchecked((distances[i] = Math.sqrt(squared<Plane>(points, centers, i, own))));
  }
  for (let c = 0; c < k; c++) {
    unchecked((centerXs[c] = centers[2 * c]));
    unchecked((centerYs[c] = centers[2 * c + 1]));
  }
}

/** Writes the result: clusters and arcs in radians of the points, centers as (longitude, latitude). */
export function readSpace(
  plan: Clustering,
  clusters: Int32Array,
  distances: Float64Array,
  centerXs: Float64Array,
  centerYs: Float64Array,
): void {
  const n = plan.n;
  const k = plan.k;
  const points = plan.points;
  const centers = plan.centers;
  const assigned = plan.assigned;
  for (let i = 0; i < n; i++) {
    const own = unchecked(assigned[i]);
    unchecked((clusters[i] = own));
    unchecked((distances[i] = arc(Math.sqrt(squared<Space>(points, centers, i, own)))));
  }
  for (let c = 0; c < k; c++) {
    const x = unchecked(centers[3 * c]);
    const y = unchecked(centers[3 * c + 1]);
    unchecked((centerXs[c] = longitude(x, y)));
    unchecked((centerYs[c] = latitude(x, y, unchecked(centers[3 * c + 2]))));
  }
}
