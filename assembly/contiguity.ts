/**
 * Contiguity of polygons on shared vertices (queen) or edges (rook). Vertices are numbered by hashing their
 * coordinates, and those within a tolerance share a number; each number or edge keeps a list of the features that have
 * it; the neighbors of a feature are the other features on its lists. Linear in vertices plus neighbors met.
 */
import { joinWithin } from "./shared/join";
import { mix } from "./shared/random";
import { sortRange } from "./shared/sort";
export * from "./shared/host";

const NONE = -1;

/** Slots of an open-addressing table for `items` keys: a power of two, at most two thirds full. */
function slots(items: i32): i32 {
  let capacity = 16;
  while (capacity < items + (items >> 1)) capacity <<= 1;
  return capacity;
}

/** Numbers the vertices: numbers[v] is the first vertex with the coordinates of v. */
function numberVertices(xs: Float64Array, ys: Float64Array): StaticArray<i32> {
  const n = xs.length;
  const mask = slots(n) - 1;
  const table = new StaticArray<i32>(mask + 1);
  const numbers = new StaticArray<i32>(n);
  for (let v = 0; v < n; v++) {
    // adding zero turns -0 into 0, which is the same place
    const x = unchecked(xs[v]) + 0.0;
    const y = unchecked(ys[v]) + 0.0;
    let slot = <i32>(mix(reinterpret<u64>(x) ^ mix(reinterpret<u64>(y)))) & mask;
    let first = unchecked(table[slot]) - 1;
    while (first != NONE && !(unchecked(xs[first]) == x && unchecked(ys[first]) == y)) {
      slot = (slot + 1) & mask;
      first = unchecked(table[slot]) - 1;
    }
    if (first == NONE) {
      unchecked((table[slot] = v + 1));
      first = v;
    }
    unchecked((numbers[v] = first));
  }
  return numbers;
}

/** Gives vertices that hang together by steps of at most `snap` one number, that of one of them. */
function joinNumbers(xs: Float64Array, ys: Float64Array, numbers: StaticArray<i32>, snap: f64): void {
  const n = numbers.length;
  // each place once: `places` holds its first vertex, `ranks` the way back
  const ranks = new StaticArray<i32>(n);
  let count = 0;
  for (let v = 0; v < n; v++) if (unchecked(numbers[v]) == v) unchecked((ranks[v] = count++));
  const places = new StaticArray<i32>(count);
  const placeXs = new Float64Array(count);
  const placeYs = new Float64Array(count);
  for (let v = 0; v < n; v++) {
    if (unchecked(numbers[v]) != v) continue;
    const rank = unchecked(ranks[v]);
    unchecked((places[rank] = v));
    unchecked((placeXs[rank] = xs[v]));
    unchecked((placeYs[rank] = ys[v]));
  }
  const sets = joinWithin(placeXs, placeYs, snap);
  for (let v = 0; v < n; v++) unchecked((numbers[v] = places[sets[ranks[numbers[v]]]]));
}

/** Numbers the edges: edge v runs from vertex v to the next of its ring; edges with the same two ends are one. */
function numberEdges(vertices: StaticArray<i32>, ringOffsets: Int32Array): StaticArray<i32> {
  const n = vertices.length;
  const mask = slots(n) - 1;
  const table = new StaticArray<i32>(mask + 1);
  const low = new StaticArray<i32>(n);
  const high = new StaticArray<i32>(n);
  const numbers = new StaticArray<i32>(n);
  for (let ring = 0; ring < ringOffsets.length - 1; ring++) {
    const begin = unchecked(ringOffsets[ring]);
    const end = unchecked(ringOffsets[ring + 1]);
    for (let v = begin; v < end; v++) {
      const a = unchecked(vertices[v]);
      const b = unchecked(vertices[v + 1 < end ? v + 1 : begin]);
      const lowEnd = min(a, b);
      const highEnd = max(a, b);
      unchecked((low[v] = lowEnd));
      unchecked((high[v] = highEnd));
      unchecked((numbers[v] = v));
      // a repeated vertex makes an edge without length, which is nobody's border
      if (a == b) continue;
      let slot = <i32>mix((<u64>lowEnd << 32) | <u64>highEnd) & mask;
      let first = unchecked(table[slot]) - 1;
      while (first != NONE && !(unchecked(low[first]) == lowEnd && unchecked(high[first]) == highEnd)) {
        slot = (slot + 1) & mask;
        first = unchecked(table[slot]) - 1;
      }
      if (first == NONE) {
        unchecked((table[slot] = v + 1));
        first = v;
      }
      unchecked((numbers[v] = first));
    }
  }
  return numbers;
}

/**
 * Leaves a feature one vertex or edge of each number, and gives the others numbers of their own: where a tolerance
 * joins many vertices of a feature, its lists would be as long as they are many.
 */
