/** Values at targets from those of points around them, weighted by inverse distances. Shepard (1968). */
import { Nearest } from "./shared/nearest";
import { arc, dimensions, Plane, Space } from "./shared/space";
import { coordinate, Tree } from "./shared/tree";
import { walk } from "./shared/walk";
export { toUnitSphere } from "./shared/space";
export { plantPlane, plantSpace } from "./shared/tree";
export * from "./shared/host";

/** Sums over the points around a target, of weights relative to that of the nearest, so that none is infinite. */
@final
class Mean {
  nearest: f64 = 0.0;
  sum: f64 = 0.0;
  weights: f64 = 0.0;

  constructor(public power: f64) {}

  start(nearest: f64): void {
    this.nearest = nearest;
    this.sum = 0.0;
    this.weights = 0.0;
  }

  /** Adds a point at a squared distance; where some are at the target itself, only these. */
  @inline
  add<D>(square: f64, value: f64): void {
    const weight = this.weightAt<D>(square);
    this.sum += weight * value;
    this.weights += weight;
  }

  @inline
  weightAt<D>(square: f64): f64 {
    if (this.power == 0.0) return 1.0;
    if (this.nearest == 0.0) return square == 0.0 ? 1.0 : 0.0;
    if (dimensions<D>() == 3) return Math.pow(arc(Math.sqrt(this.nearest)) / arc(Math.sqrt(square)), this.power);
    const ratio = this.nearest / square;
    return this.power == 2.0 ? ratio : Math.pow(ratio, 0.5 * this.power);
  }
}

/** Means over the nearest, which go to the targets as their leaf is done. */
@final
class Predictions extends Nearest {
  mean: Mean;
  predicted: Float64Array = new Float64Array(0);

  constructor(
    targets: Tree,
    tree: Tree,
    neighbors: i32,
    public values: Float64Array,
    power: f64,
  ) {
    super(targets, tree, neighbors);
    this.mean = new Mean(power);
  }

  end<D>(from: i32, to: i32): void {
    const mean = this.mean;
    const k = this.k;
    for (let i = from; i <= to; i++) {
      const best = (i - from) * k;
      mean.start(unchecked(this.bestDistances[best]));
      for (let j = best; j < best + k; j++) {
        mean.add<D>(unchecked(this.bestDistances[j]), unchecked(this.values[this.bestIndices[j]]));
      }
      unchecked((this.predicted[this.seekers.indices[i]] = mean.sum / mean.weights));
    }
  }
}

/** Plans predictions from so many neighbors, at least 1, no more than there are; with the power 0 all count alike. */
export function createPredictions(
  targets: Tree,
  tree: Tree,
  neighbors: i32,
  values: Float64Array,
  power: f64,
): Predictions {
  return new Predictions(targets, tree, neighbors, values, power);
}

/** Predicts at the targets in the leaves that begin at tree positions begin .. end - 1, by their indices. */
export function predictPlane(plan: Predictions, begin: i32, end: i32, predicted: Float64Array): void {
  plan.predicted = predicted;
  walk<Plane, Predictions>(plan, begin, end);
}

export function predictSpace(plan: Predictions, begin: i32, end: i32, predicted: Float64Array): void {
  plan.predicted = predicted;
  walk<Space, Predictions>(plan, begin, end);
}

// @ts-ignore: decorator
@inline
function squareTo<D>(targets: Tree, i: i32, tree: Tree, j: i32): f64 {
  const dx = coordinate<D>(tree.coordinates, j, 0) - coordinate<D>(targets.coordinates, i, 0);
  const dy = coordinate<D>(tree.coordinates, j, 1) - coordinate<D>(targets.coordinates, i, 1);
  let square = dx * dx + dy * dy;
  if (dimensions<D>() == 3) {
    const dz = coordinate<D>(tree.coordinates, j, 2) - coordinate<D>(targets.coordinates, i, 2);
    square += dz * dz;
  }
  return square;
}

function predictFromAll<D>(plan: Predictions, begin: i32, end: i32, predicted: Float64Array): void {
  const targets = plan.seekers;
  const tree = plan.tree;
  const n = tree.indices.length;
  for (let i = begin; i < end; i++) {
    let nearest = Infinity;
    for (let j = 0; j < n; j++) nearest = min(nearest, squareTo<D>(targets, i, tree, j));
    plan.mean.start(nearest);
    for (let j = 0; j < n; j++) {
      plan.mean.add<D>(squareTo<D>(targets, i, tree, j), unchecked(plan.values[tree.indices[j]]));
    }
    unchecked((predicted[targets.indices[i]] = plan.mean.sum / plan.mean.weights));
  }
}

/** The same from all points there are, whatever the number of neighbors, at tree positions begin .. end - 1. */
export function predictFromAllPlane(plan: Predictions, begin: i32, end: i32, predicted: Float64Array): void {
  predictFromAll<Plane>(plan, begin, end, predicted);
}

export function predictFromAllSpace(plan: Predictions, begin: i32, end: i32, predicted: Float64Array): void {
  predictFromAll<Space>(plan, begin, end, predicted);
}
