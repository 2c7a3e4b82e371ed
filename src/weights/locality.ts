import { trusted, type Weights } from "./weights.js";

/**
 * An order of the locations in which neighbors are near each other: breadth-first through the graph, from each location
 * not met yet. Cuthill and McKee (1969), doi:10.1145/800195.805928. What goes through neighbors in this order finds
 * them in the cache. order[p] is the location at place p.
 */
export function localityOrder({ n, offsets, neighbors }: Weights): Int32Array {
  const order = new Int32Array(n);
  const met = new Uint8Array(n);
  let end = 0;
  for (let root = 0, at = 0; root < n; root++) {
    if (met[root]) continue;
    met[root] = 1;
    order[end++] = root;
    for (; at < end; at++) {
      const i = order[at]!;
      for (let q = offsets[i]!; q < offsets[i + 1]!; q++) {
        const j = neighbors[q]!;
        if (met[j]) continue;
        met[j] = 1;
        order[end++] = j;
      }
    }
  }
  return order;
}

/** The same weights with location order[p] at place p. */
export function renumber(w: Weights, order: Int32Array): Weights {
  const { n, offsets, neighbors, weights } = w;
  const place = new Int32Array(n);
  order.forEach((i, p) => (place[i] = p));
  const result: Weights = { n, offsets: new Int32Array(n + 1), neighbors: new Int32Array(neighbors.length) };
  if (weights) result.weights = new Float64Array(weights.length);
  let to = 0;
  for (let p = 0; p < n; p++) {
    const i = order[p]!;
    for (let q = offsets[i]!; q < offsets[i + 1]!; q++, to++) {
      result.neighbors[to] = place[neighbors[q]!]!;
      if (weights) result.weights![to] = weights[q]!;
    }
    result.offsets[p + 1] = to;
  }
  return trusted(result);
}
