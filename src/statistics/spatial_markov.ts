import { DriveshaftError } from "../errors.js";
import { markovKernel, type MarkovExports } from "../kernels/generated/markov.js";
import { withKernel, type Kernel } from "../kernels/load.js";
import type { Int32Pointer } from "../kernels/pointer.js";
import { checkWeights, type Weights } from "../weights/weights.js";
import { withLags } from "./lag.js";
import { homogeneity, markovChain, type Homogeneity, type MarkovChain } from "./markov-chain.js";
import { rankMobility, type RankMobility } from "./rank-mobility.js";
import { ofLags } from "./rounding.js";

/** Classes at most: as many chains of so many classes each go into a summary. */
export const MOST_CLASSES = 20;

export interface SpatialMarkov {
  /** Of the last period, from 1; i32 of shape (n,). The class of a lag is 0 for islands, which have none. */
  classes: Int32Array;
  lagClasses: Int32Array;
  /**
   * What comes next, by the probabilities of the last class within the last class of the lag: those of a higher class
   * less those of a lower one over that of staying, both alone, and the population standard deviation of all. f64 of
   * shape (n,); NaN for islands, and where nobody was seen there before; the trend also where nobody stayed.
   */
  trend: Float64Array;
  trendUp: Float64Array;
  trendDown: Float64Array;
  volatility: Float64Array;
  /** Whatever the lags are. */
  chain: MarkovChain;
  /** By the class of the lag. */
  lagChains: MarkovChain[];
  /** Of the chains by class of the lag: whether it makes no difference. */
  homogeneity: Homogeneity;
  /** From the first period to the last. */
  mobility: RankMobility;
  /** Periods in which equal values leave a class without a location, and the same of lags. */
  periodsWithEmpty: { classes: number; lagClasses: number };
}

/**
 * Spatial Markov: transitions between quantile classes, each period's own, by the class that the mean of the neighbors
 * is in. Rey (2001), doi:10.1111/j.1538-4632.2001.tb00444.x.
 * @param periods values in the order of time, f64 of shape (n,) each, finite; at least two
 * @param weights of n locations, row-standardised
 * @param options.k number of classes, 2 to 20, default 5; n >= k
 * @throws INVALID_PARAMETER, TOO_FEW_ROWS, INVALID_WEIGHTS
 * @example spatialMarkov([y2000, y2010, y2020], queen(polygons), { k: 5 }).trend
 */
export function spatialMarkov(
  periods: Float64Array[],
  weights: Weights,
  options: { k?: number; progress?: (share: number) => void } = {},
): SpatialMarkov {
  const { k = 5, progress = () => {} } = options;
  check(periods, weights, k);
  const found = withKernel(markovKernel, (kernel) => followed(kernel, periods, weights, k, progress));
  const { classes, lagClasses, counts, periodsWithEmpty } = found;
  // of shape (k + 1, k, k), first those without a lag
  const byLag = Array.from({ length: k + 1 }, (_, lag) => matrixOf(counts.subarray(lag * k * k), k));
  const lagChains = byLag.slice(1).map(markovChain);
  const all = byLag[0]!.map((row, i) => row.map((_, j) => byLag.reduce((sum, chain) => sum + chain[i]![j]!, 0)));
  return {
    classes,
    lagClasses,
    ...outlooks(classes, lagClasses, lagChains),
    chain: markovChain(all),
    lagChains,
    homogeneity: homogeneity(byLag.slice(1)),
    mobility: rankMobility(periods[0]!, periods.at(-1)!, weights),
    periodsWithEmpty,
  };
}

function check(periods: Float64Array[], weights: Weights, k: number): void {
  if (!Number.isInteger(k) || k < 2 || k > MOST_CLASSES) {
    const message = `k is ${k}, expected a whole number of classes from 2 to ${MOST_CLASSES}`;
    throw new DriveshaftError("INVALID_PARAMETER", message);
  }
  if (periods.length < 2)
    throw new DriveshaftError("INVALID_PARAMETER", `there are values of ${periods.length} periods, at least 2 needed`);
  periods.forEach((values, t) => {
    if (values.length !== weights.n) {
      const message = `weights are for ${weights.n} locations, but periods[${t}] has ${values.length} values`;
      throw new DriveshaftError("INVALID_WEIGHTS", message);
    }
    const wrong = values.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) {
      const message = `periods[${t}][${wrong}] is ${values[wrong]}, expected a finite number`;
      throw new DriveshaftError("INVALID_PARAMETER", message);
    }
  });
  if (weights.n < k) {
    throw new DriveshaftError("TOO_FEW_ROWS", `there are ${weights.n} locations, fewer than the ${k} classes`, {
      hint: "Use fewer classes.",
    });
  }
  checkWeights(weights);
}

