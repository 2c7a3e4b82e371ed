/**
 * The condensed tree: as the distance falls, a cluster loses points, until it falls apart into clusters of its own or
 * into less than one. Campello, Moulavi, Zimek and Sander (2015), doi:10.1145/2733381; McInnes and Healy (2017),
 * doi:10.1109/ICDMW.2017.12.
 *
 * Edges of one length are one event, in which a component falls into all of its parts at once: in which order they were
 * added says nothing.
 */
import { Hierarchy } from "./hierarchy";

/** Where a node is in its cluster still. */
const WITHIN = -1.0;

@final
export class Condensed {
  count: i32 = 1;
  /** By cluster, parents before children: its parent, the distances at which it begins and ends, its stability. */
  parents: StaticArray<i32>;
  births: StaticArray<f64>;
  deaths: StaticArray<f64>;
  stabilities: StaticArray<f64>;
  /** By position: the last cluster that a point is in, and the distance at which it leaves it. */
  clusters: StaticArray<i32>;
  exits: StaticArray<f64>;

  constructor(n: i32, minClusterSize: i32) {
    const most = 2 * (n / minClusterSize) + 1;
    this.parents = new StaticArray<i32>(most);
    this.births = new StaticArray<f64>(most);
    this.deaths = new StaticArray<f64>(most);
    this.stabilities = new StaticArray<f64>(most);
    this.clusters = new StaticArray<i32>(n);
    this.exits = new StaticArray<f64>(n);
    unchecked((this.parents[0] = -1));
    unchecked((this.births[0] = Infinity));
  }

  add(parent: i32, birth: f64): i32 {
    unchecked((this.parents[this.count] = parent));
    unchecked((this.births[this.count] = birth));
    return this.count++;
  }

  /** So many points leave a cluster at a distance; stability is their number times the density that passed. */
  leave(cluster: i32, points: i32, distance: f64): void {
    const passed = 1.0 / distance - 1.0 / unchecked(this.births[cluster]);
    unchecked((this.stabilities[cluster] = this.stabilities[cluster] + <f64>points * passed));
    unchecked((this.deaths[cluster] = distance));
  }
}

/** What is known of a hierarchy's edges while clusters are followed down them. */
@final
class Descent {
  /** By edge: the cluster of what it joins, and the distance at which that left it, or WITHIN. */
  clusters: StaticArray<i32>;
  exits: StaticArray<f64>;
  /** By edge: the topmost edge of the event it belongs to. */
  tops: StaticArray<i32>;
  /** By topmost edge: its parts that can be clusters, and points of the others. */
  large: StaticArray<i32>;
  lost: StaticArray<i32>;

  constructor(
    public hierarchy: Hierarchy,
    public condensed: Condensed,
    public minClusterSize: i32,
  ) {
    const edges = hierarchy.n - 1;
    this.clusters = new StaticArray<i32>(edges);
    this.exits = new StaticArray<f64>(edges);
    this.tops = new StaticArray<i32>(edges);
    this.large = new StaticArray<i32>(edges);
    this.lost = new StaticArray<i32>(edges);
    for (let e = 0; e < edges; e++) unchecked((this.tops[e] = e));
    unchecked((this.exits[edges - 1] = WITHIN));
  }

  /** Whether a node falls apart in the same event as the edge above it. */
  @inline
  isSameEvent(node: i32, distance: f64): bool {
    const n = this.hierarchy.n;
    return node >= n && unchecked(this.hierarchy.lengths[node - n]) == distance;
  }

  /** Counts a node under an edge as a part of the event, or hands on to which event it belongs. */
  count(node: i32, top: i32, distance: f64): void {
    const size = this.hierarchy.size(node);
    if (this.isSameEvent(node, distance)) unchecked((this.tops[node - this.hierarchy.n] = top));
    else if (size >= this.minClusterSize) unchecked((this.large[top] = this.large[top] + 1));
    else unchecked((this.lost[top] = this.lost[top] + size));
  }

  /** Gives a part of the event its cluster. */
  settle(node: i32, top: i32, distance: f64): void {
    if (this.isSameEvent(node, distance)) return;
    let cluster = unchecked(this.clusters[top]);
    let exit = unchecked(this.exits[top]);
    if (exit == WITHIN) {
      if (this.hierarchy.size(node) < this.minClusterSize) exit = distance;
      else if (unchecked(this.large[top]) > 1) cluster = this.condensed.add(cluster, distance);
    }
    const n = this.hierarchy.n;
    const clusters = node < n ? this.condensed.clusters : this.clusters;
    const exits = node < n ? this.condensed.exits : this.exits;
    const at = node < n ? node : node - n;
    unchecked((clusters[at] = cluster));
    unchecked((exits[at] = exit));
  }

  /** Takes what an event costs off the cluster it befalls. */
  end(top: i32, distance: f64): void {
    if (unchecked(this.exits[top]) != WITHIN) return;
    const lost = unchecked(this.lost[top]);
    const all = unchecked(this.hierarchy.sizes[top]);
    this.condensed.leave(unchecked(this.clusters[top]), unchecked(this.large[top]) == 1 ? lost : all, distance);
  }
}

/** Follows clusters of at least so many points, 2 or more and no more than there are, down a hierarchy. */
export function condense(hierarchy: Hierarchy, minClusterSize: i32): Condensed {
  const condensed = new Condensed(hierarchy.n, minClusterSize);
  const descent = new Descent(hierarchy, condensed, minClusterSize);
  const lengths = hierarchy.lengths;
  for (let last = hierarchy.n - 2, first = last; last >= 0; last = first - 1, first = last) {
    const distance = unchecked(lengths[last]);
    while (first > 0 && unchecked(lengths[first - 1]) == distance) first--;
    for (let e = last; e >= first; e--) {
      const top = unchecked(descent.tops[e]);
      descent.count(unchecked(hierarchy.lefts[e]), top, distance);
      descent.count(unchecked(hierarchy.rights[e]), top, distance);
    }
    for (let e = last; e >= first; e--) {
      const top = unchecked(descent.tops[e]);
      if (top == e) descent.end(e, distance);
      descent.settle(unchecked(hierarchy.lefts[e]), top, distance);
      descent.settle(unchecked(hierarchy.rights[e]), top, distance);
    }
  }
  return condensed;
}
