import { transform } from "./transform.js";
import { trusted, type Weights } from "./weights.js";

/**
 * Weights among some locations, which are numbered anew in their order; each row of them is standardised.
 * @param chosen ascending, i32 of shape (m,)
 */
export function among(weights: Weights, chosen: Int32Array): Weights {
  if (chosen.length === weights.n) return transform(weights, "R");
  const numbers = new Int32Array(weights.n).fill(-1);
  chosen.forEach((location, number) => (numbers[location] = number));
  const offsets = new Int32Array(chosen.length + 1);
  const places: number[] = [];
  chosen.forEach((location, number) => {
    for (let q = weights.offsets[location]!; q < weights.offsets[location + 1]!; q++) {
      if (numbers[weights.neighbors[q]!]! >= 0) places.push(q);
    }
    offsets[number + 1] = places.length;
  });
  const left = {
    n: chosen.length,
    offsets,
    neighbors: Int32Array.from(places, (q) => numbers[weights.neighbors[q]!]!),
    ...(weights.weights && { weights: Float64Array.from(places, (q) => weights.weights![q]!) }),
  };
  return transform(trusted(left), "R");
}
