/**
 * Areas that polygons of two layers have in common, as integrals: nothing is overlaid. What is inside a polygon is what
 * lies below its upper edges less what lies below its lower ones, so the area common to two is the sum, over an edge of
 * each, of the area below both, with the product of their signs. Edges that are shared, nearly so, or end at each other
 * are no cases of their own.
 */
import { sortPairs, sortRange } from "./shared/sort";
export * from "./shared/host";

/** Numbers of a box: west, south, east, north. */
const BOX = 4;

/** Share of the smaller of two areas that rounding may leave of what they have in common. */
const ROUNDING = 1e-13;

/** And of the area of a box. */
const ROUNDING_OF_BOX = 1e-12;

@final
class Layer {
  /** The first edge of each polygon, one more at the end: by their western ends, without upright ones. */
  firstEdges: StaticArray<i32>;
  westX: StaticArray<f64>;
  westY: StaticArray<f64>;
  eastX: StaticArray<f64>;
  eastY: StaticArray<f64>;
  /** 1 of an upper edge, -1 of a lower one. */
  signs: StaticArray<f64>;
  /** By polygon: its box, its area, and the width of its widest edge. */
  boxes: StaticArray<f64>;
  areas: StaticArray<f64>;
  widths: StaticArray<f64>;
  /** Polygons, those near each other together, and the boxes around halves of these, halves of halves, and so on. */
  order: StaticArray<i32>;
  around: StaticArray<f64>;

  constructor(
    public polygons: i32,
    edges: i32,
  ) {
    this.firstEdges = new StaticArray<i32>(polygons + 1);
    this.westX = new StaticArray<f64>(edges);
    this.westY = new StaticArray<f64>(edges);
    this.eastX = new StaticArray<f64>(edges);
    this.eastY = new StaticArray<f64>(edges);
    this.signs = new StaticArray<f64>(edges);
    this.boxes = new StaticArray<f64>(BOX * polygons);
    this.areas = new StaticArray<f64>(polygons);
    this.widths = new StaticArray<f64>(polygons);
    this.order = new StaticArray<i32>(polygons);
    this.around = new StaticArray<f64>(BOX * polygons);
  }
}

