/** Of what is left of an interval the share that is cut off at an end. */
const CUT = 0.38197;

/** Scores are taken to be equal within this. */
const TOLERANCE = 1e-6;

export interface Tried {
  at: number;
  score: number;
}

/** What a search came to. */
export interface GoldenSection extends Tried {
  /** Two neighbors on the way had equal scores; else a cap ended it, or a score was none. */
  converged: boolean;
  iterations: number;
  /** All that was tried, in this order. */
  tried: Tried[];
}

/**
 * The least score in an interval, by golden sections: that of the whole interval where it falls and then rises.
 * @param score is asked for once at each place
 * @param options.whole only whole numbers are tried
 * @param options.isOver ends the search after an iteration
 */
export function goldenSection(
  score: (at: number) => number,
  [low, high]: [number, number],
  options: { whole: boolean; maxIterations: number; isOver?: () => boolean },
): GoldenSection {
  const { whole, maxIterations, isOver = () => false } = options;
  const tried: Tried[] = [];
  function scoreAt(at: number): number {
    const known = tried.find((one) => one.at === at);
    if (known) return known.score;
    const found = { at, score: score(at) };
    tried.push(found);
    return found.score;
  }
  const inside = (at: number): number => (whole ? Math.round(at) : at);
  let [a, c] = [low, high];
  let b = inside(a + CUT * (c - a));
  let d = inside(c - CUT * (c - a));
  let iterations = 0;
  let converged = false;
  while (!converged && iterations < maxIterations && !(iterations > 0 && isOver())) {
    iterations++;
    const [left, right] = [scoreAt(b), scoreAt(d)];
    converged = Math.abs(left - right) <= TOLERANCE;
    // where neither end has a score the wider one may
    if (left <= right && left < Infinity) [c, d, b] = [d, b, inside(a + CUT * (d - a))];
    else [a, b, d] = [b, d, inside(c - CUT * (c - b))];
  }
  const best = tried.reduce((least, one) => (one.score < least.score ? one : least));
  return { ...best, converged, iterations, tried };
}
