/** Which of other places attract each of some places, and how much: the nearer and the larger the more. */
import { geodesic, LEAST_RADIUS } from "./shared/geodesic";
import { squareOverArc, toUnitSphere } from "./shared/space";
import { sortPairs, sortRange } from "./shared/sort";
export * from "./shared/host";

const RADIANS = Math.PI / 180.0;

/** Distances count as this at least. */
const NEAREST = 1.0;

@final
class Field {
  /** Targets from south to north, and how far north each is. */
  order: StaticArray<i32>;
  norths: StaticArray<f64>;
  /** How far north or south of a place targets are at most. */
  reach: f64;
  /** Unit vectors of both on the sphere, and the square of the chord beyond which a target is too far. */
  vectors: StaticArray<f64> = new StaticArray<f64>(0);
  targetVectors: StaticArray<f64> = new StaticArray<f64>(0);
  square: f64 = 0.0;
  /** Targets that are found for the place at hand. */
  found: StaticArray<i32>;

  constructor(
    public xs: Float64Array,
    public ys: Float64Array,
    public targetXs: Float64Array,
    public targetYs: Float64Array,
    public radius: f64,
    public onEarth: bool,
  ) {
    const m = targetXs.length;
    this.order = new StaticArray<i32>(m);
    this.norths = new StaticArray<f64>(m);
    this.found = new StaticArray<i32>(m);
    for (let j = 0; j < m; j++) {
      unchecked((this.order[j] = j));
      unchecked((this.norths[j] = unchecked(targetYs[j])));
    }
    sortPairs(this.norths, this.order, 0, m - 1);
    // a little more, as angles are rounded
    const arc = (radius / LEAST_RADIUS) * (1.0 + 1e-12) + 1e-12;
    this.reach = onEarth ? arc / RADIANS : radius;
    if (onEarth) {
      this.square = squareOverArc(arc);
      this.vectors = vectorsOf(xs, ys);
      this.targetVectors = vectorsOf(targetXs, targetYs);
    }
  }
}

function vectorsOf(lons: Float64Array, lats: Float64Array): StaticArray<f64> {
  const n = lons.length;
  const x = new Float64Array(n);
  const y = new Float64Array(n);
  const z = new Float64Array(n);
  toUnitSphere(lons, lats, x, y, z);
  const vectors = new StaticArray<f64>(3 * n);
  for (let i = 0; i < n; i++) {
    unchecked((vectors[3 * i] = x[i]));
    unchecked((vectors[3 * i + 1] = y[i]));
    unchecked((vectors[3 * i + 2] = z[i]));
  }
  return vectors;
}

/**
 * Places and what may attract them.
 * @param radius within which it does, Infinity for everywhere
 * @param onEarth coordinates are degrees and distances those of geodesics in metres; else those of the plane
 */
export function createField(
  xs: Float64Array,
  ys: Float64Array,
  targetXs: Float64Array,
  targetYs: Float64Array,
  radius: f64,
  onEarth: bool,
): Field {
  return new Field(xs, ys, targetXs, targetYs, radius, onEarth);
}

/** Finds the targets of a place, of those on Earth a few too many, in their order; returns how many there are. */
function find(f: Field, i: i32): i32 {
  const m = f.order.length;
  const y = unchecked(f.ys[i]);
  let first = 0;
  for (let span = m; span > 0; ) {
    const half = span >> 1;
    if (y - unchecked(f.norths[first + half]) > f.reach) {
      first += half + 1;
      span -= half + 1;
    } else span = half;
  }
  let count = 0;
  for (let at = first; at < m && unchecked(f.norths[at]) - y <= f.reach; at++) {
    const j = unchecked(f.order[at]);
    if (f.onEarth ? !isInReach(f, i, j) : planar(f, i, j) > f.radius) continue;
    unchecked((f.found[count++] = j));
  }
  sortRange(f.found, 0, count - 1);
  return count;
}

// @ts-ignore: decorator
@inline
function isInReach(f: Field, i: i32, j: i32): bool {
  const x = unchecked(f.vectors[3 * i]) - unchecked(f.targetVectors[3 * j]);
  const y = unchecked(f.vectors[3 * i + 1]) - unchecked(f.targetVectors[3 * j + 1]);
  const z = unchecked(f.vectors[3 * i + 2]) - unchecked(f.targetVectors[3 * j + 2]);
  return x * x + y * y + z * z <= f.square;
}

// @ts-ignore: decorator
@inline
function planar(f: Field, i: i32, j: i32): f64 {
  const x = unchecked(f.xs[i]) - unchecked(f.targetXs[j]);
  const y = unchecked(f.ys[i]) - unchecked(f.targetYs[j]);
  return Math.sqrt(x * x + y * y);
}

/** How many pairs there will be at most. */
export function countPairs(f: Field): f64 {
  let pairs = 0.0;
  for (let i = 0; i < f.xs.length; i++) pairs += <f64>find(f, i);
  return pairs;
}

/**
 * Writes the pairs of places begin .. end - 1: targets, distances and probabilities from offsets[begin] on, and where
 * the pairs of each end. Huff (1964): a target's share in the sum of attractions, each over a power of the distance.
 * @param attraction above 0, at most 1
 */
export function attract(
  f: Field,
  attraction: Float64Array,
  exponent: f64,
  begin: i32,
  end: i32,
  offsets: Int32Array,
  targets: Int32Array,
  distances: Float64Array,
  probabilities: Float64Array,
): void {
  let at = unchecked(offsets[begin]);
  for (let i = begin; i < end; i++) {
    const first = at;
    let nearest = Infinity;
    for (let q = 0, count = find(f, i); q < count; q++) {
      const j = unchecked(f.found[q]);
      const distance = f.onEarth
        ? geodesic(unchecked(f.xs[i]), unchecked(f.ys[i]), unchecked(f.targetXs[j]), unchecked(f.targetYs[j]))
        : planar(f, i, j);
      if (distance > f.radius) continue;
      unchecked((targets[at] = j));
      unchecked((distances[at] = distance));
      nearest = min(nearest, distance);
      at++;
    }
    // relative to the nearest, so that no power leaves the range of numbers
    nearest = max(NEAREST, nearest);
    let total = 0.0;
    for (let q = first; q < at; q++) {
      const closeness = Math.pow(nearest / max(NEAREST, unchecked(distances[q])), exponent);
      const share = unchecked(attraction[targets[q]]) * closeness;
      unchecked((probabilities[q] = share));
      total += share;
    }
    for (let q = first; q < at; q++) unchecked((probabilities[q] = probabilities[q] / total));
    unchecked((offsets[i + 1] = at));
  }
}
