import { DriveshaftError } from "../errors.js";
import { checkWeights, trusted, type Weights } from "./weights.js";

/**
 * Transformations of weights: B binary, R row-standardised, D doubly standardised, V variance-stabilised, O as they
 * are.
 */
export const transforms = ["B", "R", "D", "V", "O"] as const;
export type Transform = (typeof transforms)[number];

/**
 * Weights in another standardisation, of the same neighbors. Weights without `weights` are taken as binary before.
 * B: 1. R: w_ij / sum_j w_ij. D: w_ij / sum w. V: s_ij = w_ij / sqrt(sum_j w_ij^2), then n s_ij / sum s: Tiefelsdorf,
 * Griffith and Boots (1999), doi:10.1068/a310165. O: as given. Islands stay islands; a row of zeros stays one.
 * @throws INVALID_WEIGHTS
 */
export function transform(w: Weights, to: Transform): Weights {
  checkWeights(w);
  const { n, offsets, neighbors } = w;
  if (to === "R" && !w.weights && !w.diagonal) return w;
  const binary = to === "B" || !w.weights;
  const weights = binary ? new Float64Array(neighbors.length).fill(1) : w.weights!.slice();
  const diagonal = to === "B" ? w.diagonal?.map((own) => Number(own > 0)) : w.diagonal?.slice();
  if (to === "R") {
    divideRows(
      w,
      weights,
      diagonal,
      (sum) => sum,
      (value) => value,
    );
  } else if (to === "V") {
    divideRows(w, weights, diagonal, Math.sqrt, (value) => value * value);
    scale(weights, diagonal, n);
  } else if (to === "D") scale(weights, diagonal, 1);
  return trusted({ n, offsets, neighbors, weights, ...(diagonal && { diagonal }) });
}

/** Divides each row by `norm` of the sum of `part` over it. */
function divideRows(
  { n, offsets }: Weights,
  weights: Float64Array,
  diagonal: Float64Array | undefined,
  norm: (sum: number) => number,
  part: (value: number) => number,
): void {
  for (let i = 0; i < n; i++) {
    let sum = diagonal ? part(diagonal[i]!) : 0;
    for (let q = offsets[i]!; q < offsets[i + 1]!; q++) sum += part(weights[q]!);
    if (sum === 0) continue;
    const divisor = norm(sum);
    for (let q = offsets[i]!; q < offsets[i + 1]!; q++) weights[q]! /= divisor;
    if (diagonal) diagonal[i]! /= divisor;
  }
}

/** Scales all weights so that they sum to `total`. */
function scale(weights: Float64Array, diagonal: Float64Array | undefined, total: number): void {
  let sum = 0;
  for (const weight of weights) sum += weight;
  if (diagonal) for (const own of diagonal) sum += own;
  if (sum === 0) throw new DriveshaftError("INVALID_WEIGHTS", "every weight is 0, so they cannot be standardised");
  const factor = total / sum;
  for (let q = 0; q < weights.length; q++) weights[q]! *= factor;
  if (diagonal) for (let i = 0; i < diagonal.length; i++) diagonal[i]! *= factor;
}

/**
 * The weight of each neighbor of each row, where they are equal within every row, as 1 / cardinality is; undefined
 * where they are not, or where neighbors weigh nothing. Rows without neighbors have 0.
 */
export function equalWeights(w: Weights): Float64Array | undefined {
  if (!equal.has(w)) equal.set(w, compareRows(w));
  return equal.get(w);
}

/** Found once for each object, since several ask. */
const equal = new WeakMap<Weights, Float64Array | undefined>();

function compareRows({ n, offsets, weights }: Weights): Float64Array | undefined {
  const rows = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const begin = offsets[i]!;
    const end = offsets[i + 1]!;
    if (begin === end) continue;
    rows[i] = weights ? weights[begin]! : 1 / (end - begin);
    if (rows[i] === 0) return undefined;
    if (weights) for (let q = begin + 1; q < end; q++) if (weights[q] !== rows[i]) return undefined;
  }
  return rows;
}