/** @param holes by ring, 1 where it is one; @param firstRings of each polygon, one more at the end */
export function createLayer(
  xs: Float64Array,
  ys: Float64Array,
  ringOffsets: Int32Array,
  holes: Int32Array,
  firstRings: Int32Array,
): Layer {
  const n = firstRings.length - 1;
  const layer = new Layer(n, xs.length);
  // of each edge its western end, the vertex there and at the other, and its sign
  const wests = new StaticArray<f64>(xs.length);
  const places = new StaticArray<i32>(xs.length);
  const begins = new StaticArray<i32>(xs.length);
  const ends = new StaticArray<i32>(xs.length);
  const signs = new StaticArray<f64>(xs.length);
  let count = 0;
  for (let i = 0; i < n; i++) {
    const first = count;
    let west = Infinity;
    let south = Infinity;
    let east = -Infinity;
    let north = -Infinity;
    let total = 0.0;
    let widest = 0.0;
    for (let ring = unchecked(firstRings[i]); ring < unchecked(firstRings[i + 1]); ring++) {
      const begin = unchecked(ringOffsets[ring]);
      const end = unchecked(ringOffsets[ring + 1]);
      const isHole = unchecked(holes[ring]) != 0;
      const area = areaOf(xs, ys, begin, end);
      total += isHole ? -Math.abs(area) : Math.abs(area);
      // counter-clockwise an outline runs east along its lower edges
      const eastward = area < 0.0 != isHole ? 1.0 : -1.0;
      for (let v = begin, previous = end - 1; v < end; previous = v++) {
        const x = unchecked(xs[v]);
        const y = unchecked(ys[v]);
        west = min(west, x);
        south = min(south, y);
        east = max(east, x);
        north = max(north, y);
        const before = unchecked(xs[previous]);
        if (x == before) continue;
        unchecked((wests[count] = min(x, before)));
        unchecked((places[count] = count));
        unchecked((begins[count] = x > before ? previous : v));
        unchecked((ends[count] = x > before ? v : previous));
        unchecked((signs[count] = x > before ? eastward : -eastward));
        widest = max(widest, Math.abs(x - before));
        count++;
      }
    }
    sortPairs(wests, places, first, count - 1);
    for (let edge = first; edge < count; edge++) {
      const place = unchecked(places[edge]);
      unchecked((layer.westX[edge] = xs[begins[place]]));
      unchecked((layer.westY[edge] = ys[begins[place]]));
      unchecked((layer.eastX[edge] = xs[ends[place]]));
      unchecked((layer.eastY[edge] = ys[ends[place]]));
      unchecked((layer.signs[edge] = signs[place]));
    }
    unchecked((layer.firstEdges[i + 1] = count));
    unchecked((layer.boxes[BOX * i] = west));
    unchecked((layer.boxes[BOX * i + 1] = south));
    unchecked((layer.boxes[BOX * i + 2] = east));
    unchecked((layer.boxes[BOX * i + 3] = north));
    unchecked((layer.areas[i] = total));
    unchecked((layer.widths[i] = widest));
  }
  const keys = new StaticArray<f64>(n);
  for (let i = 0; i < n; i++) {
    unchecked((layer.order[i] = i));
    unchecked((keys[i] = layer.boxes[BOX * i]));
  }
  sortPairs(keys, layer.order, 0, n - 1);
  // columns as wide as high, from south to north: Leutenegger, Lopez and Edgington (1997), doi:10.1109/ICDE.1997.582015
  const column = <i32>Math.ceil(Math.sqrt(<f64>n));
  for (let first = 0; first < n; first += column) {
    const last = min(n, first + column) - 1;
    for (let i = first; i <= last; i++) unchecked((keys[i] = layer.boxes[BOX * layer.order[i] + 1]));
    sortPairs(keys, layer.order, first, last);
  }
  if (n > 1) surround(layer, 0, n - 1);
  return layer;
}

/** The signed area of a ring, relative to its first vertex. */
function areaOf(xs: Float64Array, ys: Float64Array, begin: i32, end: i32): f64 {
  const x0 = unchecked(xs[begin]);
  const y0 = unchecked(ys[begin]);
  let twice = 0.0;
  for (let v = begin + 1; v < end; v++) {
    twice +=
      (unchecked(xs[v - 1]) - x0) * (unchecked(ys[v]) - y0) - (unchecked(xs[v]) - x0) * (unchecked(ys[v - 1]) - y0);
  }
  return 0.5 * twice;
}

/** The box around polygons first .. last of the order: of one its own, of several where their halves meet. */
// @ts-ignore: decorator
@inline
function side(layer: Layer, first: i32, last: i32, which: i32): f64 {
  return first == last
    ? unchecked(layer.boxes[BOX * layer.order[first] + which])
    : unchecked(layer.around[BOX * ((first + last + 1) >> 1) + which]);
}

/** Writes the boxes around polygons first .. last of the order, and around their halves. */
function surround(layer: Layer, first: i32, last: i32): void {
  if (first == last) return;
  const middle = (first + last + 1) >> 1;
  surround(layer, first, middle - 1);
  surround(layer, middle, last);
  for (let which = 0; which < BOX; which++) {
    const low = side(layer, first, middle - 1, which);
    const high = side(layer, middle, last, which);
    unchecked((layer.around[BOX * middle + which] = which < 2 ? min(low, high) : max(low, high)));
  }
}

@final
class Overlap {
  /** Polygons of the second layer whose boxes meet that of the polygon at hand. */
  found: StaticArray<i32>;
  count: i32 = 0;
  /** The box that two have in common, and its height. */
  west: f64 = 0.0;
  south: f64 = 0.0;
  east: f64 = 0.0;
  height: f64 = 0.0;

