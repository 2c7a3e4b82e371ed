import type { Weights } from "../weights/weights.js";
import { equalWeights } from "../weights/transform.js";
import type { Part, Pool, Row } from "./conditional-moments.js";
import { rowSums } from "./row-sums.js";
import { standardised, variancesOfOthers, type Standardised } from "./standardise.js";
import { byStratum, isConstant, sizeOf, type Strata } from "./strata.js";

/** What neighbors are drawn from: the values of all locations, or of those of a stratum. */
export interface Pools {
  /** All of them, the location's own too. */
  all(stratum: number): Pool;
  /** Those of the others, of a stratum that location i is in. */
  others(stratum: number, i: number): Pool;
}

/** The only stratum where there are none. */
const WHOLE = 0;

/** The pools of a variable. */
export function poolsOf({ z, error }: Standardised, strata: Strata | undefined): Pools {
  if (!strata) {
    const n = z.length;
    const variances = variancesOfOthers(z);
    return {
      all: () => ({ count: n, mean: 0, variance: 1, rounding: 0 }),
      others: (_, i) => ({ count: n - 1, mean: -z[i]! / (n - 1), variance: variances[i]!, rounding: error }),
    };
  }
  // each is standardised again, so that what is left of it without a location does not cancel
  const own = byStratum(z, strata).map((values) => {
    if (isConstant(values, error)) return { mean: values[0]!, sd: 0, z: new Float64Array(values.length) };
    return standardised(values);
  });
  const variances = own.map((each) => (each.sd > 0 ? variancesOfOthers(each.z) : each.z));
  return {
    all(stratum) {
      const { mean, sd, z } = own[stratum]!;
      return { count: z.length, mean, variance: sd * sd, rounding: error };
    },
    others(stratum, i) {
      const { mean, sd, z } = own[stratum]!;
      const [count, at] = [z.length - 1, strata.place[i]!];
      const variance = sd * sd * variances[stratum]![at]!;
      return { count, mean: mean - (sd * z[at]!) / count, variance, rounding: error };
    },
  };
}

/** The same of zeros and ones, whose share says all. */
export function poolsOfOnes(ones: Float64Array, strata: Strata | undefined): Pools {
  const counts = countOnes(ones, strata);
  const pool = (of: number, count: number): Pool => {
    const share = of / count;
    return { count, mean: share, variance: share * (1 - share), rounding: 0 };
  };
  return {
    all: (stratum) => pool(counts[stratum]!.ones, counts[stratum]!.size),
    others: (stratum, i) => pool(counts[stratum]!.ones - ones[i]!, counts[stratum]!.size - 1),
  };
}

/** How many locations each stratum has, and how many of them are 1. */
export function countOnes(ones: Float64Array, strata: Strata | undefined): { size: number; ones: number }[] {
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
  if (!strata) return [{ size: ones.length, ones: sum(ones) }];
  return byStratum(ones, strata).map((own, s) => ({ size: sizeOf(strata, s), ones: sum(own) }));
}

/**
 * The neighbors of location i by the pools that they are drawn from.
 * @param self where the location's own value is drawn as well: its weight
 */
export type PartsOf = (i: number, self?: number) => Part[];

export function partsOf(weights: Weights, pools: Pools, strata: Strata | undefined): PartsOf {
  if (strata) return partsByStratum(weights, pools, strata);
  const { sum, squares } = rowSums(weights);
  const { offsets } = weights;
  return (i, self) => {
    const row = { k: offsets[i + 1]! - offsets[i]!, sum: sum[i]!, squares: squares[i]! };
    if (self === undefined) return [{ row, pool: pools.others(WHOLE, i) }];
    return [{ row: withSelf(row, self), pool: pools.all(WHOLE) }];
  };
}

function partsByStratum(w: Weights, pools: Pools, { of }: Strata): PartsOf {
  const { offsets, neighbors, weights } = w;
  const equal = equalWeights(w);
  return (i, self) => {
    const rows = new Map<number, Row>();
    for (let q = offsets[i]!; q < offsets[i + 1]!; q++) {
      const stratum = of[neighbors[q]!]!;
      const weight = equal ? equal[i]! : weights![q]!;
      let row = rows.get(stratum);
      if (!row) rows.set(stratum, (row = { k: 0, sum: 0, squares: 0 }));
      row.k++;
      row.sum += weight;
      row.squares += weight * weight;
    }
    const own = of[i]!;
    if (self !== undefined) rows.set(own, withSelf(rows.get(own) ?? { k: 0, sum: 0, squares: 0 }, self));
    return Array.from(rows, ([stratum, row]) => ({
      row,
      pool: stratum === own && self === undefined ? pools.others(stratum, i) : pools.all(stratum),
    }));
  };
}

const withSelf = ({ k, sum, squares }: Row, self: number): Row => ({
  k: k + Number(self > 0),
  sum: sum + self,
  squares: squares + self * self,
});
