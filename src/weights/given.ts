import type { GivenWeights } from "../columns.js";
import { DriveshaftError } from "../errors.js";
import { trusted, type Weights } from "./weights.js";

/** Weights as a source has them: ids of both ends of each pair, as they are written, and how much the neighbor weighs. */
export interface PairsOfIds {
  focal(pair: number): string;
  neighbor(pair: number): string;
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
  const find = (id: string): number => {
    const row = rows.get(id);
    if (row === undefined) unknown.add(id);
    return row ?? -1;
  };
  const found = {
    focal: Int32Array.from(weights, (_, pair) => find(focal(pair))),
    neighbor: Int32Array.from(weights, (_, pair) => find(neighbor(pair))),
    weights,
  };
  if (unknown.size > 0) {
    const named = [...unknown].slice(0, NAMED).join(", ") + (unknown.size > NAMED ? ", ..." : "");
    const what = unknown.size === 1 ? "1 id that no row has" : `${unknown.size} ids that no row has`;
    throw new DriveshaftError("INVALID_WEIGHTS", `the given weights name ${what}: ${named}`, {
      hint: "Give weights of the same rows, or join them with the rows.",
    });
  }
  weights.forEach((weight, pair) => {
    if (weight >= 0 && weight < Infinity) return;
    throw new DriveshaftError(
      "INVALID_WEIGHTS",
      `the given weight of ${focal(pair)} and ${neighbor(pair)} is ${weight}, expected a finite number of at least 0`,
    );
  });
  return found;
}

/**
 * Weights from pairs of locations, each row ascending. A pair of a location with itself is its diagonal, or nothing where it
 * weighs 0, as PySAL writes islands.
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
  const order: number[] = [];
  let diagonal: Float64Array | undefined;
  for (let pair = 0; pair < weights.length; pair++) {
    const [i, j] = [place[focal[pair]!]!, place[neighbor[pair]!]!];
    if (i < 0 || j < 0) continue;
    if (i !== j) order.push(pair);
    else if (weights[pair] !== 0) (diagonal ??= new Float64Array(n))[i] = weights[pair]!;
  }
  const at = (pair: number): number => place[focal[pair]!]! * n + place[neighbor[pair]!]!;
  order.sort((a, b) => at(a) - at(b));
  const offsets = new Int32Array(n + 1);
  order.forEach((pair, index) => {
    const i = place[focal[pair]!]!;
    if (index > 0 && at(order[index - 1]!) === at(pair)) {
      const j = place[neighbor[pair]!]!;
      throw new DriveshaftError("INVALID_WEIGHTS", `the given weights have the pair ${idOf(i)}, ${idOf(j)} twice`, {
        hint: "Give each pair once.",
      });
    }
    offsets[i + 1]!++;
  });
  for (let i = 0; i < n; i++) offsets[i + 1]! += offsets[i]!;
  return trusted({
    n,
    offsets,
    neighbors: Int32Array.from(order, (pair) => place[neighbor[pair]!]!),
    weights: Float64Array.from(order, (pair) => weights[pair]!),
    ...(diagonal && { diagonal }),
  });
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
