import { DriveshaftError } from "../errors.js";
import { checkWeights, type Weights } from "../weights/weights.js";

/** Rates of events in a base, such as deaths in births; f64 of shape (n,) each. */
export interface Rates {
  /** e_i / b_i. */
  rate: Float64Array;
  /** The rate over that of all locations together. */
  excessRisk: Float64Array;
  /** Empirical Bayes: shrunk towards the rate of all, the more the smaller the base. */
  ebRate: Float64Array;
  /** Events over base of a location and its neighbors together. */
  spatialRate: Float64Array;
  /** Empirical Bayes: shrunk towards the spatial rate. */
  spatialEbRate: Float64Array;
}

/**
 * Raw, smoothed and relative rates. Empirical Bayes by the method of moments, negative between-area variances taken as
 * 0: Marshall (1991), doi:10.2307/2347593.
 * @param events f64 of shape (n,), finite, at least 0
 * @param base f64 of shape (n,), finite, above 0
 * @param weights whose neighbors count: how much does not matter. Islands have themselves for a neighborhood
 * @throws INVALID_PARAMETER, INVALID_WEIGHTS
 */
export function rates(events: Float64Array, base: Float64Array, weights: Weights): Rates {
  checkRates(events, base);
  checkWeights(weights);
  const n = events.length;
  if (weights.n !== n) {
    throw new DriveshaftError("INVALID_WEIGHTS", `weights are for ${weights.n} locations, but events has ${n} values`);
  }
  const { rate, overall, ebRate } = smooth(events, base);
  const spatialRate = new Float64Array(n);
  const spatialEbRate = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const around = [i, ...weights.neighbors.subarray(weights.offsets[i], weights.offsets[i + 1])];
    let [e, b] = [0, 0];
    for (const j of around) {
      e += events[j]!;
      b += base[j]!;
    }
    const mean = e / b;
    let between = 0;
    for (const j of around) between += (base[j]! * (rate[j]! - mean) ** 2) / b;
    spatialRate[i] = mean;
    spatialEbRate[i] = shrink(rate[i]!, mean, between - mean / (b / around.length), base[i]!);
  }
  return { rate, excessRisk: rate.map((value) => value / overall), ebRate, spatialRate, spatialEbRate };
}

/**
 * Rates standardised by Assunção and Reis (1999),
 * doi:10.1002/(SICI)1097-0258(19990830)18:16<2147::AID-SIM179>3.0.CO;2-I: each less the rate of all, over the standard
 * deviation that its base lets expect. For Moran's I of rates.
 * @throws INVALID_PARAMETER
 */
export function ebStandardized(events: Float64Array, base: Float64Array): Float64Array {
  checkRates(events, base);
  const { eventsOfAll, baseOfAll, overall, between } = smooth(events, base);
  return events.map((count, i) => {
    const own = base[i]!;
    // the rate less that of all over one denominator: of whole numbers the difference is exact, and 0 where they are
    // equal
    const above = (count * baseOfAll - eventsOfAll * own) / (own * baseOfAll);
    const within = overall / own;
    const variance = between + within;
    return above / Math.sqrt(variance < 0 ? within : variance);
  });
}

/**
 * Rates, that of all together, the variance between areas (it may come out negative), and global empirical Bayes rates.
 */
function smooth(
  events: Float64Array,
  base: Float64Array,
): {
  rate: Float64Array;
  eventsOfAll: number;
  baseOfAll: number;
  overall: number;
  between: number;
  ebRate: Float64Array;
} {
  const n = events.length;
  const rate = events.map((value, i) => value / base[i]!);
  const [eventsOfAll, baseOfAll] = [events, base].map((all) => all.reduce((a, b) => a + b, 0)) as [number, number];
  const overall = eventsOfAll / baseOfAll;
  let variance = 0;
  rate.forEach((value, i) => (variance += (base[i]! * (value - overall) ** 2) / baseOfAll));
  const between = variance - overall / (baseOfAll / n);
  const ebRate = rate.map((value, i) => shrink(value, overall, between, base[i]!));
  return { rate, eventsOfAll, baseOfAll, overall, between, ebRate };
}

function shrink(rate: number, mean: number, between: number, base: number): number {
  if (between <= 0) return mean;
  const weight = between / (between + mean / base);
  return weight * rate + (1 - weight) * mean;
}

function checkRates(events: Float64Array, base: Float64Array): void {
  if (events.length !== base.length) {
    throw new DriveshaftError(
      "INVALID_PARAMETER",
      `events has ${events.length} elements and base ${base.length}, expected equal lengths`,
    );
  }
  let sum = 0;
  for (let i = 0; i < events.length; i++) {
    if (!(events[i]! >= 0 && events[i]! < Infinity)) {
      throw new DriveshaftError(
        "INVALID_PARAMETER",
        `events[${i}] is ${events[i]}, expected a finite number of at least 0`,
      );
    }
    if (!(base[i]! > 0 && base[i]! < Infinity)) {
      throw new DriveshaftError("INVALID_PARAMETER", `base[${i}] is ${base[i]}, expected a finite number above 0`);
    }
    sum += events[i]!;
  }
  if (sum === 0) {
    throw new DriveshaftError("CONSTANT_VALUES", "there are no events, so every rate is 0", {
      hint: "Name a column with events.",
    });
  }
}
