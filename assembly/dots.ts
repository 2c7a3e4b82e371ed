/**
 * Dots in polygons, uniform over their area. Between two vertices that follow each other from south to north a polygon
 * is made of trapezoids: how far north a dot is comes from their areas, and where it is along its parallel from its
 * width there. So none is thrown away, however thin the polygon is.
 */
import { advance, mix, start, STREAM_DOTS, uniform } from "./shared/random";
import { sortPairs, sortRange } from "./shared/sort";
export * from "./shared/host";

const RADIANS = Math.PI / 180.0;

/** What became of a polygon: dots are in it; it has no area; it crosses itself. */
const DONE = 0;
const FLAT = 1;
const CROSSING = 2;

@final
class Scatter {
  /** Edges of the polygon at hand but for level ones: their southern and northern ends. */
  edges: i32 = 0;
  southX: StaticArray<f64>;
  southY: StaticArray<f64>;
  northX: StaticArray<f64>;
  northY: StaticArray<f64>;
  /** The edges by their southern ends, and these. */
  order: StaticArray<i32>;
  begins: StaticArray<f64>;
  /** Latitudes of vertices, ascending; slab k is between the k-th and the next. */
  levels: StaticArray<f64>;
  slabs: i32 = 0;
  /** By slab: widths at its southern and northern end, and the area up to there. */
  southWidths: StaticArray<f64>;
  northWidths: StaticArray<f64>;
  areas: StaticArray<f64>;
  /** The edges that go through the slab at hand, from west to east, and where they cross its middle. */
  active: StaticArray<i32>;
  crossings: StaticArray<f64>;
  count: i32 = 0;
  /** How many edges begin up to there. */
  begun: i32 = 0;
  /** By how much rounding may move a crossing. */
  rounding: f64 = 0.0;
  /** Of all dots of a polygon: how far north they are and their numbers, and how far along their parallel. */
  norths: StaticArray<f64>;
  numbers: StaticArray<i32>;
  shares: StaticArray<f64>;

  constructor(
    public xs: Float64Array,
    public ys: Float64Array,
    /** Where rings begin, and the first ring of each polygon, one more each. */
    public ringOffsets: Int32Array,
    public firstRings: Int32Array,
    mostVertices: i32,
    mostDots: i32,
  ) {
    this.southX = new StaticArray<f64>(mostVertices);
    this.southY = new StaticArray<f64>(mostVertices);
    this.northX = new StaticArray<f64>(mostVertices);
    this.northY = new StaticArray<f64>(mostVertices);
    this.order = new StaticArray<i32>(mostVertices);
    this.begins = new StaticArray<f64>(mostVertices);
    this.levels = new StaticArray<f64>(mostVertices);
    this.southWidths = new StaticArray<f64>(mostVertices);
    this.northWidths = new StaticArray<f64>(mostVertices);
    this.areas = new StaticArray<f64>(mostVertices);
    this.active = new StaticArray<i32>(mostVertices);
    this.crossings = new StaticArray<f64>(mostVertices);
    this.norths = new StaticArray<f64>(mostDots);
    this.numbers = new StaticArray<i32>(mostDots);
    this.shares = new StaticArray<f64>(mostDots);
  }

  /** Where an edge is at a height between its ends. */
  at(edge: i32, y: f64): f64 {
    const x = unchecked(this.southX[edge]);
    const south = unchecked(this.southY[edge]);
    const north = unchecked(this.northY[edge]);
    if (y <= south) return x;
    if (y >= north) return unchecked(this.northX[edge]);
    return x + ((y - south) / (north - south)) * (unchecked(this.northX[edge]) - x);
  }
}

export function createScatter(
  xs: Float64Array,
  ys: Float64Array,
  ringOffsets: Int32Array,
  firstRings: Int32Array,
  mostVertices: i32,
  mostDots: i32,
): Scatter {
  return new Scatter(xs, ys, ringOffsets, firstRings, mostVertices, mostDots);
}

/** The state before the first number of a dot; that of the polygon itself is of the dot -1. */
// @ts-ignore: decorator
@inline
function sequence(seed: f64, column: i32, polygon: i32, dot: i32): u64 {
  return start(seed, STREAM_DOTS, mix(((<u64>(<u32>column)) << 32) | <u64>(<u32>polygon)) + <u64>(<i64>dot));
}

