/**
 * Silhouettes by squared distances (Rousseeuw 1987, doi:10.1016/0377-0427(87)90125-7), exact without pairs: the mean
 * squared distance of a point to those of a cluster is that to their mean, and their variance.
 */
import { addTimes } from "../shared/vector";
import { squared, Clustering } from "./clustering";

/**
 * Writes the silhouette of each point, in the order in which they came, each counting once whatever its weight: 0 of
 * one that is alone in its cluster. Returns their mean. There are at least two clusters.
 */
export function silhouettes(plan: Clustering, values: Float64Array): f64 {
  const n = plan.n;
  const k = plan.k;
  const tree = plan.tree;
  const width = plan.width;
  const means = new Float64Array(k * width);
  const sizes = new StaticArray<f64>(k);
  const variances = new StaticArray<f64>(k);
  for (let i = 0; i < n; i++) {
    const own = unchecked(plan.assigned[i]);
    unchecked((sizes[own] = sizes[own] + 1.0));
    addTimes(means, own * width, 1.0, tree.points, i * width, width);
  }
  for (let q = 0; q < k * width; q++) unchecked((means[q] /= max(1.0, sizes[q / width])));
  for (let i = 0; i < n; i++) {
    const own = unchecked(plan.assigned[i]);
    const square = squared(tree.points, i * width, means, own * width, width);
    unchecked((variances[own] = variances[own] + square / sizes[own]));
  }
  // a cluster without points is near none
  for (let c = 0; c < k; c++) if (unchecked(sizes[c]) == 0.0) unchecked((variances[c] = Infinity));

  let sum = 0.0;
  for (let i = 0; i < n; i++) {
    const own = unchecked(plan.assigned[i]);
    const size = unchecked(sizes[own]);
    let among = 0.0;
    let nearest = Infinity;
    for (let c = 0; c < k; c++) {
      const mean = squared(tree.points, i * width, means, c * width, width) + unchecked(variances[c]);
      // the point itself, at distance 0, is none of the others
      if (c == own) among = (mean * size) / (size - 1.0);
      else nearest = min(nearest, mean);
    }
    const most = max(among, nearest);
    const value = size == 1.0 || most == 0.0 || nearest == Infinity ? 0.0 : (nearest - among) / most;
    unchecked((values[tree.indices[i]] = value));
    sum += value;
  }
  return sum / <f64>n;
}
