/** Which tail counts: of the statistic itself. `directed` is the smaller tail, what crankshaft and GeoDa print. */
export const alternatives = ["two-sided", "greater", "lesser", "directed"] as const;
export type Alternative = (typeof alternatives)[number];

/** p of the chances of a statistic that is at least, and of one that is at most the observed. */
export function pOfTails(greater: number, lesser: number, alternative: Alternative): number {
  switch (alternative) {
    case "greater":
      return greater;
    case "lesser":
      return lesser;
    case "directed":
      return Math.min(greater, lesser);
    case "two-sided":
      return Math.min(1, 2 * Math.min(greater, lesser));
  }
}

/**
 * Pseudo p-value from the permutations whose statistic is at least and at most the observed one, ties in both counts:
 * (M + 1) / (R + 1), two-sided twice the smaller tail and at most 1. Phipson and Smyth (2010),
 * doi:10.2202/1544-6115.1585.
 */
export function pseudoP(greater: number, lesser: number, permutations: number, alternative: Alternative): number {
  return pOfTails(shareOfDraws(greater, permutations), shareOfDraws(lesser, permutations), alternative);
}

/** Of one tail: the observed statistic is a draw as well. */
export const shareOfDraws = (count: number, permutations: number): number => (count + 1) / (permutations + 1);
