/** A mean in two parts, so that deviations from it keep their digits far from 0: one of the values, and the rest. */
export interface Mean {
  origin: number;
  rest: number;
}

export function meanOf(values: Float64Array): Mean {
  const origin = values[values.length >> 1]!;
  let sum = 0;
  for (const value of values) sum += value - origin;
  return { origin, rest: sum / values.length };
}

/** A mean as a number. */
export const numberOf = ({ origin, rest }: Mean): number => origin + rest;

/** The sum of squared deviations from the mean, less what its rounding adds; 0 of no values. */
export function squaresOf(values: Float64Array): number {
  if (values.length === 0) return 0;
  const { origin, rest } = meanOf(values);
  let [sum, squares] = [0, 0];
  for (const value of values) {
    const deviation = value - origin - rest;
    sum += deviation;
    squares += deviation * deviation;
  }
  return Math.max(0, squares - (sum * sum) / values.length);
}
