import type { GivenWeights } from "../columns.js";
import { DriveshaftError } from "../errors.js";
import { idText, type Ids } from "../ids.js";
import { checkWeights, type Weights } from "./weights.js";

/** Weights as a source has them: ids of both ends of each pair, and how much the neighbor weighs. */
export interface PairsOfIds {
  focal: Ids;
  neighbor: Ids;
  weights: Float64Array;
}

/**
 * Finds the rows that pairs speak of; ids are compared as they are written, so that their types need not be the same.
 * @throws INVALID_WEIGHTS naming an id that no row has
 */
export function matchPairs({ focal, neighbor, weights }: PairsOfIds, ids: Ids): GivenWeights {
  const rows = new Map<string, number>();
  for (let row = 0; row < ids.offsets.length - 1; row++) rows.set(idText(ids, row), row);
  const find = (ends: Ids): Int32Array =>
    Int32Array.from(weights, (_, pair) => {
      const id = idText(ends, pair);
      const row = rows.get(id);
      if (row !== undefined) return row;
      throw new DriveshaftError("INVALID_WEIGHTS", `the given weights speak of ${id}, which is no id of the query`, {
        hint: "Give weights of the same rows, or join them with the rows in their query.",
      });
    });
  return { focal: find(focal), neighbor: find(neighbor), weights };
}

/**
 * Weights from pairs of locations, each row ascending. A pair of a location with itself is its diagonal, or nothing where it
 * weighs 0, as PySAL writes islands.
 * @param place by row: the number of the location, -1 where the row is not used
 * @throws INVALID_WEIGHTS
 */
export function fromPairs({ focal, neighbor, weights }: GivenWeights, place: Int32Array, n: number): Weights {
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
  for (const pair of order) offsets[place[focal[pair]!]! + 1]!++;
  for (let i = 0; i < n; i++) offsets[i + 1]! += offsets[i]!;
  const result = {
    n,
    offsets,
    neighbors: Int32Array.from(order, (pair) => place[neighbor[pair]!]!),
    weights: Float64Array.from(order, (pair) => weights[pair]!),
    ...(diagonal && { diagonal }),
  };
  checkWeights(result);
  return result;
}
