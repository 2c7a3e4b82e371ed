import { DriveshaftError } from "../errors.js";
import type { GeometryBuilder } from "../geometry/geometry.js";
import type { Adjacency, Grid } from "./grid.js";
import { latticeInside } from "./lattice.js";

/** The eight rectangles around one, by column and row. */
export const squareAdjacency: Adjacency = {
  degree: 8,
  next(column, row, into) {
    let at = 0;
    for (let right = -1; right <= 1; right++) {
      for (let up = -1; up <= 1; up++) {
        if (right === 0 && up === 0) continue;
        into[at++] = column + right;
        into[at++] = row + up;
      }
    }
    return 8;
  },
};

/** Squares of a side from the origin of the coordinates, as ST_SquareGrid of PostGIS numbers them. */
export const squareGrid = (size: number): Grid => rectangleGrid({ width: size, height: size, sizes: ["cells.size"] });

export interface Rectangles {
  width: number;
  height: number;
  /** The lower left corner of column 0 and row 0, default the origin of the coordinates. */
  x0?: number;
  y0?: number;
  /** What messages call their sizes. */
  sizes?: [width: string, height?: string];
}

/** Rectangles of one size, by column and row. */
export function rectangleGrid({ width, height, x0 = 0, y0 = 0, sizes = ["width", "height"] }: Rectangles): Grid {
  function checkBoth({ xs, ys }: { xs: Float64Array; ys: Float64Array }): void {
    checkReach(xs, x0, width, sizes[0]);
    checkReach(ys, y0, height, sizes[1] ?? sizes[0]);
  }
  return {
    ...squareAdjacency,
    cellsOf(xs, ys) {
      checkBoth({ xs, ys });
      const [highs, lows] = [new Int32Array(xs.length), new Int32Array(xs.length)];
      for (let i = 0; i < xs.length; i++) {
        highs[i] = Math.floor((xs[i]! - x0) / width);
        lows[i] = Math.floor((ys[i]! - y0) / height);
      }
      return { highs, lows };
    },
    inside(polygons, most) {
      checkBoth(polygons);
      return latticeInside(polygons, { width, x0: x0 + width / 2, height, y0: () => y0 + height / 2 }, most);
    },
    idOf: columnAndRow,
    outline(column, row, into) {
      const [west, south] = [x0 + width * column, y0 + height * row];
      rectangle(west, south, x0 + width * (column + 1), y0 + height * (row + 1), into);
    },
  };
}

/** The id of a cell that is known by its column and row. */
export const columnAndRow = (column: number, row: number): string => `${column}:${row}`;

/** Adds a rectangle. */
export function rectangle(west: number, south: number, east: number, north: number, into: GeometryBuilder): void {
  into.vertex(west, south);
  into.vertex(east, south);
  into.vertex(east, north);
  into.vertex(west, north);
  into.ring(false);
  into.polygon();
}

/** Columns and rows go up to this, so that those around them are 32-bit numbers too. */
const FARTHEST = 2 ** 30;

/**
 * @param name of the size, for messages
 * @throws INVALID_PARAMETER where columns or rows of a size from an origin would be no 32-bit numbers
 */
export function checkReach(coordinates: Float64Array, origin: number, size: number, name: string): void {
  let farthest = 0;
  for (const coordinate of coordinates) farthest = Math.max(farthest, Math.abs(coordinate - origin));
  if (farthest / size <= FARTHEST) return;
  throw new DriveshaftError(
    "INVALID_PARAMETER",
    `${name} is ${size}, but coordinates go up to ${farthest}: so many cells have no numbers`,
    { hint: "Use larger cells." },
  );
}
