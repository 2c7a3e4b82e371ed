import * as z from "zod";
import { DriveshaftError } from "../errors.js";
import { geary } from "../statistics/geary.js";
import { moran } from "../statistics/moran.js";
import { contiguityOf, places } from "../weights/build.js";
import { distanceBand, smallestThreshold } from "../weights/distance-band.js";
import { higherOrder } from "../weights/order.js";
import { difference } from "../weights/sets.js";
import { transform } from "../weights/transform.js";
import { pairs, type Weights } from "../weights/weights.js";
import { analysis, type Input, statisticOptions } from "./analysis.js";
import { float8 } from "./inference.js";
import { globalInferenceParameters, greatCircle, location, numberColumn } from "./parameters.js";

interface Bin {
  from: number;
  to: number;
  weights: Weights;
}

export const correlogramAnalysis = analysis({
  name: "correlogram",
  title: "Spatial correlogram",
  description: "Moran's I or Geary's C of pairs farther and farther apart: how far autocorrelation reaches.",
  version: 1,
  parameters: z.strictObject({
    value: numberColumn("column with the variable"),
    ...location,
    statistic: z.enum(["moran", "geary"]).default("moran").describe("Moran's I or Geary's C"),
    by: z
      .enum(["distance", "order"])
      .default("distance")
      .describe("distance: bins of equal width; order: neighbors of order 1, 2, ... of queen contiguity, for polygons"),
    bins: z.int().min(1).max(100).default(10).describe("number of bins or orders"),
    width: z
      .number()
      .gt(0)
      .lt(1e300)
      .optional()
      .describe("width of a bin; default: the smallest distance at which every location has a neighbor"),
    great_circle: greatCircle,
    ...globalInferenceParameters,
  }),
  rows: "several",
  size: "heavy",
  columns: [
    { name: "bin", type: "int4", description: "number of the bin, 1 the nearest; the order" },
    {
      name: "distance_from",
      type: "float8",
      description: "pairs are farther than this, or at least as far in bin 1; the order less 1",
    },
    { name: "distance_to", type: "float8", description: "and at most as far as this; the order" },
    { name: "pairs", type: "int4", description: "number of ordered pairs; the statistic is null where there is none" },
    { name: "statistic", type: "float8", description: "Moran's I or Geary's C" },
    { name: "expected", type: "float8", description: "its expectation without autocorrelation" },
    { name: "z_random", type: "float8", description: "z-score under randomisation" },
    { name: "p_random", type: "float8", description: "its two-sided p-value" },
    { name: "p_sim", type: "float8", description: "pseudo p-value from permutations" },
    { name: "z_sim", type: "float8", description: "z-score from permutations" },
  ],
  run(input, p, report) {
    const y = input.values.value!;
    const all = p.by === "order" ? byOrder(input, p.bins) : byDistance(input, p);
    const column = (): Float64Array => new Float64Array(all.length).fill(NaN);
    const columns = {
      statistic: column(),
      expected: column(),
      z_random: column(),
      p_random: column(),
      p_sim: column(),
      z_sim: column(),
    };
    all.forEach(({ weights }, bin) => {
      if (pairs(weights) === 0) return;
      const options = statisticOptions(p, input, (phase, share) => report(phase, (bin + share) / all.length));
      const result = p.statistic === "moran" ? moran(y, weights, options) : geary(y, weights, options);
      columns.statistic[bin] = "i" in result ? result.i : result.c;
      columns.expected[bin] = result.expected;
      columns.z_random[bin] = result.zRandom;
      columns.p_random[bin] = result.pRandom;
      columns.p_sim[bin] = result.pSim;
      columns.z_sim[bin] = result.zSim;
    });
    return {
      columns: {
        bin: { type: "int4", values: Int32Array.from(all, (_, bin) => bin + 1) },
        distance_from: float8(Float64Array.from(all, ({ from }) => from)),
        distance_to: float8(Float64Array.from(all, ({ to }) => to)),
        pairs: { type: "int4", values: Int32Array.from(all, ({ weights }) => pairs(weights)) },
        ...Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, float8(values)])),
      },
      summary: { statistic: [...columns.statistic].map((value) => (Number.isNaN(value) ? null : value)) },
      warnings: [],
    };
  },
});

function byOrder(input: Input, bins: number): Bin[] {
  const first = contiguityOf("queen", input);
  return Array.from({ length: bins }, (_, bin) => ({
    from: bin,
    to: bin + 1,
    weights: higherOrder(first, bin + 1),
  }));
}

function byDistance(input: Input, p: { bins: number; width?: number | undefined; great_circle: boolean }): Bin[] {
  const { xs, ys } = places(input, p.great_circle, "great_circle");
  const width = p.width ?? smallestThreshold(xs, ys, p.great_circle);
  if (!(width > 0)) {
    throw new DriveshaftError("INVALID_PARAMETER", "all places coincide, so there are no distances", {
      hint: "Give width, or another query.",
    });
  }
  let before: Weights | undefined;
  return Array.from({ length: p.bins }, (_, bin) => {
    const to = (bin + 1) * width;
    const upTo = distanceBand(xs, ys, { threshold: to, greatCircle: p.great_circle });
    const weights = before ? difference([upTo, before]) : upTo;
    before = upTo;
    return { from: bin * width, to, weights: transform(weights, "R") };
  });
}
