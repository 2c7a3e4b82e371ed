import { NOWHERE, POINT, type Geometry } from "./geometry.js";
import { ringsOfFeatures } from "./reorder.js";

export type GeoJsonGeometry =
  { type: "Point"; coordinates: number[] } | { type: "MultiPolygon"; coordinates: number[][][][] } | null;

/** Every feature as a GeoJSON geometry: a point, a multipolygon, or null. */
export function toGeoJson(geometry: Geometry): GeoJsonGeometry[] {
  const firstRing = ringsOfFeatures(geometry);
  const { xs, ys, ringOffsets, holes, featureOffsets } = geometry;
  return Array.from(geometry.kinds, (kind, i) => {
    if (kind === NOWHERE) return null;
    const begin = featureOffsets[i]!;
    if (kind === POINT) return { type: "Point", coordinates: [xs[begin]!, ys[begin]!] };
    const polygons: number[][][][] = [];
    for (let ring = firstRing[i]!; ring < firstRing[i + 1]!; ring++) {
      const vertices = [];
      for (let v = ringOffsets[ring]!; v < ringOffsets[ring + 1]!; v++) vertices.push([xs[v]!, ys[v]!]);
      vertices.push(vertices[0]!);
      if (holes[ring]) polygons.at(-1)?.push(vertices);
      else polygons.push([vertices]);
    }
    return { type: "MultiPolygon", coordinates: polygons };
  });
}
