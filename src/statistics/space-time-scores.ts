import { cubeKernel } from "../kernels/generated/cube.js";
import { withKernel } from "../kernels/load.js";
import { copyWeights } from "../kernels/weights.js";
import { heaviest } from "../weights/self.js";
import type { Weights } from "../weights/weights.js";
import { standardised } from "./standardise.js";

/** The statistic of each cell: G*, or local Moran's I. */
export const spaceTimeStatistics = ["getis_ord", "moran"] as const;
export type SpaceTimeStatistic = (typeof spaceTimeStatistics)[number];

/** What cells are compared with: all of the cube, those of the steps of the neighborhood, or those of the step. */
export const references = ["cube", "neighborhood", "step"] as const;
export type Reference = (typeof references)[number];

export interface SpaceTimeOptions {
  statistic: SpaceTimeStatistic;
  /** Steps before its own that are in the neighborhood of a cell, as far as there are so many. */
  stepsBack: number;
  reference: Reference;
}

/** By cell; place i at step t is cell i * steps + t. */
export interface SpaceTimeScores {
  /** NaN where there is none. f64 of shape (cells,) */
  z: Float64Array;
  /** Whether the value is above the mean of what it is compared with. */
  isHigh(cell: number): boolean;
  /** Mann-Kendall's S of the z of each place, and its variance with ties. f64 of shape (places,) */
  s: Float64Array;
  variance: Float64Array;
}

/**
 * z-scores of the sum of values around each cell of a cube: at its place and the neighbors, at its step and those
 * before. That of G* counts the cell itself: Ord and Getis (1995), doi:10.1111/j.1538-4632.1995.tb00912.x. That of
 * local Moran's I does not, and has the sign of the cell's own deviation: Sokal, Oden and Thomson (1998),
 * doi:10.1111/j.1538-4632.1998.tb00406.x. A place weighs for itself as much as the heaviest of its neighbors, or 1.
 * @param values of each place, step by step; finite, not constant
 */
export function spaceTimeScores(values: Float64Array, weights: Weights, options: SpaceTimeOptions): SpaceTimeScores {
  const { statistic, stepsBack, reference } = options;
  const steps = values.length / weights.n;
  const { z: x, error } = standardised(values);
  const { counts, means, variances } = momentsOf(x, weights.n, stepsBack, reference);
  return withKernel(cubeKernel, (kernel) => {
    const { call, float64, readFloat64 } = kernel;
    const [z, apart] = [float64(values.length), float64(weights.n)];
    const w = copyWeights(kernel, weights);
    const compared = [float64(counts), float64(means), float64(variances)] as const;
    const graph = [w.offsets, w.neighbors, w.weight, float64(selvesOf(weights))] as const;
    call.scoreCells(float64(x), ...graph, ...compared, error, stepsBack, statistic === "getis_ord", z, apart);
    const [s, variance] = [float64(weights.n), float64(weights.n)];
    call.trends(z, apart, s, variance);
    return {
      z: readFloat64(z),
      isHigh: (cell) => x[cell]! > means[cell % steps]!,
      s: readFloat64(s),
      variance: readFloat64(variance),
    };
  });
}

/** How much each place weighs for itself. */
const selvesOf = (weights: Weights): Float64Array =>
  (weights.diagonal ?? heaviest(weights)).map((own, i) =>
    weights.offsets[i] === weights.offsets[i + 1] && own === 0 ? 1 : own,
  );

/** Number, mean and population variance of cells. */
interface Moments {
  count: number;
  mean: number;
  variance: number;
}

/** By step: the moments of what its cells are compared with. f64 of shape (steps,) */
function momentsOf(x: Float64Array, n: number, stepsBack: number, reference: Reference) {
  const each = ofSteps(x, n);
  const all = together(each);
  const moments = each.map((own, t) => {
    if (reference === "cube") return all;
    return reference === "step" ? own : together(each.slice(Math.max(0, t - stepsBack), t + 1));
  });
  return {
    counts: Float64Array.from(moments, ({ count }) => count),
    means: Float64Array.from(moments, ({ mean }) => mean),
    variances: Float64Array.from(moments, ({ variance }) => variance),
  };
}

function ofSteps(x: Float64Array, n: number): Moments[] {
  const steps = x.length / n;
  const [mean, variance] = [new Float64Array(steps), new Float64Array(steps)];
  for (let i = 0; i < n; i++) for (let t = 0; t < steps; t++) mean[t]! += x[i * steps + t]! / n;
  for (let i = 0; i < n; i++) for (let t = 0; t < steps; t++) variance[t]! += (x[i * steps + t]! - mean[t]!) ** 2 / n;
  return Array.from(mean, (each, t) => ({ count: n, mean: each, variance: variance[t]! }));
}

/** The moments of several steps: the variance within them, and that between them. */
function together(steps: Moments[]): Moments {
  const mean = steps.reduce((sum, step) => sum + step.mean, 0) / steps.length;
  const squares = steps.reduce((sum, step) => sum + step.variance + (step.mean - mean) ** 2, 0);
  return { count: steps.length * steps[0]!.count, mean, variance: squares / steps.length };
}
