/**
 * Classes of sorted values with the least sum of squares within them: Fisher (1958),
 * doi:10.1080/01621459.1958.10501479. The best classes of the first values end with a class, and what stands before it
 * is best by itself. Where that class begins moves up with where it ends, so each step is solved by halves.
 */
import { DoubleDouble } from "./shared/double-double";
export * from "./shared/host";

@final
class Sums {
  /** Sums over the values before each, of shape (m + 1,): of their counts, of themselves and of their squares. */
  counts: StaticArray<f64>;
  firsts: StaticArray<f64>;
  firstsLow: StaticArray<f64>;
  squares: StaticArray<f64>;
  squaresLow: StaticArray<f64>;
  /** Room for a difference of two of the latter each. */
  first: DoubleDouble = new DoubleDouble(0.0);
  square: DoubleDouble = new DoubleDouble(0.0);
  other: DoubleDouble = new DoubleDouble(0.0);
  /** By how much two rough sums of squares may be in the wrong order. */
  slack: f64 = 0.0;

  /** In double the precision, as squares far from 0 cancel where classes are narrow. */
  constructor(values: Float64Array, counts: Float64Array) {
    const m = values.length;
    this.counts = new StaticArray<f64>(m + 1);
    this.firsts = new StaticArray<f64>(m + 1);
    this.firstsLow = new StaticArray<f64>(m + 1);
    this.squares = new StaticArray<f64>(m + 1);
    this.squaresLow = new StaticArray<f64>(m + 1);
    const first = new DoubleDouble(0.0);
    const square = new DoubleDouble(0.0);
    const value = new DoubleDouble(0.0);
    const count = new DoubleDouble(0.0);
    const term = new DoubleDouble(0.0);
    const termOfSquare = new DoubleDouble(0.0);
    let total = 0.0;
    let largest = 0.0;
    for (let i = 0; i < m; i++) {
      value.set(unchecked(values[i]));
      count.set(unchecked(counts[i]));
      first.add(term.setProduct(value, count));
      square.add(termOfSquare.setProduct(term, value));
      total += count.high;
      largest = max(largest, Math.abs(first.high));
      unchecked((this.counts[i + 1] = total));
      unchecked((this.firsts[i + 1] = first.high));
      unchecked((this.firstsLow[i + 1] = first.low));
      unchecked((this.squares[i + 1] = square.high));
      unchecked((this.squaresLow[i + 1] = square.low));
    }
    this.slack = 16.0 * f64.EPSILON * (largest + square.high);
  }

  /** Sum of squares around the mean of values begin .. end - 1, with the rounding of all before them. */
  // @ts-ignore: decorator
  @inline
  roughly(begin: i32, end: i32): f64 {
    const count = unchecked(this.counts[end]) - unchecked(this.counts[begin]);
    const first = unchecked(this.firsts[end]) - unchecked(this.firsts[begin]);
    return unchecked(this.squares[end]) - unchecked(this.squares[begin]) - (first * first) / count;
  }

  /** The same to the last digits. */
  within(begin: i32, end: i32): f64 {
    const count = unchecked(this.counts[end]) - unchecked(this.counts[begin]);
    const first = this.first;
    const square = this.square;
    const other = this.other;
    first.high = unchecked(this.firsts[end]);
    first.low = unchecked(this.firstsLow[end]);
    other.high = -unchecked(this.firsts[begin]);
    other.low = -unchecked(this.firstsLow[begin]);
    first.add(other);
    square.high = unchecked(this.squares[end]);
    square.low = unchecked(this.squaresLow[end]);
    other.high = -unchecked(this.squares[begin]);
    other.low = -unchecked(this.squaresLow[begin]);
    square.add(other);
    // times their number, so that only the last step divides
    square.setProduct(square, other.set(count));
    other.high = -first.high;
    other.low = -first.low;
    return max(0.0, square.add(first.setProduct(first, other)).high / count);
  }
}

/**
 * Writes for each of k classes how many values it and those below it have.
 * @param values distinct and ascending, of magnitudes up to 1, at least k
 * @param counts how often each comes
 */
export function jenks(values: Float64Array, counts: Float64Array, ends: Int32Array): void {
  const m = values.length;
  const k = ends.length;
  const sums = new Sums(values, counts);
  let best = new StaticArray<f64>(m + 1);
  let next = new StaticArray<f64>(m + 1);
  for (let end = 1; end <= m; end++) unchecked((best[end] = sums.within(0, end)));
  // where the last of q + 1 classes of the first values begins, of shape (k - 1, m + 1)
  const begins = new StaticArray<i32>((k - 1) * (m + 1));
  for (let q = 1; q < k; q++) {
    // each class to come has a value, and what all values end with is all that the last step needs
    const least = q == k - 1 ? m : q + 1;
    solve(sums, best, next, begins, (q - 1) * (m + 1), least, m - (k - 1 - q), q, m - 1);
    const swap = best;
    best = next;
    next = swap;
  }
  let end = m;
  for (let q = k - 1; q >= 0; q--) {
    unchecked((ends[q] = end));
    if (q > 0) end = unchecked(begins[(q - 1) * (m + 1) + end]);
  }
}

/** The best beginning of the last class for all ends least .. most, which lies in low .. high. */
function solve(
  sums: Sums,
  best: StaticArray<f64>,
  next: StaticArray<f64>,
  begins: StaticArray<i32>,
  row: i32,
  least: i32,
  most: i32,
  low: i32,
  high: i32,
): void {
  if (least > most) return;
  const end = (least + most) >> 1;
  let smallest = Infinity;
  let found = low;
  // rough sums say between which beginnings the smallest is
  let from = low;
  let to = low;
  for (let begin = low, last = min(high, end - 1); begin <= last; begin++) {
    const sum = unchecked(best[begin]) + sums.roughly(begin, end);
    if (sum > smallest + sums.slack) continue;
    if (sum + sums.slack < smallest) from = begin;
    to = begin;
    smallest = min(smallest, sum);
  }
  smallest = Infinity;
  for (let begin = from; begin <= to; begin++) {
    const sum = unchecked(best[begin]) + sums.within(begin, end);
    if (sum < smallest) {
      smallest = sum;
      found = begin;
    }
  }
  unchecked((next[end] = smallest));
  unchecked((begins[row + end] = found));
  solve(sums, best, next, begins, row, least, end - 1, low, found);
  solve(sums, best, next, begins, row, end + 1, most, found, high);
}