  constructor(
    public first: Layer,
    public second: Layer,
  ) {
    this.found = new StaticArray<i32>(second.polygons);
  }
}

export function createOverlap(first: Layer, second: Layer): Overlap {
  return new Overlap(first, second);
}

/** Adds the polygons first .. last of the second layer's order whose boxes meet that of polygon i of the first. */
function search(o: Overlap, i: i32, first: i32, last: i32): void {
  const boxes = o.first.boxes;
  const layer = o.second;
  if (
    side(layer, first, last, 0) >= unchecked(boxes[BOX * i + 2]) ||
    side(layer, first, last, 1) >= unchecked(boxes[BOX * i + 3]) ||
    side(layer, first, last, 2) <= unchecked(boxes[BOX * i]) ||
    side(layer, first, last, 3) <= unchecked(boxes[BOX * i + 1])
  ) {
    return;
  }
  if (first == last) {
    unchecked((o.found[o.count++] = layer.order[first]));
    return;
  }
  const middle = (first + last + 1) >> 1;
  search(o, i, first, middle - 1);
  search(o, i, middle, last);
}

function find(o: Overlap, i: i32): void {
  o.count = 0;
  if (o.second.polygons > 0) search(o, i, 0, o.second.polygons - 1);
  sortRange(o.found, 0, o.count - 1);
}

/** How many pairs of polygons there are whose boxes meet. */
export function countPairs(o: Overlap): f64 {
  let pairs = 0.0;
  for (let i = 0; i < o.first.polygons; i++) {
    find(o, i);
    pairs += <f64>o.count;
  }
  return pairs;
}

/**
 * Writes the polygons of the second layer that each of polygons begin .. end - 1 has an area in common with, from
 * offsets[begin] on, those areas, and where those of each end.
 */
export function intersect(
  o: Overlap,
  begin: i32,
  end: i32,
  offsets: Int32Array,
  others: Int32Array,
  areas: Float64Array,
): void {
  let at = unchecked(offsets[begin]);
  for (let i = begin; i < end; i++) {
    find(o, i);
    for (let q = 0; q < o.count; q++) {
      const j = unchecked(o.found[q]);
      const area = common(o, i, j);
      // what is left of sums that cancel is no area
      if (area <= ROUNDING * min(unchecked(o.first.areas[i]), unchecked(o.second.areas[j]))) continue;
      unchecked((others[at] = j));
      unchecked((areas[at] = area));
      at++;
    }
    unchecked((offsets[i + 1] = at));
  }
}

/**
 * Writes the areas of the polygons of a layer, and by how much, beyond rounding, they differ from those that each has
 * in common with itself.
 */
export function measure(layer: Layer, areas: Float64Array, apart: Float64Array): void {
  const o = new Overlap(layer, layer);
  for (let i = 0; i < layer.polygons; i++) {
    const area = unchecked(layer.areas[i]);
    const difference = Math.abs(common(o, i, i) - area);
    unchecked((areas[i] = area));
    unchecked((apart[i] = max(0.0, difference - ROUNDING_OF_BOX * (o.east - o.west) * o.height)));
  }
}

/** The first edge of a polygon that may reach east of x: those before it begin farther west than any is wide. */
function firstEdge(layer: Layer, polygon: i32, x: f64): i32 {
  const from = x - unchecked(layer.widths[polygon]);
  let first = unchecked(layer.firstEdges[polygon]);
  for (let span = unchecked(layer.firstEdges[polygon + 1]) - first; span > 0; ) {
    const half = span >> 1;
    if (unchecked(layer.westX[first + half]) < from) {
      first += half + 1;
      span -= half + 1;
    } else span = half;
  }
  return first;
}

