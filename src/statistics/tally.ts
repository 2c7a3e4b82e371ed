/** Distinct numbers in ascending order, and how often each comes. Both f64 of shape (m,). */
export interface Tally {
  values: Float64Array;
  counts: Float64Array;
}

export function tallyOf(sorted: Float64Array): Tally {
  const [values, counts] = [new Float64Array(sorted.length), new Float64Array(sorted.length)];
  let m = 0;
  for (const value of sorted) {
    if (m === 0 || value !== values[m - 1]) values[m++] = value;
    counts[m - 1]!++;
  }
  return { values: values.slice(0, m), counts: counts.slice(0, m) };
}
