import { DriveshaftError } from "../errors.js";
import type { GeometryBuilder } from "../geometry/geometry.js";
import type { Adjacency, Grid } from "./grid.js";
import { latticeInside } from "./lattice.js";

/** The eight squares around one, by column and row. */
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
export function squareGrid(size: number): Grid {
  return {
    ...squareAdjacency,
    cellsOf(xs, ys) {
      checkReach(xs, ys, size);
      const [highs, lows] = [new Int32Array(xs.length), new Int32Array(xs.length)];
      for (let i = 0; i < xs.length; i++) {
        highs[i] = Math.floor(xs[i]! / size);
        lows[i] = Math.floor(ys[i]! / size);
      }
      return { highs, lows };
    },
    inside(polygons, most) {
      checkReach(polygons.xs, polygons.ys, size);
      return latticeInside(polygons, { width: size, x0: size / 2, height: size, y0: () => size / 2 }, most);
    },
    idOf: columnAndRow,
    outline(column, row, into) {
      rectangle(size * column, size * row, size * (column + 1), size * (row + 1), into);
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

/** @throws INVALID_PARAMETER where columns or rows would be no 32-bit numbers */
export function checkReach(xs: Float64Array, ys: Float64Array, size: number): void {
  let farthest = 0;
  for (const x of xs) farthest = Math.max(farthest, Math.abs(x));
  for (const y of ys) farthest = Math.max(farthest, Math.abs(y));
  if (farthest / size <= FARTHEST) return;
  throw new DriveshaftError(
    "INVALID_PARAMETER",
    `cells.size is ${size}, but coordinates go up to ${farthest}: so many cells have no numbers`,
    { hint: "Use larger cells." },
  );
}
