import { z } from "zod";
import { buildWeights } from "../weights/build.js";
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
  columns: [{ name: "weight", type: "float8", description: "weight of the neighbor for the focal location" }],
  run(input, p, report) {
    const { weights: w, warnings, summary } = buildWeights(p.weights, input, report, p.transform);
    const focal = new Int32Array(w.neighbors.length);
    for (let i = 0; i < w.n; i++) focal.fill(i, w.offsets[i], w.offsets[i + 1]);
    const weight = w.weights ?? Float64Array.from(focal, (i) => 1 / (w.offsets[i + 1]! - w.offsets[i]!));
    return {
      columns: { weight: float8(weight) },
      summary: { weights: { ...summary, ...summarise(w) } },
      warnings,
      pairs: { focal, neighbor: w.neighbors },
    };
  },
});
