import { NOWHERE, POINT, type Geometry } from "./geometry.js";
import { ringsOfFeatures } from "./take-features.js";

export type GeoJsonGeometry =
  { type: "Point"; coordinates: number[] } | { type: "MultiPolygon"; coordinates: number[][][][] } | null;

/** Gives features as GeoJSON geometries, by index: a point, a multipolygon, or null. */
export function featureReader(geometry: Geometry): (feature: number) => GeoJsonGeometry {
  const firstRing = ringsOfFeatures(geometry);
  const { xs, ys, ringOffsets, holes, featureOffsets, kinds } = geometry;
  return (i) => {
    if (kinds[i] === NOWHERE) return null;
    const begin = featureOffsets[i]!;
    if (kinds[i] === POINT) return { type: "Point", coordinates: [xs[begin]!, ys[begin]!] };
    const polygons: number[][][][] = [];
    for (let ring = firstRing[i]!; ring < firstRing[i + 1]!; ring++) {
      const vertices = [];
      for (let v = ringOffsets[ring]!; v < ringOffsets[ring + 1]!; v++) vertices.push([xs[v]!, ys[v]!]);
      vertices.push(vertices[0]!);
      if (holes[ring]) polygons.at(-1)?.push(vertices);
      else polygons.push([vertices]);
    }
    return { type: "MultiPolygon", coordinates: polygons };
  };
}
