import { DriveshaftError } from "../errors.js";
import { checkNumbers } from "./check-numbers.js";
import { meanOf, numberOf, squaresOf } from "./deviations.js";
import { jenksBreaks } from "./jenks.js";
import { quantile } from "./quantile.js";
import { UNIT } from "./rounding.js";
import { tallyOf } from "./tally.js";

export const classifications = [
  "quantile",
  "jenks",
  "equal_interval",
  "heads_tails",
  "standard_deviation",
  "box",
  "percentile",
] as const;

export type Classification = (typeof classifications)[number];

/** Classifications that have as many classes as they are asked for; heads_tails has no more. */
export const countable: readonly Classification[] = ["quantile", "jenks", "equal_interval", "heads_tails"];

/** Classes at most. */
export const MOST_CLASSES = 100;

/** Classes of those that are asked for some. */
const CLASSES = 5;

/** How many interquartile ranges beyond the quartiles values are outliers: Tukey (1977), Exploratory data analysis. */
const HINGE = 1.5;

/** Share of the values that are above their mean at most, where these are divided further. */
const HEAD = 0.4;

export interface Classes {
  /** The class of each value, from 1; i32 of shape (n,). */
  classes: Int32Array;
  /** Upper edges of the classes, which are of them, ascending. Equal ones leave classes empty. f64 of shape (k,). */
  breaks: Float64Array;
  /** How many values each has, i32 of shape (k,). */
  counts: Int32Array;
  /** Sum of squares around the means of the classes, and around the mean of all. */
  within: number;
  total: number;
}

/**
 * Classes of numbers: each is in the first whose upper edge is not below it.
 * @param values f64 of shape (n,), finite, of magnitudes up to 1e150; at least one
 * @param options.method default quantile
 * @param options.k number of classes, 1 to 100, default 5; with heads_tails at most, default as many as there are. Some
 *   methods have classes of their own
 * @throws INVALID_PARAMETER, TOO_FEW_ROWS; OUT_OF_MEMORY with jenks
 * @example classify(income, { method: "jenks", k: 5 }).breaks
 */
export function classify(
  values: Float64Array,
  options: { method?: Classification; k?: number | undefined } = {},
): Classes {
  const { method = "quantile", k } = options;
  check(values, method, k);
  const sorted = values.slice().sort();
  const breaks = breaksOf(sorted, method, k);
  const classes = new Int32Array(values.length);
  const counts = new Int32Array(breaks.length);
  for (let i = 0; i < values.length; i++) {
    const below = countBelow(breaks, values[i]!);
    classes[i] = below + 1;
    counts[below]!++;
  }
  let [begin, within] = [0, 0];
  for (const count of counts) within += squaresOf(sorted.subarray(begin, (begin += count)));
  return { classes, breaks, counts, within, total: squaresOf(sorted) };
}

function check(values: Float64Array, method: Classification, k: number | undefined): void {
  checkNumbers(values);
  if (k === undefined) return;
  if (!countable.includes(method)) {
    const message = `classes do not go with ${method}, which has classes of its own`;
    throw new DriveshaftError("INVALID_PARAMETER", message, { hint: "Leave the number of classes out." });
  }
  if (!Number.isInteger(k) || k < 1 || k > MOST_CLASSES) {
    const message = `k is ${k}, expected a whole number of classes from 1 to ${MOST_CLASSES}`;
    throw new DriveshaftError("INVALID_PARAMETER", message);
  }
}

/** Upper edges of the classes of sorted values, the last of which is not below any. */
function breaksOf(sorted: Float64Array, method: Classification, k: number | undefined): Float64Array {
  const [least, most] = [sorted[0]!, sorted.at(-1)!];
  // constant values are one class, whatever the method
  if (least === most) return Float64Array.of(most);
  const upTo = (count = CLASSES): number[] => Array.from({ length: count - 1 }, (_, q) => q + 1);
  switch (method) {
    case "quantile":
      return edges(
        sorted,
        upTo(k).map((q) => quantile(sorted, q, k ?? CLASSES)),
      );
    case "equal_interval":
      return edges(
        sorted,
        upTo(k).map((q) => least + ((most - least) * q) / (k ?? CLASSES)),
      );
    case "jenks":
      return jenksBreaks(tallyOf(sorted), k ?? CLASSES);
    case "heads_tails":
      return edges(sorted, meansOfHeads(sorted, k ?? MOST_CLASSES));
    case "standard_deviation": {
      const [mean, sd] = [numberOf(meanOf(sorted)), Math.sqrt(squaresOf(sorted) / (sorted.length - 1))];
      return edges(
        sorted,
        [-2, -1, 1, 2].map((times) => mean + times * sd),
      );
    }
    case "box": {
      const [lower, median, upper] = [1, 2, 3].map((q) => quantile(sorted, q, 4)) as [number, number, number];
      const reach = HINGE * (upper - lower);
      return edges(sorted, [lower - reach, lower, median, upper, upper + reach]);
    }
    case "percentile":
      return edges(
        sorted,
        [1, 10, 50, 90, 99].map((percent) => quantile(sorted, percent, 100)),
      );
  }
}

/** Edges, and the largest value unless the last is above it. */
function edges(sorted: Float64Array, inner: number[]): Float64Array {
  const most = sorted.at(-1)!;
  const all = inner.map((edge) => settled(sorted, edge));
  return Float64Array.from(all.length > 0 && all.at(-1)! > most ? all : [...all, most]);
}

/** An edge, which is the value above it where that is equal but for rounding. */
function settled(sorted: Float64Array, edge: number): number {
  const next = sorted[countBelow(sorted, edge)];
  const largest = Math.max(Math.abs(sorted[0]!), Math.abs(sorted.at(-1)!));
  return next !== undefined && next - edge <= 4 * UNIT * largest ? next : edge;
}

/**
 * The mean, and that of the values above it, as long as these are the smaller part: Jiang (2013),
 * doi:10.1080/00330124.2012.700499.
 */
function meansOfHeads(sorted: Float64Array, k: number): number[] {
  const means: number[] = [];
  let head = sorted;
  while (means.length < k - 1 && head[0] !== head.at(-1)) {
    const mean = settled(head, numberOf(meanOf(head)));
    const above = head.filter((value) => value > mean);
    means.push(mean);
    if (above.length > HEAD * head.length) break;
    head = above;
  }
  return means;
}

/** How many of ascending values are below one. */
function countBelow(ascending: Float64Array, value: number): number {
  let [begin, end] = [0, ascending.length];
  while (begin < end) {
    const middle = (begin + end) >> 1;
    if (ascending[middle]! < value) begin = middle + 1;
    else end = middle;
  }
  return begin;
}
