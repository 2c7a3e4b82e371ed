import KDBush from "kdbush";

/** DBSCAN as its paper has it: a cluster grows by a search around each of its points, here by kdbush. */
export function kdbushDbscan(xs: Float64Array, ys: Float64Array, eps: number, minPoints: number): Int32Array {
  const n = xs.length;
  const index = new KDBush(n);
  for (let i = 0; i < n; i++) index.add(xs[i]!, ys[i]!);
  index.finish();
  const clusters = new Int32Array(n).fill(-1);
  const visited = new Uint8Array(n);
  let count = 0;
  for (let seed = 0; seed < n; seed++) {
    if (visited[seed]) continue;
    visited[seed] = 1;
    const queue = index.within(xs[seed]!, ys[seed]!, eps);
    if (queue.length < minPoints) continue;
    clusters[seed] = count;
    while (queue.length > 0) {
      const i = queue.pop()!;
      if (clusters[i] === -1) clusters[i] = count;
      if (visited[i]) continue;
      visited[i] = 1;
      const found = index.within(xs[i]!, ys[i]!, eps);
      if (found.length >= minPoints) for (const j of found) if (!visited[j] || clusters[j] === -1) queue.push(j);
    }
    count++;
  }
  return clusters;
}
