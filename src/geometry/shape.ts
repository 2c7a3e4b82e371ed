import { LINE, NOWHERE, POINT, type Geometry } from "./geometry.js";
import { ringsOfFeatures } from "./take-features.js";

/** The narrowest type of geometries that has all of a column; any, where there are none. */
export type Shape = "Point" | "LineString" | "MultiLineString" | "Polygon" | "MultiPolygon" | "Geometry";

/** Of places of several kinds, or of none, there is no narrower type than any. */
export function shapeOf(geometry: Geometry): Shape {
  const { kinds } = geometry;
  const [kind, ...others] = new Set(kinds.filter((one) => one !== NOWHERE));
  if (kind === undefined || others.length > 0) return "Geometry";
  if (kind === POINT) return "Point";
  const firstRing = ringsOfFeatures(geometry);
  const isMulti = kinds.some((_, i) => outlines(geometry, firstRing[i]!, firstRing[i + 1]!).length > 1);
  if (kind === LINE) return isMulti ? "MultiLineString" : "LineString";
  return isMulti ? "MultiPolygon" : "Polygon";
}

/**
 * The rings of a feature from `first` to `end` that begin a polygon: its outlines, each of which the holes in it
 * follow. Of a line, all its parts.
 */
export function outlines({ holes }: Geometry, first: number, end: number): number[] {
  const found = [];
  for (let ring = first; ring < end; ring++) if (ring === first || !holes[ring]) found.push(ring);
  return found;
}

/** The vertices of a part of a line, by index. */
export const partOfLine = ({ ringOffsets }: Geometry, part: number): number[] =>
  Array.from({ length: ringOffsets[part + 1]! - ringOffsets[part]! }, (_, i) => ringOffsets[part]! + i);

/** Fewest positions of a ring in every format, the last of which repeats the first. */
const FEWEST = 4;

/** The vertices of a closed ring, by index: the first once more at the end, and as often as it takes. */
export function closedRing({ ringOffsets }: Geometry, ring: number): number[] {
  const begin = ringOffsets[ring]!;
  const vertices = [];
  for (let v = begin; v < ringOffsets[ring + 1]!; v++) vertices.push(v);
  do vertices.push(begin);
  while (vertices.length < FEWEST);
  return vertices;
}
