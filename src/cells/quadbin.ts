import type { Adjacency, Grid } from "./grid.js";
import { latticeInside } from "./lattice.js";
import { rectangle, squareAdjacency } from "./rectangle.js";

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

/** Tiles of a resolution. What lies north or south of the map is in its first or last row. */
export function quadbinGrid(resolution: number): Grid {
  const side = 2 ** resolution;
  const xOf = (longitude: number): number => (longitude / 360 + 0.5) * side;
  const yOf = (latitude: number): number => rowOf(latitude) * side;
  const turned = (column: number): number => ((column % side) + side) % side;
  return {
    ...quadbinAdjacency(resolution),
    cellsOf(xs, ys) {
      const [highs, lows] = [new Int32Array(xs.length), new Int32Array(xs.length)];
      for (let i = 0; i < xs.length; i++) {
        highs[i] = turned(Math.floor(xOf(xs[i]!)));
        lows[i] = Math.max(0, Math.min(side - 1, Math.floor(yOf(ys[i]!))));
      }
      return { highs, lows };
    },
    inside(polygons, most) {
      const onMap = { ...polygons, xs: polygons.xs.map(xOf), ys: polygons.ys.map(yOf) };
      const { highs, lows } = latticeInside(onMap, { width: 1, x0: 0.5, height: 1, y0: () => 0.5 }, most);
      return { highs: highs.map(turned), lows };
    },
    idOf: (column, row) => quadbinOf({ column, row, resolution }),
    outline(column, row, into) {
      const [west, east] = [column, column + 1].map((x) => 360 * (x / side) - 180);
      const [north, south] = [row, row + 1].map((y) => latitudeOf(y / side));
      rectangle(west!, south!, east!, north!, into);
    },
  };
}

/** Where the map ends in north and south, so that it is a square. */
const LAST_LATITUDE = 85.0511287798066;

/** The share of the map that lies north of a latitude. */
function rowOf(latitude: number): number {
  const sine = Math.sin((Math.max(-LAST_LATITUDE, Math.min(LAST_LATITUDE, latitude)) * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

const latitudeOf = (share: number): number => (Math.atan(Math.sinh(Math.PI * (1 - 2 * share))) * 180) / Math.PI;
