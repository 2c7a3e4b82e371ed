/** Neighbors by distance: all points within a radius; distances of pairs, and weights that fall with them. */
import { arc, dimensions, Plane, Space } from "./shared/space";
import { sortRange } from "./shared/sort";
import { coordinate, LEAF, Tree } from "./shared/tree";
import { Search, walk } from "./shared/walk";
export { squareOverArc, toUnitSphere } from "./shared/space";
export { plantPlane, plantSpace } from "./shared/tree";
export * from "./shared/host";

@final
class Within extends Search {
  /** By point of the leaf: how many were found, or where the next neighbor goes. */
  places: StaticArray<i32> = new StaticArray<i32>(LEAF);
  /** Where rows begin, and the rows to fill; without, what they will hold is counted. */
  offsets: Int32Array = new Int32Array(0);
  rows: Int32Array | null = null;
  total: i64 = 0;

  constructor(tree: Tree) {
    super(tree, tree);
  }

  start(from: i32, to: i32): void {
    for (let i = from; i <= to; i++) {
      unchecked((this.places[i - from] = this.rows == null ? 0 : this.offsets[this.tree.indices[i]]));
    }
  }

  compare<D>(from: i32, to: i32, first: i32, last: i32): void {
    // locals, because the compiler reads a field anew at every use
    const points = this.tree.coordinates;
    const indices = this.tree.indices;
    const places = this.places;
    const square = this.reach;
    const row = this.rows;
    for (let i = from; i <= to; i++) {
      const x = coordinate<D>(points, i, 0);
      const y = coordinate<D>(points, i, 1);
      const z = dimensions<D>() == 3 ? coordinate<D>(points, i, 2) : 0.0;
      let place = unchecked(places[i - from]);
      for (let j = first; j <= last; j++) {
        const at = j * dimensions<D>();
        const dx = unchecked(points[at]) - x;
        const dy = unchecked(points[at + 1]) - y;
        let distance = dx * dx + dy * dy;
        if (dimensions<D>() == 3) {
          const dz = unchecked(points[at + 2]) - z;
          distance += dz * dz;
        }
        if (distance > square || i == j) continue;
        if (row != null) unchecked((row[place] = indices[j]));
        place++;
      }
      unchecked((places[i - from] = place));
    }
  }

  /** Enters what the points of the leaf found at the offsets. */
  end<D>(from: i32, to: i32): void {
    const offsets = this.offsets;
    const rows = this.rows;
    for (let i = from; i <= to; i++) {
      const place = unchecked(this.places[i - from]);
      const index = unchecked(this.tree.indices[i]);
      if (rows != null) sortRange(rows!, unchecked(offsets[index]), place - 1);
      else {
        unchecked((offsets[index + 1] = place));
        this.total += place;
      }
    }
  }
}

/** Plans searches among points. */
export function createWithin(tree: Tree): Within {
  return new Within(tree);
}

function search<D>(plan: Within, square: f64, begin: i32, end: i32, offsets: Int32Array, rows: Int32Array | null): f64 {
  plan.reach = square;
  plan.offsets = offsets;
  plan.rows = rows;
  plan.total = 0;
  walk<D, Within>(plan, begin, end);
  return <f64>plan.total;
}

/**
 * For the points in the leaves that begin at tree positions begin .. end - 1: without `rows` counts those within the
 * square root of `square`, in offsets[index + 1], and returns their sum; with them writes each row, ascending, at its
 * offset. Ranges that cover 0 .. n cover every point.
 */
export function searchPlane(
  plan: Within,
  square: f64,
  begin: i32,
  end: i32,
  offsets: Int32Array,
  rows: Int32Array | null,
): f64 {
  return search<Plane>(plan, square, begin, end, offsets, rows);
}

/** The same in space. */
export function searchSpace(
  plan: Within,
  square: f64,
  begin: i32,
  end: i32,
  offsets: Int32Array,
  rows: Int32Array | null,
): f64 {
  return search<Space>(plan, square, begin, end, offsets, rows);
}

/** Writes the distances of pairs in the plane. */
export function pairsPlane(xs: Float64Array, ys: Float64Array, offsets: Int32Array, neighbors: Int32Array, distances: Float64Array): void {
  for (let i = 0; i < offsets.length - 1; i++) {
    for (let q = unchecked(offsets[i]); q < unchecked(offsets[i + 1]); q++) {
      const j = unchecked(neighbors[q]);
      const dx = unchecked(xs[j]) - unchecked(xs[i]);
      const dy = unchecked(ys[j]) - unchecked(ys[i]);
      unchecked((distances[q] = Math.sqrt(dx * dx + dy * dy)));
    }
  }
}

/** Writes the distances of pairs of unit vectors, in radians. */
export function pairsSpace(
  xs: Float64Array,
  ys: Float64Array,
  zs: Float64Array,
  offsets: Int32Array,
  neighbors: Int32Array,
  distances: Float64Array,
): void {
  for (let i = 0; i < offsets.length - 1; i++) {
    for (let q = unchecked(offsets[i]); q < unchecked(offsets[i + 1]); q++) {
      const j = unchecked(neighbors[q]);
      const dx = unchecked(xs[j]) - unchecked(xs[i]);
      const dy = unchecked(ys[j]) - unchecked(ys[i]);
      const dz = unchecked(zs[j]) - unchecked(zs[i]);
      unchecked((distances[q] = arc(Math.sqrt(dx * dx + dy * dy + dz * dz))));
    }
  }
}

/** How a weight falls with distance. */
const INVERSE = 0;
const UNIFORM = 1;
const TRIANGULAR = 2;
const EPANECHNIKOV = 3;
const QUARTIC = 4;

/** The weight at `u`: a distance with the power for inverse distance, a share of the bandwidth for kernels. */
function weightAt(kind: i32, u: f64, power: f64): f64 {
  if (kind == INVERSE) return power == 1.0 ? 1.0 / u : Math.pow(u, -power);
  if (u > 1.0) return 0.0;
  if (kind == UNIFORM) return 0.5;
  if (kind == TRIANGULAR) return 1.0 - u;
  if (kind == EPANECHNIKOV) return 0.75 * (1.0 - u * u);
  if (kind == QUARTIC) return (15.0 / 16.0) * (1.0 - u * u) * (1.0 - u * u);
  return Math.exp(-0.5 * u * u) / Math.sqrt(2.0 * Math.PI);
}

/** Replaces distances by weights. bandwidths[i] is that of row i. */
export function weigh(kind: i32, power: f64, offsets: Int32Array, bandwidths: Float64Array, values: Float64Array): void {
  for (let i = 0; i < offsets.length - 1; i++) {
    const bandwidth = unchecked(bandwidths[i]);
    for (let q = unchecked(offsets[i]); q < unchecked(offsets[i + 1]); q++) {
      const distance = unchecked(values[q]);
      unchecked((values[q] = weightAt(kind, kind == INVERSE ? distance : bandwidth > 0.0 ? distance / bandwidth : 0.0, power)));
    }
  }
}

/** The weight of a location for itself under a kernel. */
export function weightOfSelf(kind: i32): f64 {
  return weightAt(kind, 0.0, 1.0);
}
