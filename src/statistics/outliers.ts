import { DriveshaftError } from "../errors.js";
import { checkNumbers } from "./check-numbers.js";
import { meanOf, numberOf, squaresOf } from "./deviations.js";
import { quantile } from "./quantile.js";
import { UNIT } from "./rounding.js";

export const outlierMethods = ["mad", "standard_deviation", "box", "percent", "static"] as const;

/** What values are compared with: others, their mean, or a number that is given. */
export type OutlierMethod = (typeof outlierMethods)[number];

export const outlierSides = ["both", "above", "below"] as const;

/** On which side of the center outliers are. */
export type OutlierSide = (typeof outlierSides)[number];

/** Usual thresholds. */
const THRESHOLDS: Partial<Record<OutlierMethod, number>> = { mad: 3.5, standard_deviation: 3, box: 1.5 };

/** Standard deviation of a normal distribution over its median absolute deviation: 1 / Φ⁻¹(3/4). */
const SD_OVER_MAD = 1.482602218505602;

export interface Outliers {
  /** How far each value is from the center, in units of the scale; f64 of shape (n,). */
  scores: Float64Array;
  /** 1 where it is an outlier, else 0; i32 of shape (n,). */
  outliers: Int32Array;
  /** Beyond which scores are of outliers, and on which side. */
  threshold: number;
  side: OutlierSide;
  /** The values beyond which outliers are, undefined on a side where there are none. */
  lower: number | undefined;
  upper: number | undefined;
}

/**
 * Outliers among numbers: those whose score is beyond a threshold, by more than rounding.
 *
 * Scores of `standard_deviation` are deviations from the mean in sample standard deviations; of `mad` deviations from
 * the median in median absolute deviations times 1.4826, so that they are the former of normal values (Hampel 1974,
 * doi:10.1080/01621459.1974.10482962; 3.5 by Iglewicz and Hoaglin 1993, How to detect and handle outliers); of `box`
 * how many interquartile ranges a value is beyond the nearer quartile, 0 between them (Tukey 1977, Exploratory data
 * analysis); of `percent` the value over the mean; of `static` the value itself.
 * @param values f64 of shape (n,), finite, of magnitudes up to 1e150; at least one
 * @param options.method default mad
 * @param options.threshold default 3.5 for mad, 3 for standard_deviation, 1.5 for box
 * @param options.side default above for percent and static, which have no center, else both
 * @throws INVALID_PARAMETER, TOO_FEW_ROWS; CONSTANT_VALUES where the scale is 0
 * @example outliers(Float64Array.of(1, 2, 3, 2, 50)).outliers // 0, 0, 0, 0, 1
 */
export function outliers(
  values: Float64Array,
  options: { method?: OutlierMethod; threshold?: number | undefined; side?: OutlierSide | undefined } = {},
): Outliers {
  const { method = "mad" } = options;
  const centered = method !== "percent" && method !== "static";
  const { threshold = THRESHOLDS[method], side = centered ? "both" : "above" } = options;
  checkNumbers(values);
  if (threshold === undefined || !Number.isFinite(threshold) || (centered && threshold < 0)) {
    const expected = centered ? "a number of at least 0" : "a number";
    throw new DriveshaftError("INVALID_PARAMETER", `threshold is ${threshold}, expected ${expected} with ${method}`);
  }
  if (side === "both" && !centered) {
    throw new DriveshaftError("INVALID_PARAMETER", `side is both, but ${method} has outliers on one side only`, {
      hint: "Use above or below.",
    });
  }
  const { low, high, rest, scale, error } = centersOf(values, method);
  const scores = values.map((value) => {
    const [above, below] = [value - high - rest, value - low - rest];
    return (above > 0 ? above : below < 0 ? below : 0) / scale;
  });
  const beyond = threshold + error / Math.abs(scale);
  const below = centered ? -beyond : threshold - error / Math.abs(scale);
  const isOutlier = (score: number): boolean =>
    (side !== "below" && score > beyond) || (side !== "above" && score < below);
  return {
    scores,
    outliers: Int32Array.from(scores, (score) => Number(isOutlier(score))),
    threshold,
    side,
    upper: side === "below" ? undefined : high + rest + threshold * scale,
    lower: side === "above" ? undefined : low + rest + (centered ? -threshold : threshold) * scale,
  };
}

interface Centers {
  /** Between which values are at the center. */
  low: number;
  high: number;
  /** What of the center its number lacks. */
  rest: number;
  scale: number;
  /** By how much rounding may put a value beyond what it equals. */
  error: number;
}

function centersOf(values: Float64Array, method: OutlierMethod): Centers {
  if (method === "static") return { low: 0, high: 0, rest: 0, scale: 1, error: 0 };
  const sorted = values.slice().sort();
  const largest = Math.max(Math.abs(sorted[0]!), Math.abs(sorted.at(-1)!));
  const error = 8 * UNIT * largest;
  if (method === "percent") {
    const mean = numberOf(meanOf(sorted));
    if (Math.abs(mean) <= error) {
      throw new DriveshaftError("INVALID_PARAMETER", "the mean of the values is 0, so no value is a share of it", {
        hint: "Use another method, such as mad.",
      });
    }
    return { low: 0, high: 0, rest: 0, scale: mean, error };
  }
  if (sorted[0] === sorted.at(-1)) {
    const message = `every value is ${sorted[0]}; without variation there are no outliers`;
    throw new DriveshaftError("CONSTANT_VALUES", message, { hint: "Name a column that varies, or use method static." });
  }
  if (method === "standard_deviation") {
    const { origin, rest } = meanOf(sorted);
    return { low: origin, high: origin, rest, scale: Math.sqrt(squaresOf(sorted) / (values.length - 1)), error };
  }
  const [lower, median, upper] = [1, 2, 3].map((q) => quantile(sorted, q, 4)) as [number, number, number];
  if (method === "box") return { low: lower, high: upper, rest: 0, scale: positive(upper - lower, median), error };
  const deviations = sorted.map((value) => Math.abs(value - median)).sort();
  const scale = positive(SD_OVER_MAD * quantile(deviations, 1, 2), median);
  return { low: median, high: median, rest: 0, scale, error };
}

/** @throws CONSTANT_VALUES where a scale is 0 */
function positive(scale: number, median: number): number {
  if (scale > 0) return scale;
  const message = `half of the values or more are ${median}, so that there is no scale to measure the others by`;
  throw new DriveshaftError("CONSTANT_VALUES", message, { hint: "Use method standard_deviation or static." });
}
