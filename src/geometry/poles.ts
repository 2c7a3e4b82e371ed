import { DriveshaftError } from "../errors.js";
import { POLYGON, type Geometry } from "./geometry.js";
import { ringsOfFeatures } from "./take-features.js";

export interface Poles {
  /** f64 of shape (n,); NaN of what is no polygon. */
  xs: Float64Array;
  ys: Float64Array;
  /** To the outline, holes included; 0 where no place inside was found, of a polygon thinner than the precision. */
  distances: Float64Array;
}

/** Precision where none is asked for, as a share of the longer side of a polygon's extent, and the finest. */
const PRECISION = 1e-4;
const FINEST = 1e-6;

/** Squares along the longer side to begin with, at most. */
const ALONG = 64;

/**
 * Of each polygon the place inside that is farthest from its outline: Garcia-Castellanos and Lombardo (2007), by halving
 * the squares that may hold one (Agafonkin 2016).
 * @param options.precision by which the distance may fall short of the largest, in units of the coordinates; default a
 *   10,000th of the longer side of a polygon's extent, and never finer than a millionth
 * @throws INVALID_PARAMETER
 */
export function polesOf(polygons: Geometry, options: { precision?: number | undefined } = {}): Poles {
  const { precision } = options;
  if (precision !== undefined && !(precision > 0 && precision < Infinity)) {
    throw new DriveshaftError("INVALID_PARAMETER", `precision is ${precision}, expected a number above 0`);
  }
  const n = polygons.kinds.length;
  const rings = ringsOfFeatures(polygons);
  const nowhere = (): Float64Array => new Float64Array(n).fill(NaN);
  const found = { xs: nowhere(), ys: nowhere(), distances: nowhere() };
  for (let i = 0; i < n; i++) {
    if (polygons.kinds[i] !== POLYGON) continue;
    const { x, y, distance } = poleOf(polygons, rings[i]!, rings[i + 1]!, precision);
    found.xs[i] = x;
    found.ys[i] = y;
    found.distances[i] = distance;
  }
  return found;
}

interface Place {
  x: number;
  y: number;
  distance: number;
}

function poleOf(polygons: Geometry, first: number, end: number, precision: number | undefined): Place {
  const { xs, ys, ringOffsets } = polygons;
  const [begin, after] = [ringOffsets[first]!, ringOffsets[end]!];
  let [west, east, south, north] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let v = begin; v < after; v++) {
    west = Math.min(west, xs[v]!);
    east = Math.max(east, xs[v]!);
    south = Math.min(south, ys[v]!);
    north = Math.max(north, ys[v]!);
  }
  const longer = Math.max(east - west, north - south);
  const within = Math.max(precision ?? PRECISION * longer, FINEST * longer);
  let half = Math.max(Math.min(east - west, north - south), longer / ALONG) / 2;
  let centers: Pick<Place, "x" | "y">[] = [];
  for (let x = west + half; x - half < east; x += 2 * half) {
    for (let y = south + half; y - half < north; y += 2 * half) centers.push({ x, y });
  }
  let best: Place = { x: xs[begin]!, y: ys[begin]!, distance: 0 };
  while (centers.length > 0) {
    const places = centers.map(({ x, y }) => ({ x, y, distance: depthAt(polygons, first, end, x, y) }));
    for (const place of places) if (place.distance > best.distance) best = place;
    // nowhere in a square is it farther than from its center and on to a corner
    const reach = half * Math.SQRT2;
    half /= 2;
    const { distance: least } = best;
    centers = places
      .filter(({ distance }) => distance + reach > least + within)
      .flatMap(({ x, y }) => [
        { x: x - half, y: y - half },
        { x: x + half, y: y - half },
        { x: x - half, y: y + half },
        { x: x + half, y: y + half },
      ]);
  }
  return best;
}

/** The distance to the outline, negative outside. */
function depthAt({ xs, ys, ringOffsets }: Geometry, first: number, end: number, x: number, y: number): number {
  let inside = false;
  let least = Infinity;
  for (let ring = first; ring < end; ring++) {
    const last = ringOffsets[ring + 1]! - 1;
    for (let v = ringOffsets[ring]!, before = last; v <= last; before = v++) {
      const ax = xs[before]! - x;
      const ay = ys[before]! - y;
      const bx = xs[v]! - x;
      const by = ys[v]! - y;
      const dx = bx - ax;
      const dy = by - ay;
      // the edge passes to the right, where it does
      if (ay > 0 !== by > 0 && (ax * dy - ay * dx) / dy > 0) inside = !inside;
      const length = dx * dx + dy * dy;
      const share = length === 0 ? 0 : Math.max(0, Math.min(1, -(ax * dx + ay * dy) / length));
      const nearX = ax + share * dx;
      const nearY = ay + share * dy;
      least = Math.min(least, nearX * nearX + nearY * nearY);
    }
  }
  return (inside ? 1 : -1) * Math.sqrt(least);
}
