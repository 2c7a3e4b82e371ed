/** The library: typed arrays in, typed arrays out, no database. */
export { DriveshaftError, type ErrorCode } from "./errors.js";
export { geometryFromGeoJson } from "./geometry/from-geojson.js";
export { centroids } from "./geometry/centroids.js";
export type { Geometry } from "./geometry/geometry.js";
export { queen, rook, type Polygons } from "./weights/contiguity.js";
export { knn } from "./weights/knn.js";
export { islands, pairs, type Weights } from "./weights/weights.js";
export { moran, type Moran } from "./statistics/moran.js";
export { moranLocal, type MoranLocal } from "./statistics/moran-local.js";
export type { Inference } from "./statistics/moran-kernel.js";
export { kmeans, type Kmeans } from "./statistics/kmeans.js";
export { alternatives, type Alternative } from "./statistics/pseudo-p.js";
