/**
 * Contiguity of polygons on shared vertices (queen) or edges (rook). Vertices are numbered by hashing their coordinates, and
 * those within a tolerance share a number; each number or edge keeps a list of the features that have it; the neighbors of a
 * feature are the other features on its lists. Linear in vertices plus neighbors met.
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
 * Leaves a feature one vertex or edge of each number, and gives the others numbers of their own: where a tolerance joins many
 * vertices of a feature, its lists would be as long as they are many.
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

/** What features share: numbers of vertices or edges, and for each number the list of features that have it. */
let shared = new StaticArray<i32>(0);
let listOffsets = new StaticArray<i32>(0);
let listFeatures = new StaticArray<i32>(0);
let seen = new StaticArray<i32>(0);

/**
 * Prepares the lists. Rings are closed implicitly: the closing vertex is not repeated. ringOffsets: where each ring's
 * vertices begin, one more at the end; featureOffsets: where each feature's vertices begin, likewise. snap: vertices at most
 * this far apart are one, by chains; 0 for equal coordinates.
 */
export function prepare(
  xs: Float64Array,
  ys: Float64Array,
  ringOffsets: Int32Array,
  featureOffsets: Int32Array,
  snap: f64,
  rook: bool,
): void {
  const n = xs.length;
  shared = numberVertices(xs, ys);
  if (snap > 0.0) joinNumbers(xs, ys, shared, snap);
  if (rook) shared = numberEdges(shared, ringOffsets);
  if (snap > 0.0) dropRepeated(shared, featureOffsets);
  // lists by counting: list `number` is listFeatures[listOffsets[number] .. listOffsets[number + 1])
  listOffsets = new StaticArray<i32>(n + 2);
  for (let v = 0; v < n; v++) {
    const number = unchecked(shared[v]) + 2;
    unchecked((listOffsets[number] = listOffsets[number] + 1));
  }
  for (let v = 0; v < n; v++) unchecked((listOffsets[v + 1] += listOffsets[v]));
  listFeatures = new StaticArray<i32>(n);
  const features = featureOffsets.length - 1;
  for (let feature = 0; feature < features; feature++) {
    for (let v = unchecked(featureOffsets[feature]); v < unchecked(featureOffsets[feature + 1]); v++) {
      const number = unchecked(shared[v]) + 1;
      const place = unchecked(listOffsets[number]);
      unchecked((listFeatures[place] = feature));
      unchecked((listOffsets[number] = place + 1));
    }
  }
  seen = new StaticArray<i32>(features);
  for (let feature = 0; feature < features; feature++) unchecked((seen[feature] = NONE));
}

/** Calls for every distinct neighbor of a feature; `mark` tells this walk from the others. */
// @ts-ignore: decorator
@inline
function gather(feature: i32, featureOffsets: Int32Array, mark: i32, neighbors: Int32Array | null, place: i32): i32 {
  unchecked((seen[feature] = mark));
  for (let v = unchecked(featureOffsets[feature]); v < unchecked(featureOffsets[feature + 1]); v++) {
    const number = unchecked(shared[v]);
    const end = unchecked(listOffsets[number + 1]);
    for (let q = unchecked(listOffsets[number]); q < end; q++) {
      const other = unchecked(listFeatures[q]);
      if (unchecked(seen[other]) == mark) continue;
      unchecked((seen[other] = mark));
      if (neighbors != null) unchecked((neighbors[place] = other));
      place++;
    }
  }
  return place;
}

/**
 * Counts neighbors: offsets[i] .. offsets[i + 1] will be the row of feature i. Returns their sum; where it exceeds `most`,
 * which an i32 holds, that of the features so far.
 */
export function count(featureOffsets: Int32Array, offsets: Int32Array, most: i32): f64 {
  const features = featureOffsets.length - 1;
  let total: i64 = 0;
  for (let feature = 0; feature < features && total <= most; feature++) {
    total += gather(feature, featureOffsets, feature, null, 0);
    unchecked((offsets[feature + 1] = <i32>min<i64>(total, i32.MAX_VALUE)));
  }
  return <f64>total;
}

/** Writes the neighbors of every feature, ascending, at the offsets that `count` found. */
export function fill(featureOffsets: Int32Array, offsets: Int32Array, neighbors: Int32Array): void {
  const features = featureOffsets.length - 1;
  for (let feature = 0; feature < features; feature++) {
    const begin = unchecked(offsets[feature]);
    gather(feature, featureOffsets, features + feature, neighbors, begin);
    sortRange(neighbors, begin, unchecked(offsets[feature + 1]) - 1);
  }
}