function dropRepeated(numbers: StaticArray<i32>, featureOffsets: Int32Array): void {
  const last = new StaticArray<i32>(numbers.length);
  for (let v = 0; v < last.length; v++) unchecked((last[v] = NONE));
  for (let feature = 0; feature < featureOffsets.length - 1; feature++) {
    for (let v = unchecked(featureOffsets[feature]); v < unchecked(featureOffsets[feature + 1]); v++) {
      const number = unchecked(numbers[v]);
      if (unchecked(last[number]) == feature) unchecked((numbers[v] = v));
      else unchecked((last[number] = feature));
    }
  }
}

/** What features share. */
@final
class Sharing {
  /** By vertex, the number that it or its edge has. */
  numbers!: StaticArray<i32>;
  /** The features that have a number are features[offsets[number] .. offsets[number + 1]). */
  offsets!: StaticArray<i32>;
  features!: StaticArray<i32>;
  /** By feature, the mark of the walk that met it last. */
  seen!: StaticArray<i32>;
}

/**
 * Finds what features share. Rings are closed implicitly: the closing vertex is not repeated. ringOffsets: where each
 * ring's vertices begin, one more at the end; featureOffsets: where each feature's vertices begin, likewise. snap:
 * vertices at most this far apart are one, by chains; 0 for equal coordinates.
 */
export function createSharing(
  xs: Float64Array,
  ys: Float64Array,
  ringOffsets: Int32Array,
  featureOffsets: Int32Array,
  snap: f64,
  rook: bool,
): Sharing {
  const n = xs.length;
  let numbers = numberVertices(xs, ys);
  if (snap > 0.0) joinNumbers(xs, ys, numbers, snap);
  if (rook) numbers = numberEdges(numbers, ringOffsets);
  if (snap > 0.0) dropRepeated(numbers, featureOffsets);
  // lists by counting
  const offsets = new StaticArray<i32>(n + 2);
  for (let v = 0; v < n; v++) {
    const number = unchecked(numbers[v]) + 2;
    unchecked((offsets[number] = offsets[number] + 1));
  }
  for (let v = 0; v < n; v++) unchecked((offsets[v + 1] += offsets[v]));
  const features = new StaticArray<i32>(n);
  const count = featureOffsets.length - 1;
  for (let feature = 0; feature < count; feature++) {
    for (let v = unchecked(featureOffsets[feature]); v < unchecked(featureOffsets[feature + 1]); v++) {
      const number = unchecked(numbers[v]) + 1;
      const place = unchecked(offsets[number]);
      unchecked((features[place] = feature));
      unchecked((offsets[number] = place + 1));
    }
  }
  const seen = new StaticArray<i32>(count);
  for (let feature = 0; feature < count; feature++) unchecked((seen[feature] = NONE));
  const sharing = new Sharing();
  sharing.numbers = numbers;
  sharing.offsets = offsets;
  sharing.features = features;
  sharing.seen = seen;
  return sharing;
}

/** Goes through the distinct neighbors of a feature; `mark` tells this walk from the others. */
// @ts-ignore: decorator
@inline
function gather(
  sharing: Sharing,
  feature: i32,
  featureOffsets: Int32Array,
  mark: i32,
  neighbors: Int32Array | null,
  place: i32,
): i32 {
  // locals, because the compiler reads a field anew at every use
  const numbers = sharing.numbers;
  const offsets = sharing.offsets;
  const features = sharing.features;
  const seen = sharing.seen;
  unchecked((seen[feature] = mark));
  for (let v = unchecked(featureOffsets[feature]); v < unchecked(featureOffsets[feature + 1]); v++) {
    const number = unchecked(numbers[v]);
    const end = unchecked(offsets[number + 1]);
    for (let q = unchecked(offsets[number]); q < end; q++) {
      const other = unchecked(features[q]);
      if (unchecked(seen[other]) == mark) continue;
      unchecked((seen[other] = mark));
      if (neighbors != null) unchecked((neighbors[place] = other));
      place++;
    }
  }
  return place;
}

/**
 * Counts neighbors: offsets[i] .. offsets[i + 1] will be the row of feature i. Returns their sum; where it exceeds
 * `most`, which an i32 holds, that of the features so far.
 */
export function countNeighbors(plan: Sharing, featureOffsets: Int32Array, offsets: Int32Array, most: i32): f64 {
  const features = featureOffsets.length - 1;
  let total: i64 = 0;
  for (let feature = 0; feature < features && total <= most; feature++) {
    total += gather(plan, feature, featureOffsets, feature, null, 0);
    unchecked((offsets[feature + 1] = <i32>min<i64>(total, i32.MAX_VALUE)));
  }
  return <f64>total;
}

/** Writes the neighbors of every feature, ascending, at the offsets that were counted. */
export function writeNeighbors(
  plan: Sharing,
  featureOffsets: Int32Array,
  offsets: Int32Array,
  neighbors: Int32Array,
): void {
  const features = featureOffsets.length - 1;
  for (let feature = 0; feature < features; feature++) {
    const begin = unchecked(offsets[feature]);
    gather(plan, feature, featureOffsets, features + feature, neighbors, begin);
    sortRange(neighbors, begin, unchecked(offsets[feature + 1]) - 1);
  }
}
