import { buildGeometry, POLYGON, type Geometry } from "./geometry.js";
import { trianglesOf, type Triangulation } from "./triangulate.js";
import { checkPoints } from "../weights/knn.js";

/** A surface of triangles over points that have values. */
export interface Tin {
  triangulation: Triangulation;
  /** By point, of corners only: the mean of the values at its place. */
  values: Float64Array;
  /** How many points coincide with one before. */
  coincident: number;
}

/**
 * The triangulated irregular network of points: Peucker, Fowler, Little and Mark (1978).
 * @throws INVALID_PARAMETER; INVALID_GEOMETRY where all points lie on a line
 */
export function tinOf(xs: Float64Array, ys: Float64Array, values: Float64Array): Tin {
  checkPoints(xs, ys);
  const triangulation = trianglesOf(xs, ys);
  const { corners } = triangulation;
  const sums = new Float64Array(values.length);
  const counts = new Int32Array(values.length);
  corners.forEach((corner, i) => {
    sums[corner]! += values[i]!;
    counts[corner]!++;
  });
  const coincident = corners.reduce((count, corner, i) => count + Number(corner !== i), 0);
  return { triangulation, values: sums.map((sum, i) => sum / counts[i]!), coincident };
}

/** What is to be said of points that coincide. */
export const averagedWarning = ({ coincident }: { coincident: number }): string[] =>
  coincident > 0
    ? [`${coincident} rows coincide with others; a place of several rows has the mean of their values`]
    : [];

/** A map of triangles. */
export interface TinMap {
  /** A polygon each. */
  triangles: Geometry;
  /** The mean of the values at the corners, f64 of shape (triangles,). */
  values: Float64Array;
  /** f64 of shape (triangles,). */
  areas: Float64Array;
}

/** The triangles of a network as polygons. */
export function tinMap(xs: Float64Array, ys: Float64Array, { triangulation, values }: Tin): TinMap {
  const { triangles } = triangulation;
  const count = triangles.length / 3;
  const map = { values: new Float64Array(count), areas: new Float64Array(count) };
  const vertices = (of: Float64Array): Float64Array => Float64Array.from(triangles, (corner) => of[corner]!);
  const [cornerXs, cornerYs] = [vertices(xs), vertices(ys)];
  for (let t = 0; t < count; t++) {
    const [a, b, c] = [3 * t, 3 * t + 1, 3 * t + 2];
    map.values[t] = (values[triangles[a]!]! + values[triangles[b]!]! + values[triangles[c]!]!) / 3;
    const [dx, dy] = [cornerXs[b]! - cornerXs[a]!, cornerYs[b]! - cornerYs[a]!];
    const [ex, ey] = [cornerXs[c]! - cornerXs[a]!, cornerYs[c]! - cornerYs[a]!];
    map.areas[t] = (dx * ey - dy * ex) / 2;
  }
  const offsets = Int32Array.from({ length: count + 1 }, (_, t) => 3 * t);
  const geometry = {
    xs: cornerXs,
    ys: cornerYs,
    ringOffsets: offsets,
    holes: new Uint8Array(count),
    featureOffsets: offsets,
    kinds: new Uint8Array(count).fill(POLYGON),
  };
  return { triangles: geometry, ...map };
}

/** Points one each. */
export function pointGeometry(xs: Float64Array, ys: Float64Array): Geometry {
  const into = buildGeometry();
  xs.forEach((x, i) => into.point(x, ys[i]!));
  return into.take();
}
