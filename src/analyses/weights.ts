import { withSelf } from "../weights/self.js";
import { summarise } from "../weights/summarise.js";
import { analysis, float8, ids } from "./analysis.js";
import { place, spatialWeights } from "./inputs.js";

export const weightsAnalysis = analysis({
  name: "weights",
  title: "Spatial weights",
  description: "Who is whose neighbor and how much, as a table of pairs, with a summary of the graph.",
  version: 1,
  inputs: { place: place(), weights: spatialWeights({ transform: "O" }) },
  options: {},
  rows: "several",
  columns: {
    focal: ids("id of the focal location"),
    neighbor: ids("id of the neighbor"),
    weight: float8("weight of the neighbor for the focal location"),
  },
  key: ["focal", "neighbor"],
  example: { of: "counties", parameters: { weights: { type: "queen", order: 2 } } },
  size: "light",
  run({ weights: graph }) {
    const { n, offsets, neighbors, weights } = withSelf(graph);
    const focal = new Int32Array(neighbors.length);
    for (let i = 0; i < n; i++) focal.fill(i, offsets[i], offsets[i + 1]);
    const weight = weights ?? Float64Array.from(focal, (i) => 1 / (offsets[i + 1]! - offsets[i]!));
    return {
      columns: { focal, neighbor: neighbors, weight },
      summary: { weights: summarise(graph) },
    };
  },
});
