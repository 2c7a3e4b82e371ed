import { DriveshaftError } from "../errors.js";
import { growInt32 } from "../table/growable.js";
import { checkWeights, MAX_PAIRS, trusted, type Weights } from "./weights.js";

/** The pairs q of a graph for which `keep` holds; their weights go with them. */
export function keepPairs(w: Weights, keep: (q: number, i: number) => boolean): Weights {
  const offsets = new Int32Array(w.n + 1);
  const kept = growInt32();
  for (let i = 0; i < w.n; i++) {
    for (let q = w.offsets[i]!; q < w.offsets[i + 1]!; q++) if (keep(q, i)) kept.push(q);
    offsets[i + 1] = kept.length;
  }
  const { weights } = w;
  const places = kept.take();
  return trusted({
    n: w.n,
    offsets,
    neighbors: places.map((q) => w.neighbors[q]!),
    ...(weights && { weights: Float64Array.from(places, (q) => weights[q]!) }),
  });
}

/**
 * Pairs of any of the weights, without `weights`; rows ascend, as in all that follow. @throws INVALID_WEIGHTS where
 * they are not of the same locations
 */
export function union(all: Weights[]): Weights {
  return combine(all, (count) => count > 0);
}

/** Pairs of all the weights. @throws INVALID_WEIGHTS where they are not of the same locations */
export function intersection(all: Weights[]): Weights {
  return combine(all, (count) => count === all.length);
}

/**
 * Pairs of the first that are of none of the others. @throws INVALID_WEIGHTS where they are not of the same locations
 */
export function difference([first, ...others]: Weights[]): Weights {
  if (!first) return combine([], () => false);
  const taken = others.length > 0 ? union(others) : undefined;
  if (!taken) return combine([first], () => true);
  check([first, taken]);
  const mark = new Int32Array(first.n).fill(-1);
  let marked = -1;
  return sorted(
    keepPairs({ n: first.n, offsets: first.offsets, neighbors: first.neighbors }, (q, i) => {
      if (marked !== i) {
        for (let p = taken.offsets[i]!; p < taken.offsets[i + 1]!; p++) mark[taken.neighbors[p]!] = i;
        marked = i;
      }
      return mark[first.neighbors[q]!] !== i;
    }),
  );
}

/** Symmetric closure: where j is a neighbor of i, i becomes one of j. */
export function symmetric(w: Weights): Weights {
  return union([w, transpose(w)]);
}

/** i is a neighbor of j where j is one of i. */
function transpose({ n, offsets, neighbors }: Weights): Weights {
  const turned = new Int32Array(n + 1);
  for (const j of neighbors) turned[j + 1]!++;
  for (let i = 0; i < n; i++) turned[i + 1]! += turned[i]!;
  const next = turned.slice();
  const rows = new Int32Array(neighbors.length);
  for (let i = 0; i < n; i++) {
    for (let q = offsets[i]!; q < offsets[i + 1]!; q++) rows[next[neighbors[q]!]!++] = i;
  }
  return trusted({ n, offsets: turned, neighbors: rows });
}

function check(all: Weights[]): number {
  if (all.length === 0) throw new DriveshaftError("INVALID_WEIGHTS", "there are no weights to combine");
  const { n } = all[0]!;
  for (const w of all) {
    checkWeights(w);
    if (w.n === n) continue;
    throw new DriveshaftError("INVALID_WEIGHTS", `weights of ${n} and of ${w.n} locations cannot be combined`);
  }
  return n;
}

/** Pairs by the number of weights that have them. */
function combine(all: Weights[], wanted: (count: number) => boolean): Weights {
  const n = check(all);
  const offsets = new Int32Array(n + 1);
  const seen = new Int32Array(n);
  const rows = growInt32();
  for (let i = 0; i < n; i++) {
    const met: number[] = [];
    for (const { offsets: begin, neighbors } of all) {
      for (let q = begin[i]!; q < begin[i + 1]!; q++) {
        const j = neighbors[q]!;
        if (seen[j]!++ === 0) met.push(j);
      }
    }
    met.sort((a, b) => a - b);
    for (const j of met) {
      if (wanted(seen[j]!)) rows.push(j);
      seen[j] = 0;
    }
    if (rows.length > MAX_PAIRS) {
      throw new DriveshaftError(
        "INVALID_WEIGHTS",
        `the weights have more than ${MAX_PAIRS} pairs of neighbors together`,
      );
    }
    offsets[i + 1] = rows.length;
  }
  return trusted({ n, offsets, neighbors: rows.take() });
}

function sorted(w: Weights): Weights {
  for (let i = 0; i < w.n; i++) w.neighbors.subarray(w.offsets[i], w.offsets[i + 1]).sort();
  return w;
}