/** Writes how many dots each polygon has: what is left after whole ones is the chance of one more. */
export function countDots(values: Float64Array, per: f64, seed: f64, column: i32, counts: Int32Array): void {
  for (let i = 0; i < values.length; i++) {
    const dots = unchecked(values[i]) / per;
    const whole = Math.floor(dots);
    const more = uniform(advance(sequence(seed, column, i, -1))) < dots - whole;
    unchecked((counts[i] = <i32>whole + i32(more)));
  }
}

/** Writes the edges of a polygon and its levels. */
function take(s: Scatter, polygon: i32): void {
  let edges = 0;
  let vertices = 0;
  let largest = 0.0;
  for (let ring = unchecked(s.firstRings[polygon]); ring < unchecked(s.firstRings[polygon + 1]); ring++) {
    const end = unchecked(s.ringOffsets[ring + 1]);
    let previous = end - 1;
    for (let v = unchecked(s.ringOffsets[ring]); v < end; v++) {
      const y = unchecked(s.ys[v]);
      unchecked((s.levels[vertices++] = y));
      largest = max(largest, Math.abs(unchecked(s.xs[v])));
      if (y != unchecked(s.ys[previous])) {
        const isUp = y > unchecked(s.ys[previous]);
        const south = isUp ? previous : v;
        const north = isUp ? v : previous;
        unchecked((s.southX[edges] = s.xs[south]));
        unchecked((s.southY[edges] = s.ys[south]));
        unchecked((s.northX[edges] = s.xs[north]));
        unchecked((s.northY[edges] = s.ys[north]));
        unchecked((s.begins[edges] = s.ys[south]));
        unchecked((s.order[edges] = edges));
        edges++;
      }
      previous = v;
    }
  }
  sortPairs(s.begins, s.order, 0, edges - 1);
  sortRange(s.levels, 0, vertices - 1);
  let levels = 0;
  for (let v = 0; v < vertices; v++) {
    const level = unchecked(s.levels[v]);
    if (levels == 0 || level > unchecked(s.levels[levels - 1])) unchecked((s.levels[levels++] = level));
  }
  s.edges = edges;
  s.slabs = levels - 1;
  s.rounding = 16.0 * f64.EPSILON * largest;
  s.begun = 0;
  s.count = 0;
}

/** Goes on to the edges of a slab, after those of the one below it. */
function enter(s: Scatter, slab: i32): void {
  const south = unchecked(s.levels[slab]);
  const middle = south + 0.5 * (unchecked(s.levels[slab + 1]) - south);
  let count = 0;
  for (let a = 0; a < s.count; a++) {
    const edge = unchecked(s.active[a]);
    if (unchecked(s.northY[edge]) > south) unchecked((s.active[count++] = edge));
  }
  while (s.begun < s.edges && unchecked(s.begins[s.begun]) <= south) {
    unchecked((s.active[count++] = s.order[s.begun++]));
  }
  s.count = count;
  // they come nearly sorted
  for (let a = 0; a < count; a++) {
    const edge = unchecked(s.active[a]);
    const crossing = s.at(edge, middle);
    let b = a;
    while (b > 0 && unchecked(s.crossings[b - 1]) > crossing) {
      unchecked((s.crossings[b] = s.crossings[b - 1]));
      unchecked((s.active[b] = s.active[b - 1]));
      b--;
    }
    unchecked((s.crossings[b] = crossing));
    unchecked((s.active[b] = edge));
  }
}

/** Writes the widths of all slabs and the areas up to each; returns what becomes of the polygon. */
function measure(s: Scatter): i32 {
  let area = 0.0;
  for (let slab = 0; slab < s.slabs; slab++) {
    enter(s, slab);
    const south = unchecked(s.levels[slab]);
    const north = unchecked(s.levels[slab + 1]);
    let southWidth = 0.0;
    let northWidth = 0.0;
    for (let a = 1; a < s.count; a++) {
      const left = unchecked(s.active[a - 1]);
      const right = unchecked(s.active[a]);
      const below = s.at(right, south) - s.at(left, south);
      const above = s.at(right, north) - s.at(left, north);
      if (min(below, above) < -s.rounding) return CROSSING;
      // what is inside is between an odd edge and the next
      if (a & 1) {
        southWidth += max(0.0, below);
        northWidth += max(0.0, above);
      }
    }
    area += 0.5 * (southWidth + northWidth) * (north - south);
    unchecked((s.southWidths[slab] = southWidth));
    unchecked((s.northWidths[slab] = northWidth));
    unchecked((s.areas[slab] = area));
  }
  return area > 0.0 ? DONE : FLAT;
}

