import type { Cells } from "./grid.js";

/** Numbers of cells, from 0 in the order in which they came. */
export interface Numbering {
  readonly count: number;
  /** The number of a cell, the next one where it has none yet. */
  number(high: number, low: number): number;
  /** The number of a cell, -1 where it has none. */
  find(high: number, low: number): number;
  /** The cells by their numbers. */
  cells(): Cells;
}

const mix = (high: number, low: number): number => {
  let bits = Math.imul(high, 0x9e3779b1) ^ Math.imul(low, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  return bits ^ (bits >>> 13);
};

/** A hash table with open addressing, of cells in flat arrays. */
export function numberCells(): Numbering {
  let highs = new Int32Array(8);
  let lows = new Int32Array(8);
  let count = 0;
  // twice as many places as there can be cells; a place holds a number and 1, 0 is empty
  let places = new Int32Array(16);

  function place(high: number, low: number): number {
    const mask = places.length - 1;
    let at = mix(high, low) & mask;
    for (let held = places[at]!; held !== 0; held = places[at]!) {
      if (highs[held - 1] === high && lows[held - 1] === low) return at;
      at = (at + 1) & mask;
    }
    return at;
  }
  function enlarge(): void {
    const [oldHighs, oldLows] = [highs, lows];
    highs = new Int32Array(2 * count);
    lows = new Int32Array(2 * count);
    highs.set(oldHighs);
    lows.set(oldLows);
    places = new Int32Array(4 * count);
    for (let number = 0; number < count; number++) places[place(highs[number]!, lows[number]!)] = number + 1;
  }
  return {
    get count() {
      return count;
    },
    number(high, low) {
      let at = place(high, low);
      if (places[at] !== 0) return places[at]! - 1;
      if (count === highs.length) {
        enlarge();
        at = place(high, low);
      }
      highs[count] = high;
      lows[count] = low;
      places[at] = ++count;
      return count - 1;
    },
    find: (high, low) => places[place(high, low)]! - 1,
    cells: () => ({ highs: highs.slice(0, count), lows: lows.slice(0, count) }),
  };
}
