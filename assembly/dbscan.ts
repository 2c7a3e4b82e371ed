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
import { find, singles, unite } from "./shared/sets";
import { Plane, Space } from "./shared/space";
import { LEAF } from "./shared/tree";
export { squareOverArc, toUnitSphere } from "./shared/space";
export * from "./shared/host";

/** Kinds of points that are not core, which is 0. */
const BORDER = 1;
const NOISE = 2;

@final
class Dbscan {
  /** By position in the order of cells, whether a point is core. */
  isCore: StaticArray<u8>;
  /** By cell, whether it has a core point. */
  hasCore: StaticArray<u8>;
  counter: Counter;
  assigner: Assigner;
  /** One a thread, each with sets of its own. */
  connectors: StaticArray<Connector>;

  constructor(
    public cells: Cells,
    public minPoints: i32,
    threads: i32,
  ) {
    const n = cells.tree.indices.length;
    // how many points are near, and later which core point of these comes first
    const near = new StaticArray<i32>(n);
    const isCore = new StaticArray<u8>(n);
    const hasCore = new StaticArray<u8>(cells.count);
    this.isCore = isCore;
    this.hasCore = hasCore;
    this.counter = new Counter(cells, minPoints, near);
    this.assigner = new Assigner(cells, isCore, hasCore, near);
    this.connectors = new StaticArray<Connector>(threads);
    for (let t = 0; t < threads; t++) this.connectors[t] = new Connector(cells, isCore, hasCore, singles(cells.count));
  }
}

/** Puts points in the plane into cells of such that are near each other within the root of `square`. n >= 1. */
export function createPlane(xs: Float64Array, ys: Float64Array, square: f64, minPoints: i32, threads: i32): Dbscan {
  return new Dbscan(cellsOf<Plane>(xs, ys, ys, square), minPoints, threads);
}

/** The same of unit vectors. */
export function createSpace(
  xs: Float64Array,
  ys: Float64Array,
  zs: Float64Array,
  square: f64,
  minPoints: i32,
  threads: i32,
): Dbscan {
  return new Dbscan(cellsOf<Space>(xs, ys, zs, square), minPoints, threads);
}

/** How many lines the cells lie in. Threads share these. */
export function countLines(plan: Dbscan): i32 {
  return plan.cells.lines.count;
}

/** Makes room for trees of fuller cells, which threads that make them do not; returns whether there are any. */
function reserve<D>(plan: Dbscan): bool {
  const cells = plan.cells;
  for (let c = 0; c < cells.count; c++) {
    if (cells.size(c) <= LEAF) continue;
    cells.reserve<D>();
    return true;
  }
  return false;
}

export function reservePlane(plan: Dbscan): bool {
  return reserve<Plane>(plan);
}

export function reserveSpace(plan: Dbscan): bool {
  return reserve<Space>(plan);
}

function plant<D>(plan: Dbscan, begin: i32, end: i32): void {
  const cells = plan.cells;
  const lines = cells.lines;
  for (let c = unchecked(lines.begins[begin]); c < unchecked(lines.begins[end]); c++) cells.plant<D>(c);
}

/** Makes trees of all fuller cells of lines begin .. end - 1, since threads look into each other's cells. */
export function plantPlane(plan: Dbscan, begin: i32, end: i32, thread: i32): void {
  plant<Plane>(plan, begin, end);
}

export function plantSpace(plan: Dbscan, begin: i32, end: i32, thread: i32): void {
  plant<Space>(plan, begin, end);
}

function findCores<D>(plan: Dbscan, begin: i32, end: i32): void {
  const cells = plan.cells;
  const counter = plan.counter;
  const first = unchecked(cells.lines.begins[begin]);
  const last = unchecked(cells.lines.begins[end]);
  counter.start<D>(first, last);
  sweep<D, Counter>(counter, begin, end);
  for (let c = first; c < last; c++) {
    for (let i = unchecked(cells.begins[c]); i < unchecked(cells.begins[c + 1]); i++) {
      if (unchecked(counter.counts[i]) < plan.minPoints) continue;
      unchecked((plan.isCore[i] = 1));
      unchecked((plan.hasCore[c] = 1));
    }
  }
}

/** Finds the core points in lines begin .. end - 1. */
export function findCoresPlane(plan: Dbscan, begin: i32, end: i32, thread: i32): void {
  findCores<Plane>(plan, begin, end);
}

export function findCoresSpace(plan: Dbscan, begin: i32, end: i32, thread: i32): void {
  findCores<Space>(plan, begin, end);
}

/** Joins cells of lines begin .. end - 1 with those that come after and have core points near theirs. */
export function connectPlane(plan: Dbscan, begin: i32, end: i32, thread: i32): void {
  sweep<Plane, Connector>(unchecked(plan.connectors[thread]), begin, end);
}

export function connectSpace(plan: Dbscan, begin: i32, end: i32, thread: i32): void {
  sweep<Space, Connector>(unchecked(plan.connectors[thread]), begin, end);
}

function assign<D>(plan: Dbscan, begin: i32, end: i32): void {
  const lines = plan.cells.lines;
  plan.assigner.start(unchecked(lines.begins[begin]), unchecked(lines.begins[end]));
  sweep<D, Assigner>(plan.assigner, begin, end);
}

/** Finds the core point of lowest index near each of the other points in lines begin .. end - 1. */
export function assignPlane(plan: Dbscan, begin: i32, end: i32, thread: i32): void {
  assign<Plane>(plan, begin, end);
}

export function assignSpace(plan: Dbscan, begin: i32, end: i32, thread: i32): void {
  assign<Space>(plan, begin, end);
}

/** Joins what any thread has joined; returns the clusters, by cell another of the same, or itself at the root. */
function together(plan: Dbscan): StaticArray<i32> {
  const clusters = unchecked(plan.connectors[0]).clusters;
  for (let t = 1; t < plan.connectors.length; t++) {
    const others = unchecked(plan.connectors[t]).clusters;
    for (let c = 0; c < others.length; c++) {
      if (unchecked(others[c]) != c) unite(clusters, c, unchecked(others[c]));
    }
  }
  return clusters;
}

/** Numbers the clusters of core points, in any order, and writes that of each. Returns how many there are. */
function number(plan: Dbscan, labels: Int32Array): i32 {
  const cells = plan.cells;
  const clusters = together(plan);
  const numbers = new StaticArray<i32>(cells.count);
  let count = 0;
  for (let c = 0; c < cells.count; c++) {
    if (!unchecked(plan.hasCore[c])) continue;
    // a root comes before the other cells of its cluster
    const root = find(clusters, c);
    if (root == c) unchecked((numbers[c] = count++));
    for (let i = unchecked(cells.begins[c]); i < unchecked(cells.begins[c + 1]); i++) {
      unchecked((labels[cells.tree.indices[i]] = numbers[root]));
    }
  }
  return count;
}

/**
 * Writes the cluster of each point, -1 for noise, and its kind, and returns how many clusters there are, which are
 * numbered in no order. A border point is of the cluster of the core point of lowest index near it.
 */
export function label(plan: Dbscan, labels: Int32Array, kinds: Int32Array): i32 {
  const lowest = plan.assigner.lowest;
  const count = number(plan, labels);
  for (let i = 0; i < lowest.length; i++) {
    if (unchecked(plan.isCore[i])) continue;
    const core = unchecked(lowest[i]);
    const index = unchecked(plan.cells.tree.indices[i]);
    unchecked((labels[index] = core == NOWHERE ? -1 : labels[core]));
    unchecked((kinds[index] = core == NOWHERE ? NOISE : BORDER));
  }
  return count;
}
