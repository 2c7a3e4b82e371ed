import { buildGeometry, type Geometry } from "./geometry.js";
import { readGeoJson } from "./geojson.js";

/**
 * Flat arrays from GeoJSON features, in their order; a feature without geometry has no vertices.
 * @throws INVALID_GEOMETRY naming the feature by its index
 */
export function geometryFromGeoJson(features: Iterable<{ geometry: unknown }>): Geometry {
  const builder = buildGeometry();
  let index = 0;
  for (const feature of features) {
    readGeoJson(feature.geometry, builder, () => `feature ${index}`);
    index++;
  }
  return builder.take();
}
