import * as z from "zod";
import type { MarkovChain } from "../statistics/markov-chain.js";
import { MOST_CLASSES, spatialMarkov, type SpatialMarkov } from "../statistics/spatial_markov.js";
import { NULL_INT4 } from "../table/column.js";
import { analysis, float8, int4 } from "./analysis.js";
import { place, several, spatialWeights } from "./inputs.js";

/** Periods at most. */
const MOST_PERIODS = 1000;

export const spatialMarkovAnalysis = analysis({
  name: "spatial_markov",
  title: "Spatial Markov",
  description: "How places move between classes over time, by the class of their neighbors, and what comes next.",
  version: 1,
  inputs: {
    values: several("columns with the variable, one a period, in the order of time", 2, MOST_PERIODS),
    place: place(),
    weights: spatialWeights({ transform: "R", fixed: true }),
  },
  options: {
    classes: z.int().min(2).max(MOST_CLASSES).default(5).describe("number of classes, quantiles of each period"),
  },
  rows: "each",
  columns: {
    class: int4("class in the last period, 1 the lowest"),
    lag_class: int4("class of the neighbors' mean then; null of islands"),
    trend: float8("trend_up less trend_down over the probability of staying; null where nobody stayed"),
    trend_up: float8("probability of a higher class next, of places of this class with such neighbors"),
    trend_down: float8("probability of a lower class next"),
    volatility: float8("population standard deviation of the probabilities of all classes"),
  },
  example: {
    of: "counties",
    parameters: { values: ["income_2000", "income_2010", "income"], classes: 3, weights: { type: "queen" } },
  },
  size: "standard",
  cost: [
    ["rows", "values"],
    ["rows", "values", "neighbors"],
  ],
  run({ values, weights }, { classes: k }, { report }) {
    const result = spatialMarkov(values, weights, { k, progress: (share) => report("transitions", share) });
    return {
      columns: {
        class: result.classes,
        lag_class: result.lagClasses.map((lag) => (lag === 0 ? NULL_INT4 : lag)),
        trend: result.trend,
        trend_up: result.trendUp,
        trend_down: result.trendDown,
        volatility: result.volatility,
      },
      summary: summaryOf(result),
      warnings: warningsOf(result, values.length),
    };
  },
});

function summaryOf({ chain, lagChains, homogeneity, mobility }: SpatialMarkov): Record<string, unknown> {
  const ofLags = <Part>(part: (chain: MarkovChain) => Part): (Part | null)[] =>
    lagChains.map((each) => part(each) ?? null);
  return {
    transitions: chain.transitions,
    probabilities: chain.probabilities,
    steady_state: chain.steadyState ?? null,
    first_mean_passage_times: chain.firstMeanPassageTimes ?? null,
    shorrocks: chain.shorrocks,
    tau: mobility.tau,
    tau_spatial: mobility.tauSpatial,
    lag_transitions: ofLags(({ transitions }) => transitions),
    lag_probabilities: ofLags(({ probabilities }) => probabilities),
    lag_steady_states: ofLags(({ steadyState }) => steadyState),
    homogeneity_q: homogeneity.q,
    homogeneity_lr: homogeneity.likelihoodRatio,
  };
}

function warningsOf({ chain, periodsWithEmpty }: SpatialMarkov, periods: number): string[] {
  const { classes, lagClasses } = periodsWithEmpty;
  const equal = (of: string, count: number): string[] =>
    count === 0 ? [] : [`equal ${of} leave classes empty in ${count} of ${periods} periods`];
  return [
    ...equal("values", classes),
    ...equal("lags", lagClasses),
    ...(chain.steadyState
      ? []
      : ["steady_state is null: the classes do not all lead to the same ones, or nobody was seen to go on from one"]),
    ...(chain.steadyState && !chain.firstMeanPassageTimes
      ? ["first_mean_passage_times is null: not every class comes to every other"]
      : []),
  ];
}
