import * as z from "zod";
import { buildWeights } from "../weights/build.js";
import { withSelf } from "../weights/self.js";
import { summarise } from "../weights/summarise.js";
import { analysis } from "./analysis.js";
import { float8 } from "./inference.js";
import { location, transform, weights } from "./parameters.js";

export const weightsAnalysis = analysis({
  name: "weights",
  title: "Spatial weights",
  description: "Who is whose neighbor and how much, as a table of pairs, with a summary of the graph.",
  version: 1,
  parameters: z.strictObject({ ...location, weights, transform: transform("O") }),
  rows: "pairs",
  size: "light",
  columns: [{ name: "weight", type: "float8", description: "weight of the neighbor for the focal location" }],
  run(input, p, report) {
    const built = buildWeights(p.weights, input, report, p.transform);
    const { n, offsets, neighbors, weights } = withSelf(built.weights);
    const focal = new Int32Array(neighbors.length);
    for (let i = 0; i < n; i++) focal.fill(i, offsets[i], offsets[i + 1]);
    const weight = weights ?? Float64Array.from(focal, (i) => 1 / (offsets[i + 1]! - offsets[i]!));
    return {
      columns: { weight: float8(weight) },
      summary: { weights: { ...built.summary, ...summarise(built.weights) } },
      warnings: built.warnings,
      pairs: { focal, neighbor: neighbors },
    };
  },
});
