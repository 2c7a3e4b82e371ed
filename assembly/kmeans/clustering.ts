/** What a clustering keeps from one step to the next, and how it measures. */
import { both, pairFrom } from "../shared/vector";
import { plant, Tree } from "./tree";

@final
export class Clustering {
  /** The points, all of them in an order of its own. */
  tree!: Tree;
  /** The centers, `width` numbers each, as the points. */
  centers!: Float64Array;
  /** By point its center, -1 while it has none. */
  assigned!: StaticArray<i32>;
  /** By center: weighted sum of its points, their weight, and how many have a weight above 0. */
  sums!: Float64Array;
  mass!: StaticArray<f64>;
  count!: StaticArray<i32>;
  /** By center: how far it moved last. */
  moved!: StaticArray<f64>;
  /** The clusters that are kept while others are looked for, and their centers; empty before. */
  keptAssigned: StaticArray<i32> = new StaticArray<i32>(0);
  keptCenters: Float64Array = new Float64Array(0);

  constructor(
    public n: i32,
    /** Groups that are looked for: as many as were planned, or fewer. */
    public k: i32,
    /** Numbers of a point, and of a center. */
    public width: i32,
    /** Points are unit vectors, and so are centers. */
    public spherical: bool,
  ) {}
}

/**
 * Plans a clustering of points in at most k groups. Points come one after the other, `width` numbers each, an even
 * number, so that the last one may be 0 for all; without weights each has 1.
 */
export function create(points: Float64Array, weights: Float64Array, width: i32, k: i32, spherical: bool): Clustering {
  const n = points.length / width;
  const plan = new Clustering(n, k, width, spherical);
  plan.tree = plant(points, weights, width);
  plan.centers = new Float64Array(k * width);
  plan.assigned = new StaticArray<i32>(n);
  plan.sums = new Float64Array(k * width);
  plan.mass = new StaticArray<f64>(k);
  plan.count = new StaticArray<i32>(k);
  plan.moved = new StaticArray<f64>(k);
  return plan;
}

/** What follows looks for k groups. */
export function lookFor(plan: Clustering, k: i32): void {
  plan.k = k;
}

/** Keeps the clusters while others are looked for. */
export function keep(plan: Clustering): void {
  if (plan.keptAssigned.length == 0) {
    plan.keptAssigned = new StaticArray<i32>(plan.n);
    plan.keptCenters = new Float64Array(plan.centers.length);
  }
  for (let i = 0; i < plan.n; i++) unchecked((plan.keptAssigned[i] = plan.assigned[i]));
  plan.keptCenters.set(plan.centers);
}

/** Takes back the clusters that were kept. */
export function takeBack(plan: Clustering): void {
  for (let i = 0; i < plan.n; i++) unchecked((plan.assigned[i] = plan.keptAssigned[i]));
  plan.centers.set(plan.keptCenters);
}

/** The squared distance of two of `width` numbers each, which begin at a and b in their arrays. */
// @ts-ignore: decorator
@inline
export function squared(ones: Float64Array, a: i32, others: Float64Array, b: i32, width: i32): f64 {
  let difference = f64x2.sub(pairFrom(ones.dataStart, ones.length, a), pairFrom(others.dataStart, others.length, b));
  let sum = f64x2.mul(difference, difference);
  for (let q = 2; q < width; q += 2) {
    const one = pairFrom(ones.dataStart, ones.length, a + q);
    difference = f64x2.sub(one, pairFrom(others.dataStart, others.length, b + q));
    sum = f64x2.add(sum, f64x2.mul(difference, difference));
  }
  return both(sum);
}

/** The centers, to be read, or to be written where they are given. */
export function centersOf(plan: Clustering): Float64Array {
  return plan.centers;
}
