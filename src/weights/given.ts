import { DriveshaftError } from "../errors.js";
import { growInt32 } from "../table/growable.js";
import { rawText, type Raw } from "../table/raw.js";
import { trusted, type Weights } from "./weights.js";

/**
 * Weights as a source has them: the ids at both ends of each pair, and how much the neighbor weighs for the focal row.
 */
export interface PairsOfIds {
  focal: Raw;
  neighbor: Raw;
  weights: Float64Array;
}

/** Pairs of rows, and how much the neighbor weighs for the focal row. */
export interface GivenWeights {
  focal: Int32Array;
  neighbor: Int32Array;
  weights: Float64Array;
}

/** Ids that an error names. */
const NAMED = 10;

/**
 * Finds the rows that pairs speak of; ids are compared as they are written, so that their types need not be the same.
 * @throws INVALID_WEIGHTS naming ids that no row has, or those of a weight that is negative or not finite
 */
export function matchPairs(
  { focal, neighbor, weights }: PairsOfIds,
  n: number,
  idOf: (row: number) => string,
): GivenWeights {
  const rows = new Map<string, number>();
  for (let row = 0; row < n; row++) rows.set(idOf(row), row);
  const unknown = new Set<string>();
  const find = (ids: Raw): Int32Array => {
    const found = new Int32Array(weights.length);
    for (let pair = 0; pair < weights.length; pair++) {
      const id = rawText(ids, pair);
      const row = rows.get(id);
      if (row === undefined) unknown.add(id);
      else found[pair] = row;
    }
    return found;
  };
  const found = { focal: find(focal), neighbor: find(neighbor), weights };
  if (unknown.size > 0) {
    const named = [...unknown].slice(0, NAMED).join(", ") + (unknown.size > NAMED ? ", ..." : "");
    const what = unknown.size === 1 ? "1 id that no row has" : `${unknown.size} ids that no row has`;
    throw new DriveshaftError("INVALID_WEIGHTS", `the given weights name ${what}: ${named}`, {
      hint: "Give weights of the same rows, or join them with the rows.",
    });
  }
  weights.forEach((weight, pair) => {
    if (weight >= 0 && weight < Infinity) return;
    const of = `${rawText(focal, pair)} and ${rawText(neighbor, pair)}`;
    // a source reads nulls, and what is not finite, as NaN
    const came = Number.isNaN(weight) ? "null or not finite" : weight;
    throw new DriveshaftError(
      "INVALID_WEIGHTS",
      `the given weight of ${of} is ${came}, expected a finite number of at least 0`,
    );
  });
  return found;
}

/**
 * Weights from pairs of locations, each row ascending. A pair of a location with itself is its diagonal, or nothing
 * where it weighs 0, as PySAL writes islands.
 * @param place by row: the number of the location, -1 where the row is not used
 * @param idOf how messages name a location
 * @throws INVALID_WEIGHTS where a pair comes twice
 */
export function fromPairs(
  { focal, neighbor, weights }: GivenWeights,
  place: Int32Array,
  n: number,
  idOf: (i: number) => string,
): Weights {
  const kept = growInt32();
  let diagonal: Float64Array | undefined;
  for (let pair = 0; pair < weights.length; pair++) {
    const [i, j] = [place[focal[pair]!]!, place[neighbor[pair]!]!];
    if (i < 0 || j < 0) continue;
    if (i !== j) kept.push(pair);
    else if (weights[pair] !== 0) (diagonal ??= new Float64Array(n))[i] = weights[pair]!;
  }
  const byNeighbor = sortedBy(kept.take(), (pair) => place[neighbor[pair]!]!, n).order;
  const { order, offsets } = sortedBy(byNeighbor, (pair) => place[focal[pair]!]!, n);
  const neighbors = order.map((pair) => place[neighbor[pair]!]!);
  for (let i = 0; i < n; i++) {
    for (let q = offsets[i]! + 1; q < offsets[i + 1]!; q++) {
      if (neighbors[q] !== neighbors[q - 1]) continue;
      const pair = `${idOf(i)}, ${idOf(neighbors[q]!)}`;
      throw new DriveshaftError("INVALID_WEIGHTS", `the given weights have the pair ${pair} twice`, {
        hint: "Give each pair once.",
      });
    }
  }
  return trusted({
    n,
    offsets,
    neighbors,
    weights: Float64Array.from(order, (pair) => weights[pair]!),
    ...(diagonal && { diagonal }),
  });
}

/**
 * Pairs in the order of something of theirs that has n numbers, such as a location, and of `pairs` where it is the
 * same; where those of each number begin.
 */
export function sortedBy(
  pairs: Int32Array,
  numberOf: (pair: number) => number,
  n: number,
): { order: Int32Array; offsets: Int32Array } {
  const offsets = new Int32Array(n + 1);
  for (const pair of pairs) offsets[numberOf(pair) + 1]!++;
  for (let i = 0; i < n; i++) offsets[i + 1]! += offsets[i]!;
  const next = offsets.slice();
  const order = new Int32Array(pairs.length);
  for (const pair of pairs) order[next[numberOf(pair)]!++] = pair;
  return { order, offsets };
}

/**
 * Weights of locations with these ids, in their order, from pairs such as those of a file.
 * @param ids of shape (n,), each once
 * @throws INVALID_WEIGHTS
 * @example weightsOfPairs(parseGal(text), features.map((feature) => feature.id))
 */
export function weightsOfPairs(pairs: PairsOfIds, ids: ArrayLike<string | number>): Weights {
  const idOf = (i: number): string => String(ids[i]);
  const all = Int32Array.from({ length: ids.length }, (_, i) => i);
  return fromPairs(matchPairs(pairs, ids.length, idOf), all, ids.length, idOf);
}
