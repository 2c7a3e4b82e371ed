import type { Adjacency } from "./grid.js";
import { squareAdjacency } from "./square.js";

/** Quadbins: tiles of Web Mercator, by column from the date line, row from the north and zoom in a 64-bit index. */

/** The finest resolution there is. */
export const FINEST = 26;

/** What the index of every cell begins with, before its resolution. */
const HEADER = 0x48000000;

/** Where the resolution stands in the upper half of an index. */
const RESOLUTION = 20;

export interface Tile {
  column: number;
  row: number;
  resolution: number;
}

/** Where the two bits of a level are: those of the coarsest come first, in the lower 52. */
const bitsOf = (level: number): number => 50 - 2 * level;

/** The tile of an index that is given as two halves; undefined where it is none of a cell. */
export function tileOf(high: number, low: number): Tile | undefined {
  const resolution = (high >>> RESOLUTION) & 31;
  const header = (HEADER | (resolution << RESOLUTION)) >>> RESOLUTION;
  if (high >>> RESOLUTION !== header || resolution > FINEST) return undefined;
  let [column, row] = [0, 0];
  for (let level = 0; level < FINEST; level++) {
    const at = bitsOf(level);
    const pair = at >= 32 ? (high >>> (at - 32)) & 3 : (low >>> at) & 3;
    if (level < resolution) {
      column = 2 * column + (pair & 1);
      row = 2 * row + (pair >>> 1);
    } else if (pair !== 3) return undefined;
  }
  return { column, row, resolution };
}

/** The index of a tile, as decimal text. */
export function quadbinOf({ column, row, resolution }: Tile): string {
  let high = HEADER | (resolution << RESOLUTION);
  let low = 0;
  for (let level = 0; level < FINEST; level++) {
    const at = bitsOf(level);
    const bit = resolution - 1 - level;
    // what is finer than the resolution is all ones
    const pair = bit < 0 ? 3 : ((column >>> bit) & 1) | (((row >>> bit) & 1) << 1);
    if (at >= 32) high |= pair << (at - 32);
    else low |= pair << at;
  }
  return String((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0));
}

/** The tiles around a tile, corners too. The date line is no border; where the map ends in north and south there is. */
export function quadbinAdjacency(resolution: number): Adjacency {
  const side = 2 ** resolution;
  return {
    degree: squareAdjacency.degree,
    next(column, row, into) {
      const all = squareAdjacency.next(column, row, into);
      let kept = 0;
      for (let i = 0; i < all; i++) {
        const [x, y] = [into[2 * i]!, into[2 * i + 1]!];
        if (y < 0 || y >= side) continue;
        into[2 * kept] = (x + side) % side;
        into[2 * kept++ + 1] = y;
      }
      return kept;
    },
  };
}
