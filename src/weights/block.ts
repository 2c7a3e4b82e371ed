import { DriveshaftError } from "../errors.js";
import { MAX_PAIRS, trusted, type Weights } from "./weights.js";

/**
 * Weights among locations with the same label: each is a neighbor of all others of its block, in ascending order.
 * @param labels of shape (n,); null, undefined and NaN are no label, and those locations islands
 * @throws INVALID_WEIGHTS above 268,435,456 pairs
 * @example block(["north", "south", "north"])
 */
export function block(labels: ArrayLike<string | number | null | undefined>): Weights {
  const n = labels.length;
  const members = new Map<string | number, number[]>();
  const blocks: (number[] | undefined)[] = Array.from({ length: n }, (_, i) => {
    const label = labels[i];
    if (label === null || label === undefined || Number.isNaN(label)) return undefined;
    let block = members.get(label);
    if (!block) members.set(label, (block = []));
    block.push(i);
    return block;
  });
  const offsets = new Int32Array(n + 1);
  blocks.forEach((block, i) => {
    const end = offsets[i]! + (block ? block.length - 1 : 0);
    if (end > MAX_PAIRS) {
      throw new DriveshaftError("INVALID_WEIGHTS", `the blocks have more than ${MAX_PAIRS} pairs of neighbors`, {
        hint: "Use smaller blocks.",
      });
    }
    offsets[i + 1] = end;
  });
  const neighbors = new Int32Array(offsets[n]!);
  blocks.forEach((block, i) => {
    let to = offsets[i]!;
    for (const j of block ?? []) if (j !== i) neighbors[to++] = j;
  });
  return trusted({ n, offsets, neighbors });
}
