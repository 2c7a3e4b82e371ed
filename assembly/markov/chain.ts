/**
 * Writes the steady state of an irreducible chain by eliminating its states one after the other without a subtraction,
 * so that small shares are as accurate as large ones. Grassmann, Taksar and Heyman (1985), doi:10.1287/opre.33.5.1107.
 * @param probabilities of shape (k, k), which are overwritten
 */
export function steadyState(probabilities: Float64Array, shares: Float64Array): void {
  const k = shares.length;
  const p = probabilities;
  for (let last = k - 1; last > 0; last--) {
    let leaving = 0.0;
    for (let j = 0; j < last; j++) leaving += unchecked(p[last * k + j]);
    for (let i = 0; i < last; i++) unchecked((p[i * k + last] /= leaving));
    for (let i = 0; i < last; i++) {
      const through = unchecked(p[i * k + last]);
      for (let j = 0; j < last; j++) unchecked((p[i * k + j] += through * p[last * k + j]));
    }
  }
  let total = 1.0;
  unchecked((shares[0] = 1.0));
  for (let j = 1; j < k; j++) {
    let share = 0.0;
    for (let i = 0; i < j; i++) share += unchecked(shares[i]) * unchecked(p[i * k + j]);
    unchecked((shares[j] = share));
    total += share;
  }
  for (let j = 0; j < k; j++) unchecked((shares[j] /= total));
}

/**
 * Writes the mean steps from each state to each other for the first time, and back to itself, of an irreducible chain:
 * m_ij = 1 + sum over l other than j of p_il m_lj. States are eliminated as above: each row keeps what it leaves by in
 * probabilities, and the steps that this takes.
 * @param probabilities of shape (k, k), as the times
 */
export function passageTimes(probabilities: Float64Array, times: Float64Array, k: i32): void {
  const p = new StaticArray<f64>(k * k);
  const steps = new StaticArray<f64>(k);
  for (let target = 0; target < k; target++) {
    // the target is state 0, and all others follow in their order
    for (let i = 0; i < k; i++) {
      const row = at(i, target) * k;
      for (let j = 0; j < k; j++) unchecked((p[i * k + j] = probabilities[row + at(j, target)]));
      unchecked((steps[i] = 1.0));
    }
    for (let last = k - 1; last > 0; last--) {
      let leaving = 0.0;
      for (let j = 0; j < last; j++) leaving += unchecked(p[last * k + j]);
      for (let j = 0; j < last; j++) unchecked((p[last * k + j] /= leaving));
      unchecked((steps[last] /= leaving));
      for (let i = 0; i < last; i++) {
        const through = unchecked(p[i * k + last]);
        for (let j = 0; j < last; j++) unchecked((p[i * k + j] += through * p[last * k + j]));
        unchecked((steps[i] += through * steps[last]));
      }
    }
    unchecked((times[target * k + target] = steps[0]));
    for (let i = 1; i < k; i++) {
      for (let j = 1; j < i; j++) unchecked((steps[i] += p[i * k + j] * steps[j]));
      unchecked((times[at(i, target) * k + target] = steps[i]));
    }
  }
}

/** The state that stands at place i where the target comes first. */
// @ts-ignore: decorator
@inline
function at(i: i32, target: i32): i32 {
  return i == 0 ? target : i <= target ? i - 1 : i;
}

/**
 * 2 sum n ln(n / expected) over counts above 0, the statistic of a likelihood ratio.
 * @param expected of the shape of the counts
 */
export function logLikelihoodRatio(counts: Float64Array, expected: Float64Array): f64 {
  let sum = 0.0;
  for (let i = 0; i < counts.length; i++) {
    const count = unchecked(counts[i]);
    if (count > 0.0) sum += count * Math.log(count / unchecked(expected[i]));
  }
  return 2.0 * sum;
}
