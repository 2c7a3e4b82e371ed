import { DriveshaftError } from "../errors.js";
import { nearest } from "../nearest.js";
import type { Analysis } from "./analysis.js";
import { kmeansAnalysis } from "./kmeans.js";
import { moranAnalysis } from "./moran.js";
import { moranLocalAnalysis } from "./moran_local.js";

/** Every analysis there is. */
export const analyses: Analysis[] = [moranAnalysis, moranLocalAnalysis, kmeansAnalysis];

/** @throws UNKNOWN_ANALYSIS with the nearest name */
export function findAnalysis(name: string): Analysis {
  const found = analyses.find((analysis) => analysis.name === name);
  if (found) return found;
  const names = analyses.map((analysis) => analysis.name);
  const near = nearest(name, names);
  throw new DriveshaftError("UNKNOWN_ANALYSIS", `there is no analysis ${JSON.stringify(name)}`, {
    hint: near ? `Did you mean ${near}? There are: ${names.join(", ")}.` : `There are: ${names.join(", ")}.`,
  });
}
