/** The library: typed arrays in, typed arrays out, no database. */
export { DriveshaftError, type ErrorCode } from "./errors.js";
export { ellipse, type Ellipse } from "./geometry/ellipse.js";
export { geometryFromGeoJson } from "./geometry/from-geojson.js";
export { convexHull, type ConvexHull } from "./geometry/convex-hull.js";
export { dotDensity, type DotOptions, type Dots } from "./geometry/dots.js";
export { overlaps, selfOverlaps, type Overlaps } from "./geometry/overlap.js";
export { centroids } from "./geometry/centroids.js";
export { sphericalCentroids } from "./geometry/spherical-centroids.js";
export type { Geometry } from "./geometry/geometry.js";
export type { ConvexRegion } from "./geometry/convex-region.js";
export { densify, type Densified } from "./geometry/densify.js";
export { tinMap, tinOf, type Tin, type TinMap } from "./geometry/tin.js";
export { isobands, type Isobands } from "./geometry/isobands.js";
export { nodesOver, surfaceOfNodes, surfaceOfPoints, type Nodes, type Surface } from "./geometry/surface.js";
export { polesOf, type Poles } from "./geometry/poles.js";
export { voronoi, type Voronoi } from "./geometry/voronoi.js";
export { block } from "./weights/block.js";
export { cellWeights, decays, type CellWeights, type Decay, type RingOptions } from "./weights/cells.js";
export { parseGal, parseGwt } from "./weights/gal.js";
export { weightsOfPairs, type PairsOfIds } from "./weights/given.js";
export { queen, rook, type Polygons } from "./weights/contiguity.js";
export { knn } from "./weights/knn.js";
export { nearest, type Nearest } from "./weights/nearest.js";
export { islands, pairs, type Weights } from "./weights/weights.js";
export { distanceBand, smallestThreshold } from "./weights/distance-band.js";
export { kernelFunctions, kernelWeights, type KernelFunction } from "./weights/kernel.js";
export { higherOrder } from "./weights/order.js";
export { withDiagonal } from "./weights/self.js";
export { difference, intersection, symmetric, union } from "./weights/sets.js";
export { summarise, type WeightsSummary } from "./weights/summarise.js";
export { gabriel, relativeNeighbors } from "./weights/proximity.js";
export { delaunay } from "./weights/triangulation.js";
export { transform, transforms, type Transform } from "./weights/transform.js";
export {
  emergingHotSpots,
  type EmergingHotSpots,
  type EmergingHotSpotsOptions,
} from "./statistics/emerging_hot_spots.js";
export { mannKendall, type Trend, type Trends } from "./statistics/mann-kendall.js";
export { fills, spaceTimeCube, type Cube, type CubeRows, type Fill } from "./statistics/space-time-cube.js";
export {
  references,
  spaceTimeStatistics,
  type Reference,
  type SpaceTimeStatistic,
} from "./statistics/space-time-scores.js";
export { geary, type Geary } from "./statistics/geary.js";
export { gearyLocal, gearyLocalMv, type GearyLocal } from "./statistics/geary_local.js";
export { getisOrd, type GetisOrd } from "./statistics/getis_ord.js";
export { getisOrdLocal, type GetisOrdLocal } from "./statistics/getis_ord_local.js";
export { joinCounts, type JoinCount, type JoinCounts } from "./statistics/join_counts.js";
export {
  joinCountsLocal,
  joinCountsLocalBv,
  joinCountsLocalCl,
  type JoinCountsLocal,
} from "./statistics/join_counts_local.js";
export { lee, type Lee } from "./statistics/lee.js";
export { leeLocal, type LeeLocal } from "./statistics/lee_local.js";
export { markovChain, homogeneity, type Homogeneity, type MarkovChain } from "./statistics/markov-chain.js";
export { losh, type Losh } from "./statistics/losh.js";
export { meanCenter, type MeanCenter } from "./statistics/mean_center.js";
export { moran, moranBv, type Moran, type MoranBv } from "./statistics/moran.js";
export { moranLocal, moranLocalBv, type MoranLocal } from "./statistics/moran_local.js";
export { gravity, type Gravity } from "./statistics/gravity.js";
export { gwr, type Gwr, type GwrOptions, type LocalCoefficients } from "./statistics/gwr.js";
export { regressionOrigins } from "./statistics/local-regressions.js";
export { mgwr, type Mgwr, type MgwrInference, type MgwrOptions } from "./statistics/mgwr.js";
export { ols, type Ols, type OlsOptions } from "./statistics/ols.js";
export type { MoranOfResiduals, SpatialTests } from "./statistics/lagrange-multipliers.js";
export type { ResidualTests, Test } from "./statistics/residual-tests.js";
export {
  outlierMethods,
  outliers,
  outlierSides,
  type OutlierMethod,
  type Outliers,
  type OutlierSide,
} from "./statistics/outliers.js";
export { quantileLisa, type Quantile, type QuantileLisa } from "./statistics/quantile_lisa.js";
export type { Inference } from "./statistics/inference.js";
export {
  inferences,
  type InferenceKind,
  type SumInference,
  type SumInferenceResult,
  type UsedInference,
} from "./statistics/infer-sums.js";
export type { Draws, LocalInference, LocalInferenceResult } from "./statistics/crand.js";
export { segment, type Segment, type SegmentOptions } from "./statistics/segment.js";
export { rankMobility, type RankMobility } from "./statistics/rank-mobility.js";
export { spatialMarkov, type SpatialMarkov } from "./statistics/spatial_markov.js";
export { rates, ebStandardized, type Rates } from "./statistics/rates.js";
export { adjustP, corrections, type Correction } from "./statistics/adjust-p.js";
export { classifications, classify, type Classes, type Classification } from "./statistics/classify.js";
export { dbscan, pointKinds, type Dbscan } from "./statistics/dbscan.js";
export { hdbscan, selections, type Hdbscan, type Selection } from "./statistics/hdbscan.js";
export { kmeans, kmeansColumns, type Kmeans, type KmeansColumns } from "./statistics/kmeans.js";
export {
  barycentric,
  idw,
  nearestMean,
  type IdwOptions,
  type Samples,
  type Targets,
} from "./statistics/interpolate.js";
export { lof } from "./statistics/lof.js";
export { similar, similarityMethods, type Similar, type SimilarityMethod } from "./statistics/similar.js";
export { alternatives, type Alternative } from "./statistics/pseudo-p.js";