/** How far north a dot is whose share of the area is south of it. */
function northOf(s: Scatter, share: f64): f64 {
  const area = share * unchecked(s.areas[s.slabs - 1]);
  let slab = 0;
  for (let span = s.slabs - 1; span > 0; ) {
    const half = span >> 1;
    if (unchecked(s.areas[slab + half]) <= area) {
      slab += half + 1;
      span -= half + 1;
    } else span = half;
  }
  const before = slab > 0 ? unchecked(s.areas[slab - 1]) : 0.0;
  const width = unchecked(s.southWidths[slab]);
  const gain = unchecked(s.northWidths[slab]) - width;
  const south = unchecked(s.levels[slab]);
  const height = unchecked(s.levels[slab + 1]) - south;
  // the height at which the trapezoid below has what is left of the area
  const left = (area - before) / height;
  const up = (2.0 * left) / (width + Math.sqrt(max(0.0, width * width + 2.0 * gain * left)));
  return south + min(1.0, up > 0.0 ? up : 0.0) * height;
}

/** The place along a parallel, by the share of its width in the polygon that is west of it. */
function eastOf(s: Scatter, y: f64, share: f64): f64 {
  let width = 0.0;
  for (let a = 1; a < s.count; a += 2) {
    width += max(0.0, s.at(unchecked(s.active[a]), y) - s.at(unchecked(s.active[a - 1]), y));
  }
  let left = share * width;
  let x = 0.0;
  for (let a = 1; a < s.count; a += 2) {
    const west = s.at(unchecked(s.active[a - 1]), y);
    const east = s.at(unchecked(s.active[a]), y);
    const reach = max(0.0, east - west);
    // inside by more than rounding, or in the middle
    const margin = min(s.rounding, 0.5 * reach);
    x = max(west + margin, min(east - margin, west + left));
    if (left < reach) return x;
    left -= reach;
  }
  return x;
}

/**
 * Writes the dots of a polygon from `from` on, and returns what became of it. A dot has random numbers of its own, so
 * that it stays where it is when others are added.
 * @param onSphere coordinates are degrees, and areas those on the sphere
 */
export function scatter(
  s: Scatter,
  polygon: i32,
  count: i32,
  seed: f64,
  column: i32,
  onSphere: bool,
  from: i32,
  dotXs: Float64Array,
  dotYs: Float64Array,
): i32 {
  take(s, polygon);
  const found = measure(s);
  if (found != DONE) return found;
  const south = unchecked(s.levels[0]);
  const north = unchecked(s.levels[s.slabs]);
  // a parallel is shorter than the equator by the cosine
  const longest = Math.cos((south > 0.0 ? south : north < 0.0 ? north : 0.0) * RADIANS);
  for (let dot = 0; dot < count; dot++) {
    let state = sequence(seed, column, polygon, dot);
    let y: f64;
    do {
      state = advance(state);
      y = northOf(s, uniform(state));
      state = advance(state);
    } while (onSphere && uniform(state) * longest > Math.cos(y * RADIANS));
    unchecked((s.norths[dot] = y));
    unchecked((s.numbers[dot] = dot));
    unchecked((s.shares[dot] = uniform(advance(state))));
  }
  sortPairs(s.norths, s.numbers, 0, count - 1);
  s.begun = 0;
  s.count = 0;
  for (let slab = 0, at = 0; at < count; slab++) {
    enter(s, slab);
    const last = slab == s.slabs - 1;
    for (; at < count && (last || unchecked(s.norths[at]) < unchecked(s.levels[slab + 1])); at++) {
      const y = unchecked(s.norths[at]);
      const dot = unchecked(s.numbers[at]);
      unchecked((dotXs[from + dot] = eastOf(s, y, unchecked(s.shares[dot]))));
      unchecked((dotYs[from + dot] = y));
    }
  }
  return DONE;
}
