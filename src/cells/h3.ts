import type { Adjacency } from "./grid.js";
import { h3 } from "./library.js";

/** Cells of H3, as the halves of their indices. */

/** The resolution of an index that is given as two halves; undefined where it is none of a cell. */
export const resolutionOf = (high: number, low: number): number | undefined =>
  h3().isValidCell([low, high]) ? (high >>> 20) & 15 : undefined;

/** Where the number of the base cell stands in the upper half of an index. */
const BASE = 13;

/** The cells around one: six, or five of a pentagon. */
export const h3Adjacency: Adjacency = {
  degree: 6,
  next(high, low, into) {
    if (!isNearPentagon((high >>> BASE) & 127) && stepsWithin(high, low, into)) return 6;
    let at = 0;
    for (const index of h3().gridDisk([low, high], 1)) {
      const [nextHigh, nextLow] = [highOf(index), lowOf(index)];
      if (nextHigh === high && nextLow === low) continue;
      into[at++] = nextHigh;
      into[at++] = nextLow;
    }
    return at / 2;
  },
};

/** By base cell: 1 where it is a pentagon, in which steps turn. */
let pentagons: Uint8Array | undefined;

function isNearPentagon(base: number): boolean {
  pentagons ??= Uint8Array.from(h3().getRes0Cells(), (cell) => Number(h3().isPentagon(cell)));
  return pentagons[base] === 1;
}

/** The six steps from a cell to the next by their digits, as multiples of two axes at 120 degrees: K, J, JK, I, IK, IJ. */
const STEPS = [
  [0, 0],
  [-1, -1],
  [0, 1],
  [-1, 0],
  [1, 0],
  [0, -1],
  [1, 1],
] as const;

/**
 * The sum of two steps, as a step between their parents and a digit, 8 step + digit; a digit of a cell is its step from
 * the center of its parent. At every other resolution the axes turn the other way.
 */
function sums(parentStep: (a: number, b: number) => [a: number, b: number]): Uint8Array {
  const table = new Uint8Array(64);
  STEPS.forEach(([a, b], first) =>
    STEPS.forEach(([c, d], second) =>
      STEPS.forEach(([e, f], step) => {
        const [g, h] = parentStep(e, f);
        const digit = STEPS.findIndex(([x, y]) => x === a + c - g && y === b + d - h);
        if (digit >= 0) table[8 * first + second] = 8 * step + digit;
      }),
    ),
  );
  return table;
}
const oddSums = sums((a, b) => [2 * a + b, 3 * b - a]);
const evenSums = sums((a, b) => [3 * a - b, a + 2 * b]);

/** Finds the six cells around one by arithmetic on its digits; false where one is in another base cell. */
function stepsWithin(high: number, low: number, into: Int32Array): boolean {
  const resolution = (high >>> 20) & 15;
  for (let direction = 1; direction <= 6; direction++) {
    let [nextHigh, nextLow, step] = [high, low, direction];
    for (let level = resolution; step !== 0; level--) {
      if (level === 0) return false;
      // three bits for each level, those of the finest last; those of the tenth from there lie in both halves
      const at = 3 * (15 - level);
      const digit =
        at < 30
          ? (nextLow >>> at) & 7
          : at > 30
            ? (nextHigh >>> (at - 32)) & 7
            : ((nextLow >>> 30) | (nextHigh << 2)) & 7;
      const sum = (level & 1 ? oddSums : evenSums)[8 * digit + step]!;
      const change = digit ^ (sum & 7);
      if (at <= 30) nextLow ^= change << at;
      if (at === 30) nextHigh ^= change >>> 2;
      else if (at > 30) nextHigh ^= change << (at - 32);
      step = sum >>> 3;
    }
    into[2 * direction - 2] = nextHigh;
    into[2 * direction - 1] = nextLow;
  }
  return true;
}

/** Halves of an index in hexadecimal, of 15 digits or 16. */
export const highOf = (index: string): number => hexadecimal(index, 0, index.length - 8);
export const lowOf = (index: string): number => hexadecimal(index, index.length - 8, index.length);

/** Several times faster than parseInt of a part. */
function hexadecimal(text: string, begin: number, end: number): number {
  let value = 0;
  for (let i = begin; i < end; i++) {
    const code = text.charCodeAt(i);
    // digits come before letters, whose last five bits count from 1
    value = (value << 4) | (code < 64 ? code - 48 : (code & 31) + 9);
  }
  return value;
}
