import { LINE, NOWHERE, POINT, type Geometry } from "./geometry.js";
import { closedRing, outlines, partOfLine } from "./shape.js";

export type GeoJsonGeometry =
  | { type: "Point"; coordinates: number[] }
  | { type: "LineString"; coordinates: number[][] }
  | { type: "MultiLineString"; coordinates: number[][][] }
  | { type: "Polygon"; coordinates: number[][][] }
  | { type: "MultiPolygon"; coordinates: number[][][][] };

/** A feature as a GeoJSON geometry: a point, a line or polygon, where it has several parts a multiple one, or null. */
export function toGeoJson(geometry: Geometry, feature: number): GeoJsonGeometry | null {
  const { xs, ys, featureOffsets, kinds } = geometry;
  if (kinds[feature] === NOWHERE) return null;
  const position = (v: number): number[] => [xs[v]!, ys[v]!];
  if (kinds[feature] === POINT) return { type: "Point", coordinates: position(featureOffsets[feature]!) };
  const end = firstRing(geometry, feature + 1);
  if (kinds[feature] === LINE) {
    const parts = [];
    for (let part = firstRing(geometry, feature); part < end; part++)
      parts.push(partOfLine(geometry, part).map(position));
    return parts.length === 1
      ? { type: "LineString", coordinates: parts[0]! }
      : { type: "MultiLineString", coordinates: parts };
  }
  const starts = outlines(geometry, firstRing(geometry, feature), end);
  const polygons = starts.map((start, i) => {
    const rings = [];
    for (let ring = start; ring < (starts[i + 1] ?? end); ring++) rings.push(closedRing(geometry, ring).map(position));
    return rings;
  });
  return polygons.length === 1
    ? { type: "Polygon", coordinates: polygons[0]! }
    : { type: "MultiPolygon", coordinates: polygons };
}

/** The first ring of a feature: the one that begins where the feature does. */
function firstRing({ featureOffsets, ringOffsets }: Geometry, feature: number): number {
  const begin = featureOffsets[feature]!;
  let low = 0;
  let high = ringOffsets.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ringOffsets[middle]! < begin) low = middle + 1;
    else high = middle;
  }
  return low;
}
