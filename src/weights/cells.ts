import type { Adjacency, Cells } from "../cells/grid.js";
import { readCells } from "../cells/ids.js";
import { numberCells } from "../cells/numbering.js";
import { DriveshaftError } from "../errors.js";
import { growFloat64, growInt32 } from "../table/growable.js";
import { MAX_PAIRS, trusted, type Weights } from "./weights.js";

/** How weights fall from ring to ring: 1, 1 / ring, 1 / ring^2, e^-ring. */
export const decays = ["uniform", "inverse", "inverse_square", "exponential"] as const;
export type Decay = (typeof decays)[number];

export interface RingOptions {
  /** Steps from cell to cell, default 1. */
  k?: number;
  /** Default uniform: all neighbors alike. */
  decay?: Decay;
}

export interface CellWeights {
  weights: Weights;
  /** Cells that touch one of these and are not among them. */
  missing: number;
}

/** Steps from cell to cell, at most. */
export const MOST_STEPS = 100;

/**
 * Cells of H3 or quadbin within k steps of each other are neighbors; rows ascend. A cell that is not there is nobody's
 * neighbor, and may lie on the way. The twelve pentagons of H3 have five cells around them.
 * @param ids of shape (n,), each once, of one resolution: in hexadecimal as H3 writes them, in decimal or as bigints
 * @throws INVALID_WEIGHTS, INVALID_PARAMETER
 * @example cellWeights(["8928308280fffff", "8928308280bffff"]).weights.neighbors
 */
export function cellWeights(ids: ArrayLike<string | bigint>, options: RingOptions = {}): CellWeights {
  const { cells, adjacency } = readCells(Array.from(ids, String), "ids");
  return ringWeights(cells, adjacency, options);
}

/** The same of cells of any grid. @param cells each once */
export function ringWeights(cells: Cells, adjacency: Adjacency, options: RingOptions = {}): CellWeights {
  const { k = 1, decay = "uniform" } = options;
  if (!Number.isInteger(k) || k < 1 || k > MOST_STEPS) {
    throw new DriveshaftError("INVALID_PARAMETER", `k is ${k}, expected a whole number from 1 to ${MOST_STEPS}`);
  }
  const n = cells.highs.length;
  const { degree } = adjacency;
  const { steps, count, missing } = stepsAround(cells, adjacency, k >> 1);
  const known = steps.length / degree;
  const offsets = new Int32Array(n + 1);
  const neighbors = growInt32();
  const weights = decay === "uniform" ? undefined : growFloat64();
  const byRing = weightsOfRings(k, decay);
  const seen = new Int32Array(count).fill(-1);
  const ringOf = new Uint8Array(count);
  const met = new Int32Array(count);
  const row = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    seen[i] = i;
    met[0] = i;
    let [begin, end, length] = [0, 1, 0];
    for (let ring = 1; ring <= k && begin < end; ring++) {
      const last = end;
      for (; begin < last; begin++) {
        const from = met[begin]!;
        // cells so far out that no way from a cell to another leads beyond them
        if (from >= known) continue;
        for (let q = from * degree; q < (from + 1) * degree; q++) {
          const j = steps[q]!;
          if (j < 0 || seen[j] === i) continue;
          seen[j] = i;
          met[end++] = j;
          if (j >= n) continue;
          row[length++] = j;
          ringOf[j] = ring;
        }
      }
    }
    neighbors.append(row.subarray(0, length).sort(), 0, length);
    if (weights) for (let r = 0; r < length; r++) weights.push(byRing[ringOf[row[r]!]!]!);
    if (neighbors.length > MAX_PAIRS) {
      throw new DriveshaftError("INVALID_WEIGHTS", `k = ${k} has more than ${MAX_PAIRS} pairs of neighbors`, {
        hint: "Use a lower k.",
      });
    }
    offsets[i + 1] = neighbors.length;
  }
  const graph = { n, offsets, neighbors: neighbors.take(), ...(weights && { weights: weights.take() }) };
  return { weights: trusted(graph), missing };
}

/** e^-1: its powers are products, which are the same on every machine. */
const ONE_STEP = 0.36787944117144233;

/** By ring, from 1. */
function weightsOfRings(k: number, decay: Decay): Float64Array {
  const byRing = new Float64Array(k + 1).fill(1);
  for (let ring = 1; ring <= k; ring++) {
    if (decay === "inverse") byRing[ring] = 1 / ring;
    if (decay === "inverse_square") byRing[ring] = 1 / (ring * ring);
    if (decay === "exponential") byRing[ring] = byRing[ring - 1]! * ONE_STEP;
  }
  return byRing;
}

/**
 * The graph of cells that touch each other, of all within `reach` steps of those that are there: a shortest way between
 * two of these does not lead further away from both.
 */
function stepsAround(
  { highs, lows }: Cells,
  { degree, next }: Adjacency,
  reach: number,
): { steps: Int32Array; count: number; missing: number } {
  const n = highs.length;
  const numbering = numberCells();
  for (let i = 0; i < n; i++) numbering.number(highs[i]!, lows[i]!);
  const steps = growInt32();
  const touching = new Int32Array(2 * degree);
  let missing = 0;
  for (let step = 0, begin = 0; step <= reach; step++) {
    const { highs, lows } = numbering.cells();
    for (let cell = begin; cell < highs.length; cell++) {
      const count = next(highs[cell]!, lows[cell]!, touching);
      for (let d = 0; d < degree; d++) {
        if (d >= count) steps.push(-1);
        // what touches those that are there is counted, so it has a number too
        else if (step < Math.max(1, reach)) steps.push(numbering.number(touching[2 * d]!, touching[2 * d + 1]!));
        else steps.push(numbering.find(touching[2 * d]!, touching[2 * d + 1]!));
      }
    }
    begin = highs.length;
    if (step === 0) missing = numbering.count - n;
  }
  return { steps: steps.take(), count: numbering.count, missing };
}
