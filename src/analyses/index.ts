import { DriveshaftError } from "../errors.js";
import { similarName } from "../similar-name.js";
import type { Analysis } from "./analysis.js";
import { classifyAnalysis } from "./classify.js";
import { contourAnalysis } from "./contour.js";
import { correlogramAnalysis } from "./correlogram.js";
import { dbscanAnalysis } from "./dbscan.js";
import { densifyAnalysis } from "./densify.js";
import { dotDensityAnalysis } from "./dot_density.js";
import { emergingHotSpotsAnalysis } from "./emerging_hot_spots.js";
import { gearyAnalysis } from "./geary.js";
import { gearyLocalAnalysis } from "./geary_local.js";
import { gearyLocalMvAnalysis } from "./geary_local_mv.js";
import { getisOrdAnalysis } from "./getis_ord.js";
import { getisOrdLocalAnalysis } from "./getis_ord_local.js";
import { gravityAnalysis } from "./gravity.js";
import { gwrAnalysis } from "./gwr.js";
import { hdbscanAnalysis } from "./hdbscan.js";
import { hotSpotsAnalysis } from "./hot_spots.js";
import { hullsAnalysis } from "./hulls.js";
import { interpolateAnalysis } from "./interpolate.js";
import { joinCountsAnalysis } from "./join_counts.js";
import { joinCountsLocalAnalysis } from "./join_counts_local.js";
import { kmeansAnalysis } from "./kmeans.js";
import { leeAnalysis } from "./lee.js";
import { leeLocalAnalysis } from "./lee_local.js";
import { lofAnalysis } from "./lof.js";
import { loshAnalysis } from "./losh.js";
import { meanCenterAnalysis } from "./mean_center.js";
import { mgwrAnalysis } from "./mgwr.js";
import { moranAnalysis } from "./moran.js";
import { moranBvAnalysis } from "./moran_bv.js";
import { moranLocalAnalysis } from "./moran_local.js";
import { moranLocalBvAnalysis } from "./moran_local_bv.js";
import { moranLocalRateAnalysis } from "./moran_local_rate.js";
import { moranRateAnalysis } from "./moran_rate.js";
import { nearestAnalysis } from "./nearest.js";
import { olsAnalysis } from "./ols.js";
import { outliersAnalysis } from "./outliers.js";
import { overlapSumAnalysis } from "./overlap_sum.js";
import { poleOfInaccessibilityAnalysis } from "./pole_of_inaccessibility.js";
import { quantileLisaAnalysis } from "./quantile_lisa.js";
import { ratesAnalysis } from "./rates.js";
import { rectangleGridAnalysis } from "./rectangle_grid.js";
import { segmentAnalysis } from "./segment.js";
import { similarAnalysis } from "./similar.js";
import { spatialMarkovAnalysis } from "./spatial_markov.js";
import { tinmapAnalysis } from "./tinmap.js";
import { voronoiAnalysis } from "./voronoi.js";
import { weightsAnalysis } from "./weights.js";

/** Every analysis there is. */
export const analyses: Analysis[] = [
  moranAnalysis,
  moranBvAnalysis,
  moranRateAnalysis,
  gearyAnalysis,
  getisOrdAnalysis,
  joinCountsAnalysis,
  leeAnalysis,
  correlogramAnalysis,
  moranLocalAnalysis,
  moranLocalBvAnalysis,
  moranLocalRateAnalysis,
  gearyLocalAnalysis,
  gearyLocalMvAnalysis,
  getisOrdLocalAnalysis,
  hotSpotsAnalysis,
  joinCountsLocalAnalysis,
  emergingHotSpotsAnalysis,
  quantileLisaAnalysis,
  leeLocalAnalysis,
  loshAnalysis,
  olsAnalysis,
  gwrAnalysis,
  mgwrAnalysis,
  segmentAnalysis,
  spatialMarkovAnalysis,
  ratesAnalysis,
  weightsAnalysis,
  kmeansAnalysis,
  dbscanAnalysis,
  hdbscanAnalysis,
  lofAnalysis,
  similarAnalysis,
  classifyAnalysis,
  outliersAnalysis,
  meanCenterAnalysis,
  nearestAnalysis,
  gravityAnalysis,
  overlapSumAnalysis,
  hullsAnalysis,
  dotDensityAnalysis,
  voronoiAnalysis,
  interpolateAnalysis,
  contourAnalysis,
  rectangleGridAnalysis,
  tinmapAnalysis,
  densifyAnalysis,
  poleOfInaccessibilityAnalysis,
];

/** @throws UNKNOWN_ANALYSIS with the nearest name */
export function findAnalysis(name: string): Analysis {
  const found = analyses.find((analysis) => analysis.name === name);
  if (found) return found;
  const names = analyses.map((analysis) => analysis.name);
  const near = similarName(name, names);
  throw new DriveshaftError("UNKNOWN_ANALYSIS", `there is no analysis ${JSON.stringify(name)}`, {
    hint: near ? `Did you mean ${near}? There are: ${names.join(", ")}.` : `There are: ${names.join(", ")}.`,
  });
}
