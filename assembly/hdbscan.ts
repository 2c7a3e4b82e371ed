/**
 * HDBSCAN: clusters of any density, as what lasts longest in the hierarchy of all that DBSCAN would find. Campello,
 * Moulavi and Sander (2013), doi:10.1007/978-3-642-37456-2_14.
 */
import { Condensed, condense } from "./hdbscan/condense";
import { Cores } from "./hdbscan/core";
import { Heaps } from "./hdbscan/heaps";
import { hierarchyOf } from "./hdbscan/hierarchy";
import { Rings } from "./hdbscan/rings";
import { lastDeaths, selected } from "./hdbscan/select";
import { joinComponents, Spanning, spanningOf } from "./hdbscan/spanning";
import { boxesOf } from "./shared/boxes";
import { Plane, Space } from "./shared/space";
import { Tree } from "./shared/tree";
import { walk } from "./shared/walk";
export { toUnitSphere } from "./shared/space";
export { plantPlane, plantSpace } from "./shared/tree";
export * from "./shared/host";

/** From so many samples on rings take less time than heaps. */
const MANY = 32;

function createCores<D>(tree: Tree, k: i32): Cores {
  return k < MANY ? new Heaps(tree, k) : new Rings(tree, k, boxesOf<D>(tree));
}

/** Plans the search for core distances, to the k-th nearest other of each point, 1 <= k < n. */
export function createCoresPlane(tree: Tree, k: i32): Cores {
  return createCores<Plane>(tree, k);
}

export function createCoresSpace(tree: Tree, k: i32): Cores {
  return createCores<Space>(tree, k);
}

function search<D>(plan: Cores, begin: i32, end: i32): void {
  if (plan instanceof Rings) (<Rings>plan).search<D>(begin, end);
  else walk<D, Heaps>(<Heaps>plan, begin, end);
}

/** Finds those of the points in the leaves that begin at positions begin .. end - 1 of the tree, from the first on. */
export function searchPlane(plan: Cores, begin: i32, end: i32): void {
  search<Plane>(plan, begin, end);
}

export function searchSpace(plan: Cores, begin: i32, end: i32): void {
  search<Space>(plan, begin, end);
}

/** Begins the spanning tree of at least two points; without core distances that of single linkage. */
export function createSpanningPlane(tree: Tree, cores: Cores | null): Spanning {
  return spanningOf<Plane>(tree, cores ? cores.squares : new StaticArray<f64>(tree.indices.length));
}

export function createSpanningSpace(tree: Tree, cores: Cores | null): Spanning {
  return spanningOf<Space>(tree, cores ? cores.squares : new StaticArray<f64>(tree.indices.length));
}

/** Joins each component to another, and returns how many edges there are; n - 1 of them are the tree. */
export function joinPlane(plan: Spanning): i32 {
  return joinComponents<Plane>(plan);
}

export function joinSpace(plan: Spanning): i32 {
  return joinComponents<Space>(plan);
}

/** Condenses the hierarchy of a whole spanning tree, to clusters of at least so many points, 2 or more. */
export function condensePlane(plan: Spanning, minClusterSize: i32): Condensed {
  return condense(hierarchyOf<Plane>(plan), minClusterSize);
}

export function condenseSpace(plan: Spanning, minClusterSize: i32): Condensed {
  return condense(hierarchyOf<Space>(plan), minClusterSize);
}

/** The share of one distance in another that is no less; of nothing in nothing it is all. */
// @ts-ignore: decorator
@inline
function share(part: f64, whole: f64): f64 {
  return part == whole ? 1.0 : part / whole;
}

/**
 * Writes, by index of the points, the number of the cluster, in no order, -1 for noise; how far the point is in it, and
 * how far out of it. Returns how many numbers there may be.
 */
export function label(
  tree: Tree,
  condensed: Condensed,
  selection: i32,
  clusters: Int32Array,
  probabilities: Float64Array,
  scores: Float64Array,
): i32 {
  const taken = selected(condensed, selection);
  const lasts = lastDeaths(condensed);
  for (let i = 0; i < clusters.length; i++) {
    const index = unchecked(tree.indices[i]);
    const last = unchecked(condensed.clusters[i]);
    const exit = unchecked(condensed.exits[i]);
    const cluster = unchecked(taken[last]);
    unchecked((clusters[index] = cluster));
    unchecked((scores[index] = 1.0 - share(unchecked(lasts[last]), exit)));
    if (cluster < 0) continue;
    const death = unchecked(condensed.deaths[cluster]);
    unchecked((probabilities[index] = share(death, max(death, exit))));
  }
  return condensed.count;
}
