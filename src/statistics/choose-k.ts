export const criteria = ["silhouette", "elbow"] as const;

/** What chooses the number of clusters. */
export type Criterion = (typeof criteria)[number];

/** What tells for a number of clusters. */
export interface Score {
  k: number;
  inertia: number;
  /** Mean silhouette, NaN of one cluster. */
  silhouette: number;
}

/**
 * The best of several numbers of clusters, of equally good ones the first: that of the largest mean silhouette, or that
 * at the elbow, where the inertia lies farthest below the line from its first to its last value. Both axes measured by
 * their extents this is the knee of Satopää et al. (2011), doi:10.1109/ICDCSW.2011.20.
 */
export function chooseK<S extends Score>(scores: S[], criterion: Criterion): S {
  const [first, last] = [scores[0]!, scores.at(-1)!];
  const slope = (last.inertia - first.inertia) / (last.k - first.k);
  const below = ({ k, inertia }: Score): number => first.inertia + slope * (k - first.k) - inertia;
  const merit = (score: Score): number => (criterion === "elbow" ? below(score) : score.silhouette);
  return scores.reduce((best, score) => (merit(score) > merit(best) || Number.isNaN(merit(best)) ? score : best));
}
