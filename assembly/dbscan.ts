/**
 * DBSCAN: core points have so many points near them, themselves among them; those that are near each other are of one
 * cluster. Ester, Kriegel, Sander and Xu (1996), A density-based algorithm for discovering clusters, KDD-96.
 *
 * Points lie in cells of which all points are near each other. So a full cell is core, and only what is in others is
 * counted; the core points of a cell are of one cluster, and clusters are sets of cells.
 */
import { Assigner, NOWHERE } from "./dbscan/assign";
import { Cells, cellsOf } from "./dbscan/cells";
import { Connector } from "./dbscan/connect";
import { Counter } from "./dbscan/count";
import { sweep } from "./dbscan/sweep";
import { find, singles } from "./shared/sets";
import { Plane, Space } from "./shared/space";
export { squareOverArc, toUnitSphere } from "./shared/space";
export * from "./shared/host";

/** Kinds of points that are not core, which is 0. */
const BORDER = 1;
const NOISE = 2;

@final
class Dbscan {
  /** By position in the order of cells, whether a point is core. */
  isCore: StaticArray<u8>;
  /** By position: how many points are near, and later which of them comes first. */
  near: StaticArray<i32>;
  /** By cell: whether it has a core point, and another cell of the same cluster, or itself at the root. */
  hasCore: StaticArray<u8>;
  clusters: StaticArray<i32>;

  constructor(
    public cells: Cells,
    public minPoints: i32,
  ) {
    const n = cells.tree.indices.length;
    this.isCore = new StaticArray<u8>(n);
    this.near = new StaticArray<i32>(n);
    this.hasCore = new StaticArray<u8>(cells.count);
    this.clusters = singles(cells.count);
  }
}

/** Puts points in the plane into cells of such that are near each other within the root of `square`. n >= 1. */
export function createPlane(xs: Float64Array, ys: Float64Array, square: f64, minPoints: i32): Dbscan {
  return new Dbscan(cellsOf<Plane>(xs, ys, ys, square), minPoints);
}

/** The same of unit vectors. */
export function createSpace(
  xs: Float64Array,
  ys: Float64Array,
  zs: Float64Array,
  square: f64,
  minPoints: i32,
): Dbscan {
  return new Dbscan(cellsOf<Space>(xs, ys, zs, square), minPoints);
}

function findCores<D>(plan: Dbscan): void {
  const cells = plan.cells;
  const counts = plan.near;
  const counter = new Counter(cells, plan.minPoints, counts);
  counter.start<D>();
  sweep<D, Counter>(counter);
  for (let c = 0; c < cells.count; c++) {
    for (let i = unchecked(cells.begins[c]); i < unchecked(cells.begins[c + 1]); i++) {
      if (unchecked(counts[i]) < plan.minPoints) continue;
      unchecked((plan.isCore[i] = 1));
      unchecked((plan.hasCore[c] = 1));
    }
  }
}

/** Finds the core points. */
export function findCoresPlane(plan: Dbscan): void {
  findCores<Plane>(plan);
}

export function findCoresSpace(plan: Dbscan): void {
  findCores<Space>(plan);
}

/** Joins cells that have core points near each other. */
export function connectPlane(plan: Dbscan): void {
  sweep<Plane, Connector>(new Connector(plan.cells, plan.isCore, plan.hasCore, plan.clusters));
}

export function connectSpace(plan: Dbscan): void {
  sweep<Space, Connector>(new Connector(plan.cells, plan.isCore, plan.hasCore, plan.clusters));
}

/** Numbers the clusters of core points, in any order, and writes that of each. Returns how many there are. */
function number(plan: Dbscan, clusters: Int32Array): i32 {
  const cells = plan.cells;
  const numbers = new StaticArray<i32>(cells.count);
  let count = 0;
  for (let c = 0; c < cells.count; c++) {
    if (!unchecked(plan.hasCore[c])) continue;
    // a root comes before the other cells of its cluster
    const root = find(plan.clusters, c);
    if (root == c) unchecked((numbers[c] = count++));
    for (let i = unchecked(cells.begins[c]); i < unchecked(cells.begins[c + 1]); i++) {
      unchecked((clusters[cells.tree.indices[i]] = numbers[root]));
    }
  }
  return count;
}

function assign<D>(plan: Dbscan, clusters: Int32Array, kinds: Int32Array): i32 {
  const cells = plan.cells;
  const lowest = plan.near;
  sweep<D, Assigner>(new Assigner(cells, plan.isCore, plan.hasCore, lowest));
  const count = number(plan, clusters);
  for (let i = 0; i < lowest.length; i++) {
    if (unchecked(plan.isCore[i])) continue;
    const core = unchecked(lowest[i]);
    const index = unchecked(cells.tree.indices[i]);
    unchecked((clusters[index] = core == NOWHERE ? -1 : clusters[core]));
    unchecked((kinds[index] = core == NOWHERE ? NOISE : BORDER));
  }
  return count;
}

/**
 * Writes the cluster of each point, -1 for noise, and its kind, and returns how many clusters there are, which are
 * numbered in no order. A border point is of the cluster of the core point of lowest index near it.
 */
export function assignPlane(plan: Dbscan, clusters: Int32Array, kinds: Int32Array): i32 {
  return assign<Plane>(plan, clusters, kinds);
}

export function assignSpace(plan: Dbscan, clusters: Int32Array, kinds: Int32Array): i32 {
  return assign<Space>(plan, clusters, kinds);
}
