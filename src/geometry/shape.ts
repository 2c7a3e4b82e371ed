import { POINT, POLYGON, type Geometry } from "./geometry.js";
import { ringsOfFeatures } from "./take-features.js";

/** The narrowest type of geometries that has all of a column; any, where there are none. */
export type Shape = "Point" | "Polygon" | "MultiPolygon" | "Geometry";

/** Of places that are partly points and partly polygons, or nowhere, there is no narrower type than any. */
export function shapeOf(geometry: Geometry): Shape {
  const { kinds } = geometry;
  const points = kinds.includes(POINT);
  const polygons = kinds.includes(POLYGON);
  if (points === polygons) return "Geometry";
  if (points) return "Point";
  const firstRing = ringsOfFeatures(geometry);
  const multi = kinds.some((_, i) => outlines(geometry, firstRing[i]!, firstRing[i + 1]!).length > 1);
  return multi ? "MultiPolygon" : "Polygon";
}

/**
 * The rings of a feature from `first` to `end` that begin a polygon: its outlines, each of which the holes in it
 * follow.
 */
export function outlines({ holes }: Geometry, first: number, end: number): number[] {
  const found = [];
  for (let ring = first; ring < end; ring++) if (ring === first || !holes[ring]) found.push(ring);
  return found;
}

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
