import { DriveshaftError } from "../errors.js";
import { autocorrelationKernel } from "../kernels/generated/autocorrelation.js";
import { withKernel } from "../kernels/load.js";
import { checkWeights, type Weights } from "../weights/weights.js";
import { adjustP, type Correction } from "./adjust-p.js";
import { hotSpotPattern, hotSpotPatterns, outlierPattern, outlierPatterns } from "./hot-spot-patterns.js";
import { testsOf, type Trends } from "./mann-kendall.js";
import { normalP } from "./permute-global.js";
import { spaceTimeScores, type Reference, type SpaceTimeStatistic } from "./space-time-scores.js";

export interface EmergingHotSpotsOptions {
  /** Default getis_ord. */
  statistic?: SpaceTimeStatistic;
  /** Default 1. */
  stepsBack?: number;
  /** Default cube. */
  reference?: Reference;
  /** Largest adjusted p of a cell that is a spot, and largest p of a trend; default 0.1. */
  significance?: number;
  /** Of the p of all cells, default none. */
  correction?: Correction;
}

export interface EmergingHotSpots {
  steps: number;
  /** By cell, place i at step t being cell i * steps + t; NaN where there is none. */
  z: Float64Array;
  /** By place: the two-sided p of its last z. */
  pLast: Float64Array;
  /** By cell: the number of its class in `classes`. */
  class: Uint8Array;
  classes: readonly string[];
  /** Mann-Kendall's test of the z of each place; f64 of shape (places,). */
  trend: Trends;
  /** By place: the number of its pattern in `patterns`. */
  pattern: Uint8Array;
  patterns: readonly string[];
}

const hotSpotClasses = ["not significant", "hot", "cold"] as const;
const outlierClasses = ["not significant", "HH", "LL", "HL", "LH"] as const;

/**
 * Emerging hot spots: G* or local Moran's I of each cell of a space-time cube, the trend of it at each place, and what
 * pattern the hot and cold spots, or clusters and outliers, of a place make over time.
 * @param values of each place, step by step: that of place i at step t is values[i * steps + t]; finite, not constant
 * @param weights of the places, binary as a rule
 * @throws TOO_FEW_ROWS, CONSTANT_VALUES, INVALID_PARAMETER, INVALID_WEIGHTS
 * @example emergingHotSpots(cube, knn(xs, ys, { k: 8 }), { stepsBack: 1 }).pattern
 */
export function emergingHotSpots(
  values: Float64Array,
  weights: Weights,
  options: EmergingHotSpotsOptions = {},
): EmergingHotSpots {
  const { statistic = "getis_ord", stepsBack = 1, reference = "cube", significance = 0.1 } = options;
  checkCells(values, weights, stepsBack);
  const steps = values.length / weights.n;
  const { z, isHigh, s, variance } = spaceTimeScores(values, weights, { statistic, stepsBack, reference });
  const trend = testsOf(s, variance);
  const isSpot = spotsOf(z, significance, options.correction ?? "none");
  const isStar = statistic === "getis_ord";
  const found = new Uint8Array(z.length);
  for (let cell = 0; cell < z.length; cell++) {
    if (isSpot(cell)) found[cell] = isStar ? (z[cell]! > 0 ? 1 : 2) : (z[cell]! > 0 ? 2 : 4) - Number(isHigh(cell));
  }
  const pattern = Uint8Array.from({ length: weights.n }, (_, i) => {
    const own = found.subarray(i * steps, (i + 1) * steps);
    if (!isStar) return outlierPattern(own);
    return hotSpotPattern(own, trend.p[i]! <= significance ? Math.sign(trend.s[i]!) : 0);
  });
  const last = Float64Array.from({ length: weights.n }, (_, i) => z[(i + 1) * steps - 1]!);
  return {
    steps,
    z,
    pLast: withKernel(autocorrelationKernel, (kernel) => last.map(normalP(kernel))),
    class: found,
    classes: isStar ? hotSpotClasses : outlierClasses,
    trend,
    pattern,
    patterns: isStar ? hotSpotPatterns : outlierPatterns,
  };
}

/** Whether the p of a score is small enough. */
function spotsOf(z: Float64Array, significance: number, correction: Correction): (cell: number) => boolean {
  return withKernel(autocorrelationKernel, (kernel) => {
    const pOf = normalP(kernel);
    if (correction !== "none") {
      const adjusted = adjustP(z.map(pOf), correction);
      return (cell) => adjusted[cell]! <= significance;
    }
    // p falls as the score rises, so that there is no need for that of each
    let [low, high] = [0, 40];
    for (let middle = 20; low < middle && middle < high; middle = (low + high) / 2) {
      if (pOf(middle) <= significance) high = middle;
      else low = middle;
    }
    return (cell) => Math.abs(z[cell]!) >= high;
  });
}

function checkCells(values: Float64Array, weights: Weights, stepsBack: number): void {
  const { n } = weights;
  const steps = values.length / n;
  if (!Number.isInteger(steps)) {
    const message = `weights are for ${n} places, of which ${values.length} values are no whole number of steps`;
    throw new DriveshaftError("INVALID_WEIGHTS", message);
  }
  if (n < 3) throw new DriveshaftError("TOO_FEW_ROWS", `there are ${n} places, at least 3 are needed`);
  if (steps < 2) {
    throw new DriveshaftError("TOO_FEW_ROWS", `there is ${steps} step of time, at least 2 are needed`, {
      hint: "Make steps shorter, or take rows of a longer time.",
    });
  }
  if (!(Number.isInteger(stepsBack) && stepsBack >= 0)) {
    throw new DriveshaftError("INVALID_PARAMETER", `stepsBack is ${stepsBack}, expected a whole number of at least 0`);
  }
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    throw new DriveshaftError("INVALID_PARAMETER", `values[${wrong}] is ${values[wrong]}, expected a finite number`);
  }
  if (values.every((value) => value === values[0])) {
    throw new DriveshaftError(
      "CONSTANT_VALUES",
      `every value is ${values[0]}; without variation there are no hot spots`,
    );
  }
  checkWeights(weights);
}
