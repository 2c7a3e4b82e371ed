/** How p-values are corrected for testing many locations; none leaves them. */
export const corrections = ["none", "fdr", "fdr_by", "bonferroni"] as const;
export type Correction = (typeof corrections)[number];

/**
 * p-values adjusted for their number, so that comparing them with a level controls: with `bonferroni` the chance of any
 * false positive; with `fdr` the share of false among all positives, Benjamini and Hochberg (1995),
 * doi:10.1111/j.2517-6161.1995.tb02031.x; with `fdr_by` the same under any dependence, Benjamini and Yekutieli (2001),
 * doi:10.1214/aos/1013699998. NaN are not tests, and stay.
 */
export function adjustP(p: Float64Array, correction: Correction): Float64Array {
  if (correction === "none") return p;
  const tests = p.filter((value) => !Number.isNaN(value)).length;
  const factor = tests * (correction === "fdr_by" ? harmonic(tests) : 1);
  if (correction === "bonferroni") return p.map((value) => Math.min(1, value * factor));
  const order = Array.from(p.keys())
    .filter((i) => !Number.isNaN(p[i]!))
    .sort((a, b) => p[a]! - p[b]!);
  const adjusted = new Float64Array(p.length).fill(NaN);
  let least = 1;
  for (let rank = tests; rank >= 1; rank--) {
    const i = order[rank - 1]!;
    least = Math.min(least, (p[i]! * factor) / rank);
    adjusted[i] = least;
  }
  return adjusted;
}

function harmonic(m: number): number {
  let sum = 0;
  for (let i = m; i >= 1; i--) sum += 1 / i;
  return sum;
}

/**
 * How many permutations it takes until the correction can leave anything significant: the smallest pseudo p-value is
 * tails / (R + 1). With fdr, locations that share the smallest p-value help each other. Undefined where there are
 * enough.
 */
export function permutationsNeeded(
  p: Float64Array,
  correction: Correction,
  permutations: number,
  tails: 1 | 2,
  significance: number,
): number | undefined {
  if (correction === "none" || permutations === 0) return undefined;
  const least = tails / (permutations + 1);
  const tests = p.filter((value) => !Number.isNaN(value)).length;
  const together =
    correction === "bonferroni" ? 1 : Math.max(1, p.filter((value) => value <= least * (1 + 1e-9)).length);
  const factor = (tests * (correction === "fdr_by" ? harmonic(tests) : 1)) / together;
  if (least * factor <= significance) return undefined;
  return Math.ceil((tails * factor) / significance) - 1;
}
