/** The mean of values, as that of their deviations from one of them, so that it keeps its digits far from 0. */
export function meanOf(values: Float64Array): number {
  const origin = values[values.length >> 1]!;
  let sum = 0;
  for (const value of values) sum += value - origin;
  return origin + sum / values.length;
}

/** The sum of squared deviations from the mean, less what its rounding adds; 0 of no values. */
export function squaresOf(values: Float64Array): number {
  if (values.length === 0) return 0;
  const mean = meanOf(values);
  let [sum, squares] = [0, 0];
  for (const value of values) {
    const deviation = value - mean;
    sum += deviation;
    squares += deviation * deviation;
  }
  return Math.max(0, squares - (sum * sum) / values.length);
}
