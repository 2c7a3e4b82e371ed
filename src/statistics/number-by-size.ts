/** What clusters are called, and how large they are. */
export interface Numbered {
  /** Cluster of each point, 0 the largest, -1 for none, i32 of shape (n,). */
  clusters: Int32Array;
  /** Points by cluster. */
  sizes: Int32Array;
  /** By cluster, its label before. */
  labels: Int32Array;
}

/**
 * Numbers clusters from the largest, equal sizes in the order of their first points.
 * @param labels the cluster of each point, any number from 0 to `most` - 1, or -1 for none
 */
export function numberBySize(labels: Int32Array, most: number): Numbered {
  const counts = new Int32Array(most);
  const met: number[] = [];
  for (const label of labels) if (label >= 0 && counts[label]!++ === 0) met.push(label);
  // a sort that keeps the order of what is equal
  met.sort((a, b) => counts[b]! - counts[a]!);
  const numbers = new Int32Array(most);
  met.forEach((label, number) => (numbers[label] = number));
  return {
    clusters: labels.map((label) => (label >= 0 ? numbers[label]! : -1)),
    sizes: Int32Array.from(met, (label) => counts[label]!),
    labels: Int32Array.from(met),
  };
}
