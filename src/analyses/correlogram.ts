import * as z from "zod";
import { DriveshaftError } from "../errors.js";
import type { Place } from "../geometry/place.js";
import { geary } from "../statistics/geary.js";
import { moran } from "../statistics/moran.js";
import { contiguityOf } from "../weights/build.js";
import { distanceBand, smallestThreshold } from "../weights/distance-band.js";
import { higherOrder } from "../weights/order.js";
import { difference } from "../weights/sets.js";
import { transform } from "../weights/transform.js";
import { pairs, type Weights } from "../weights/weights.js";
import { analysis, float8, int4, statisticOptions } from "./analysis.js";
import { number, place } from "./inputs.js";
import { globalParameters, greatCircle } from "./parameters.js";

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
  inputs: { value: number("column with the variable"), place: place() },
  options: {
    statistic: z.enum(["moran", "geary"]).default("moran").describe("Moran's I or Geary's C"),
    bin_by: z
      .enum(["distance", "order"])
      .default("distance")
      .describe("distance: bins of equal width; order: neighbors of order 1, 2, ... of queen contiguity, for polygons")
      .meta({ polygons: { order: "bin_by order" } }),
    bins: z.int().min(1).max(100).default(10).describe("number of bins or orders"),
    width: z
      .number()
      .gt(0)
      .lt(1e300)
      .optional()
      .describe("width of a bin; default: the smallest distance at which every location has a neighbor"),
    great_circle: greatCircle,
    ...globalParameters,
  },
  rows: "several",
  columns: {
    bin: int4("number of the bin, 1 the nearest; the order"),
    distance_from: float8("pairs are farther than this, or at least as far in bin 1; the order less 1"),
    distance_to: float8("and at most as far as this; the order"),
    pairs: int4("number of ordered pairs; the statistic is null where there is none"),
    statistic: float8("Moran's I or Geary's C"),
    expected: float8("its expectation without autocorrelation"),
    z_random: float8("z-score under randomisation"),
    p_random: float8("its two-sided p-value"),
    p_sim: float8("pseudo p-value from permutations"),
    z_sim: float8("z-score from permutations"),
  },
  example: { of: "counties", parameters: { value: "unemployment", bins: 4 } },
  size: "heavy",
  cost: [
    ["rows", "rows"],
    ["rows", "rows", "permutations"],
  ],
  run({ value, place }, options, context) {
    const all = options.bin_by === "order" ? byOrder(place, options.bins) : byDistance(place, options);
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
      const report: typeof context.report = (phase, share) => context.report(phase, (bin + share) / all.length);
      const given = statisticOptions(options, { ...context, report });
      const result = options.statistic === "moran" ? moran(value, weights, given) : geary(value, weights, given);
      columns.statistic[bin] = "i" in result ? result.i : result.c;
      columns.expected[bin] = result.expected;
      columns.z_random[bin] = result.zRandom;
      columns.p_random[bin] = result.pRandom;
      columns.p_sim[bin] = result.pSim;
      columns.z_sim[bin] = result.zSim;
    });
    return {
      columns: {
        bin: Int32Array.from(all, (_, bin) => bin + 1),
        distance_from: Float64Array.from(all, ({ from }) => from),
        distance_to: Float64Array.from(all, ({ to }) => to),
        pairs: Int32Array.from(all, ({ weights }) => pairs(weights)),
        ...columns,
      },
      summary: { statistic: [...columns.statistic] },
    };
  },
});

function byOrder(place: Place, bins: number): Bin[] {
  const first = contiguityOf("queen", place);
  return Array.from({ length: bins }, (_, bin) => ({
    from: bin,
    to: bin + 1,
    weights: higherOrder(first, bin + 1),
  }));
}

function byDistance(place: Place, p: { bins: number; width?: number | undefined; great_circle: boolean }): Bin[] {
  const { xs, ys } = place.points(p.great_circle, "great_circle");
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