type Followed = Pick<SpatialMarkov, "classes" | "lagClasses" | "periodsWithEmpty"> & { counts: Float64Array };

/** Goes from period to period, and counts who went where. */
function followed(
  kernel: Kernel<MarkovExports>,
  periods: Float64Array[],
  weights: Weights,
  k: number,
  progress: (share: number) => void,
): Followed {
  const { n, offsets } = weights;
  const { call, float64, int32 } = kernel;
  const [values, apart, sorted, sizes, counts] = [
    float64(n),
    float64(n),
    float64(n),
    int32(k),
    float64((k + 1) * k * k),
  ];
  const periodsWithEmpty = { classes: 0, lagClasses: 0 };
  const lagsBefore = int32(n);
  let [now, before] = [int32(n), int32(n)];

  function classify(
    of: "classes" | "lagClasses",
    given: Float64Array,
    rounding: Float64Array | undefined,
    to: Int32Pointer,
  ): void {
    kernel.viewFloat64(values).set(given);
    if (rounding) kernel.viewFloat64(apart).set(rounding);
    else kernel.viewFloat64(apart).fill(0);
    call.classify(values, apart, sorted, to, sizes);
    if (kernel.viewInt32(sizes).includes(0)) periodsWithEmpty[of]++;
  }

  withLags(weights, (lagOf) => {
    periods.forEach((period, t) => {
      classify("classes", period, undefined, now);
      if (t > 0) call.countTransitions(lagsBefore, before, now, k, counts);
      const largest = period.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const lags = lagOf(period).map((lag, i) => (offsets[i + 1] === offsets[i] ? NaN : lag));
      classify("lagClasses", lags, ofLags(weights, { error: 0, largest }), lagsBefore);
      [now, before] = [before, now];
      progress((t + 1) / periods.length);
    });
  });
  return {
    classes: kernel.readInt32(before),
    lagClasses: kernel.readInt32(lagsBefore),
    counts: kernel.readFloat64(counts),
    periodsWithEmpty,
  };
}

const matrixOf = (counts: Float64Array, k: number): number[][] =>
  Array.from({ length: k }, (_, i) => [...counts.subarray(i * k, (i + 1) * k)]);

/** What the last classes say of the next step of each location. */
function outlooks(
  classes: Int32Array,
  lagClasses: Int32Array,
  lagChains: MarkovChain[],
): Pick<SpatialMarkov, "trend" | "trendUp" | "trendDown" | "volatility"> {
  const sum = (shares: number[]): number => shares.reduce((total, share) => total + share, 0);
  const outlook = lagChains.map(({ probabilities }) =>
    probabilities.map((row, c) => {
      const [up, down] = [sum(row.slice(c + 1)), sum(row.slice(0, c))];
      const mean = sum(row) / row.length;
      const volatility = Math.sqrt(sum(row.map((share) => (share - mean) ** 2)) / row.length);
      // nobody was seen there before, where the row is not known
      const isKnown = !Number.isNaN(mean);
      const trend = row[c]! > 0 ? (up - down) / row[c]! : NaN;
      return { trend, up: isKnown ? up : NaN, down: isKnown ? down : NaN, volatility };
    }),
  );
  function of(what: keyof (typeof outlook)[number][number]): Float64Array {
    const values = new Float64Array(classes.length);
    for (let i = 0; i < values.length; i++) values[i] = outlook[lagClasses[i]! - 1]?.[classes[i]! - 1]![what] ?? NaN;
    return values;
  }
  return { trend: of("trend"), trendUp: of("up"), trendDown: of("down"), volatility: of("volatility") };
}