/** The integral of the product of what is inside polygon i of the first layer and polygon j of the second. */
function common(o: Overlap, i: i32, j: i32): f64 {
  const a = o.first;
  const b = o.second;
  o.west = max(unchecked(a.boxes[BOX * i]), unchecked(b.boxes[BOX * j]));
  o.south = max(unchecked(a.boxes[BOX * i + 1]), unchecked(b.boxes[BOX * j + 1]));
  o.east = min(unchecked(a.boxes[BOX * i + 2]), unchecked(b.boxes[BOX * j + 2]));
  o.height = min(unchecked(a.boxes[BOX * i + 3]), unchecked(b.boxes[BOX * j + 3])) - o.south;
  if (!(o.east > o.west && o.height > 0.0)) return 0.0;
  const lastOfA = unchecked(a.firstEdges[i + 1]);
  const lastOfB = unchecked(b.firstEdges[j + 1]);
  let area = 0.0;
  for (let e = firstEdge(a, i, o.west); e < lastOfA && unchecked(a.westX[e]) < o.east; e++) {
    // what is below an edge south of the box is not in it
    if (max(unchecked(a.westY[e]), unchecked(a.eastY[e])) <= o.south) continue;
    const west = max(o.west, unchecked(a.westX[e]));
    const east = min(o.east, unchecked(a.eastX[e]));
    if (east <= west) continue;
    let below = 0.0;
    for (let f = firstEdge(b, j, west); f < lastOfB && unchecked(b.westX[f]) < east; f++) {
      if (max(unchecked(b.westY[f]), unchecked(b.eastY[f])) <= o.south) continue;
      const from = max(west, unchecked(b.westX[f]));
      const to = min(east, unchecked(b.eastX[f]));
      if (to > from) below += unchecked(b.signs[f]) * belowBoth(o, e, f, from, to);
    }
    area += unchecked(a.signs[e]) * below;
  }
  return area;
}

/** The height of an edge above the south of the box at x, of differences, so that it keeps its digits far from 0. */
// @ts-ignore: decorator
@inline
function heightAt(layer: Layer, edge: i32, x: f64, south: f64): f64 {
  const west = unchecked(layer.westX[edge]);
  const east = unchecked(layer.eastX[edge]);
  const begin = unchecked(layer.westY[edge]);
  const end = unchecked(layer.eastY[edge]);
  if (x == east) return end - south;
  return begin - south + ((x - west) / (east - west)) * (end - begin);
}

/** The area in the box below both of two edges, between two x. */
// @ts-ignore: decorator
@inline
function belowBoth(o: Overlap, e: i32, f: i32, from: f64, to: f64): f64 {
  const first = heightAt(o.first, e, from, o.south);
  const last = heightAt(o.first, e, to, o.south);
  const otherFirst = heightAt(o.second, f, from, o.south);
  const otherLast = heightAt(o.second, f, to, o.south);
  const width = to - from;
  const begin = otherFirst - first;
  const end = otherLast - last;
  if (begin >= 0.0 && end >= 0.0) return below(first, last, width, o.height);
  if (begin <= 0.0 && end <= 0.0) return below(otherFirst, otherLast, width, o.height);
  // they cross
  const share = begin / (begin - end);
  const crossing = first + share * (last - first);
  return (
    below(min(first, otherFirst), crossing, share * width, o.height) +
    below(crossing, min(last, otherLast), (1.0 - share) * width, o.height)
  );
}

/** The area below a line from one height to another, of what is between 0 and the height of the box. */
// @ts-ignore: decorator
@inline
function below(first: f64, last: f64, width: f64, height: f64): f64 {
  const low = min(first, last);
  const high = max(first, last);
  if (high <= 0.0) return 0.0;
  if (low >= height) return width * height;
  const under = low < 0.0 ? -low / (high - low) : 0.0;
  const over = high > height ? (high - height) / (high - low) : 0.0;
  return width * ((1.0 - under - over) * 0.5 * (max(low, 0.0) + min(high, height)) + over * height);
}
