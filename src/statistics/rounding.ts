import type { Weights } from "../weights/weights.js";
import { rowSums } from "./row-sums.js";

/**
 * One rule says what is equal: two numbers are where they differ by no more than rounding may have put between them. It
 * serves draws that tie with what was observed, and values and lags that equal the mean. The bound grows with the
 * number of terms and the size of the largest there is, never with a statistic that happens to be observed: Higham
 * (2002), Accuracy and stability of numerical algorithms, chapter 4.
 */

/** Distance of 1 to the next number, twice the largest relative error of an operation. */
export const UNIT = 2 ** -52;

/** What is known of the rounding of some values. */
export interface Rounded {
  /** By how much any of them may be off. */
  error: number;
  /** The largest of their absolute values. */
  largest: number;
}

/** Zeros and ones, and other whole numbers of that size. */
export const exact: Rounded = { error: 0, largest: 1 };

/** How far apart rounding may put two sums of `terms` terms whose absolute values sum to at most `size`. */
export const ofSum = (terms: number, size: number): number => (terms + 4) * UNIT * size;

/** How far apart rounding may put two lags that are equal, by location. f64 of shape (n,). */
export function ofLags(weights: Weights, { error, largest }: Rounded): Float64Array {
  const { n, offsets, diagonal } = weights;
  const { sum } = rowSums(weights);
  const apart = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const total = sum[i]! + (diagonal ? diagonal[i]! : 0);
    apart[i] = total * error + ofSum(offsets[i + 1]! - offsets[i]!, total * largest);
  }
  return apart;
}

/** 1 where a value is above 0 by more than rounding, else 0. */
export function above(values: Float64Array, rounding: Float64Array | number): Uint8Array {
  const high = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    high[i] = Number(values[i]! > (typeof rounding === "number" ? rounding : rounding[i]!));
  }
  return high;
}

/** Values with 0 for those that are 0 but for rounding. */
export function settled(values: Float64Array, rounding: number): Float64Array {
  const signs = values.slice();
  for (let i = 0; i < signs.length; i++) if (Math.abs(signs[i]!) <= rounding) signs[i] = 0;
  return signs;
}
