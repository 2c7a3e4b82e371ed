import * as z from "zod";
import { lof, LOF_NEIGHBORS } from "../statistics/lof.js";
import { analysis, float8 } from "./analysis.js";
import { place } from "./inputs.js";
import { greatCircle } from "./parameters.js";

export const lofAnalysis = analysis({
  name: "lof",
  title: "Local outlier factor",
  description: "How much farther a point is from its neighbors than these are from theirs.",
  version: 1,
  inputs: { place: place({ kind: "points" }) },
  options: {
    k: z.int().min(1).max(1000).default(LOF_NEIGHBORS).describe("neighbors of a point, itself not among them"),
    great_circle: greatCircle,
  },
  rows: "each",
  columns: { lof: float8("local outlier factor: about 1 in a cluster, more for outliers") },
  leastRows: 2,
  example: { of: "airports", parameters: { k: 5, great_circle: true } },
  size: "standard",
  cost: [["rows", "k"]],
  run({ place }, { k, great_circle: greatCircle }, { report }) {
    const { xs, ys } = place.points(greatCircle, "great_circle");
    const factors = lof(xs, ys, { k, greatCircle, progress: (share) => report("search", share) });
    let infinite = 0;
    let largest = 0;
    for (const factor of factors) {
      if (factor === Infinity) infinite++;
      else largest = Math.max(largest, factor);
    }
    return {
      columns: { lof: factors },
      summary: { largest, infinite },
      warnings:
        infinite > 0 ? [`${infinite} of the factors are infinite: beside more than ${k} coincident points`] : [],
    };
  },
});
